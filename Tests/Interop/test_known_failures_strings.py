"""Known failures of other DICOM programs caused by names, titles and foreign bytes: here, no string from a
peer reaches a path, a shell or a format string, and none makes the program read or write a file."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import CONFIGURATION, SANITIZER, USAGE, Daemon, run_to_its_end, wait_until
from footprint import KIB, growth
from foreign_protocols import FOREIGN
from journal import Journal
from known_failures import Start, answer, caught, still_serves
from peer import SLACK, Peer
from replies import ABORTED, CLOSED, AssociateAC, EndOfStream
from wire import (
    CT_IMAGE_STORAGE,
    DATA_SET_TYPE,
    application_context,
    associate_rq,
    context,
    echo_command,
    element,
    implementation_class,
    implementation_version,
    maximum_length,
    p_data,
    pdv,
    ui,
    us,
    user_identity,
    user_information,
    usual_items,
)

Traced = Callable[[], tuple[Daemon, Path]]

HOSTILE = {
    "a path": b"../../../../tmp/",
    "an absolute path": b"/etc/cron.d/evil",
    "a command": b"a;touch pwned;a ",
    "a substitution": b"$(touch pwned)  ",
    "backticks": b"`touch pwned`   ",
    "a pipe": b"|touch pwned|   ",
    "a format": b"%n%s%n%s%p%x%99d",
    "Swift's": b"\\(evil) \\u{1b}  ",
    "a new line": b"A\nI: forged line",
    "a carriage return": b"A\r\x1b[2K forged   ",
    "a terminal's sequence": b"\x1b]0;owned\x07 \x1b[31m",
    "the end of a string": b"A\0B\0C\0D\0E\0F\0G\0H\0",
    "quotes": b"\"'\"'\"'\"'\"'\"'\"'\"'",
    "no UTF-8": b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf5\x90\x80\x80\x80\xe2\x80\xae\x85",
}


def hostile_request(octets: bytes) -> bytes:
    """A request with `octets` wherever a peer may name something."""
    return associate_rq(
        application_context(),
        context(1),
        context(3, octets, [octets]),
        user_information(
            maximum_length(),
            implementation_class(octets),
            implementation_version(octets),
            user_identity(2, octets, octets),
        ),
        called=octets,
        calling=octets,
    )


def say_everything_with(scp: Daemon, octets: bytes) -> None:
    """Makes an echo, an abort with a warning that has the title, and an abort before any request."""
    with Peer(scp.port) as peer:
        peer.send(hostile_request(octets))
        accept = peer.receive()
        assert isinstance(accept, AssociateAC) and accept.repeated[:32] == octets * 2
        peer.echo()
        peer.release()
    with Peer(scp.port) as peer:
        peer.send(hostile_request(octets))
        peer.receive()
        peer.send(p_data(pdv(echo_command(_0002=element(0x0002, octets)))))
        assert peer.receive() == ABORTED
    with Peer(scp.port) as peer:
        peer.send(octets)
        assert peer.receive() == ABORTED


PATHS = ("CVE-2026-44628", "CVE-2026-52868", "CVE-2026-50003", "CVE-2026-5663")


@caught(*PATHS)
@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_in_the_log(
    echoscpd: Start, tmp_path: Path, caught: str, octets: bytes
) -> None:
    """A called AE title became part of a path, a calling one part of a shell command."""
    scp = echoscpd("-d", cwd=tmp_path)
    before = sorted(tmp_path.iterdir())
    say_everything_with(scp, octets)
    still_serves(scp)
    scp.stop()
    assert sorted(tmp_path.iterdir()) == before, "a file was written"
    log = scp.stderr_path.read_bytes()
    # Every line must be one of ours; a line break from the peer would start a forged one.
    assert not re.search(rb"[^\n\x20-\x7e]", log.replace("µ".encode(), b"")), "a control character"
    assert all(re.match(rb"[DIWEC]: |$", line) for line in log.split(b"\n")), "a forged line"


@caught(*PATHS)
def test_hostile_names_in_the_journal(echoscpd: Start, tmp_path: Path, caught: str) -> None:
    """No field of a record holds a control character, and no peer can add a field to a record."""
    journal = Journal(tmp_path / "journal")
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper, cwd=tmp_path)
    for octets in (*HOSTILE.values(), b"A\nPRIORITY=0\nX=1"):
        say_everything_with(scp, octets)
        # The socket holds only a few records until it is read. Repeated warnings are combined.
        known = len(journal.entries)
        assert wait_until(lambda known=known: len(journal.read()) >= known + 1)
    reader = threading.Thread(target=scp.stop)
    reader.start()
    while reader.is_alive():
        journal.read()
    entries = journal.read()
    assert sum("DICOM_CALLING_AE" in entry for entry in entries) > len(HOSTILE)
    for entry in entries:
        assert len(entry["PRIORITY"]) == 1 and "X" not in entry
        for name, values in entry.items():
            for value in values:
                assert not re.search(r"[^\x20-\x7eµ]", value), f"{name}={value!r}"


@pytest.fixture
def traced(echoscpd: Start, tmp_path: Path) -> Traced:
    """Starts the program and records every system call that takes a path or starts a program."""
    strace = shutil.which("strace")
    if SANITIZER or strace is None:
        pytest.skip("strace is not installed (Debian package strace), or a sanitizer's calls differ")
    if subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow strace")

    def start() -> tuple[Daemon, Path]:
        log = tmp_path / "calls"
        options = ["-f", "-D", "-o", str(log), "-e", "trace=%file,%process"]
        return echoscpd("-d", wrapper=[strace, *options]), log

    return start


def calls_since(log: Path, begin: int) -> list[str]:
    return [x for x in log.read_text().splitlines()[begin:] if "(" in x and "exit" not in x]


@caught(*PATHS)
def test_hostile_names_are_no_paths(traced: Traced, caught: str) -> None:
    """Whatever names a peer sends, no system call takes a path or starts a program once the program serves."""
    scp, log = traced()
    # Makes sure that all worker threads have started.
    for _ in range(10):
        still_serves(scp)
    begin = len(log.read_text().splitlines())
    assert begin > 0
    for octets in HOSTILE.values():
        say_everything_with(scp, octets)
    still_serves(scp)
    assert calls_since(log, begin) == []


STORE = {
    "an instance named as a path": b"../../../../tmp/pwned",
    "an instance named as a command": b"1.2;touch pwned",
}


@caught("CVE-2026-56445")
@pytest.mark.parametrize("name", STORE.values(), ids=STORE)
def test_nothing_is_stored(traced: Traced, tmp_path: Path, caught: str, name: bytes) -> None:
    """Path traversal from a data set: here, no data set is accepted or written to a file."""
    scp, log = traced()
    for _ in range(10):
        still_serves(scp)
    before, begin = sorted(tmp_path.iterdir()), len(log.read_text().splitlines())
    with Peer(scp.port) as peer:
        accept = peer.associate(*usual_items(context(1), context(3, CT_IMAGE_STORAGE)))
        assert [each.result for each in accept.contexts] == [0, 3]
        store = echo_command(
            _0002=ui(0x0002, CT_IMAGE_STORAGE),
            _0100=us(0x0100, 0x0001),
            _0800=us(DATA_SET_TYPE, 0x0000) + element(0x1000, name + bytes(len(name) % 2)),
        )
        data = element(0x0018, name + bytes(len(name) % 2), group=0x0008)
        peer.send(p_data(pdv(store)), p_data(pdv(data, command=False)))
        assert peer.receive(within=SLACK) == ABORTED
    still_serves(scp)
    assert sorted(tmp_path.iterdir()) == before and calls_since(log, begin) == []


@caught("fo-dicom-327", "fo-dicom-1678", "fo-dicom-samples-91")
def test_foreign_bytes_are_no_length(scp: Daemon, caught: str) -> None:
    """`HTTP` was read as a PDU length, so 1.3 GB were allocated and the connection stayed open."""
    generator = random.Random(327)
    prefixes = [octets for _, octets in FOREIGN.values()]
    for first in range(256):
        prefixes.append(bytes([first]) * 64)
        prefixes.append(bytes([first]) + generator.randbytes(generator.randrange(8, 200)))
    before = scp.settled_descriptors()
    with growth(scp) as grown:
        for octets in prefixes:
            with Peer(scp.port) as peer:
                peer.send(octets)
                if octets[0] == 0x01 and 74 <= int.from_bytes(octets[2:6], "big") <= 256 << 10:
                    continue  # the beginning of a request, of which more may come
                reply = peer.receive(within=SLACK)
                is_plain = octets[1:2] == b"\x00" or octets[2:6] == b"\x00\x00\x00\x04"
                if octets[0] == 0x07 and is_plain:
                    assert isinstance(reply, EndOfStream), octets[:10]
                else:
                    assert reply == ABORTED, octets[:10]
                if octets[0] not in range(1, 8):  # no PDU begins like this
                    assert peer.receive(within=SLACK) == CLOSED, octets[:10]
    print(f"{len(prefixes)} beginnings: {grown.peak // KIB} KiB at most")
    assert grown.peak <= 512 * KIB
    assert wait_until(lambda: scp.descriptors() == before, 1 + SLACK), "a connection is still open"
    still_serves(scp)


@caught("fo-dicom-1104")
@pytest.mark.parametrize("where", ["called", "calling", "abstract", "syntax", "class", "version"])
def test_every_byte_in_a_name(scp: Daemon, caught: str, where: str) -> None:
    """Special characters in a request crashed the server."""
    for number in range(256):
        name = bytes([number]) * 16
        titles = {where: name} if where in ("called", "calling") else {}
        items = [
            application_context(),
            context(1),
            context(
                3,
                name if where == "abstract" else "1.2.840.10008.1.1",
                [name if where == "syntax" else "1.2.840.10008.1.2"],
            ),
            user_information(
                maximum_length(),
                implementation_class(name if where == "class" else "1.2.3"),
                implementation_version(name if where == "version" else "A"),
            ),
        ]
        with Peer(scp.port) as peer:
            accept = peer.associate(*items, **titles)
            expected = {"abstract": 3, "syntax": 4}.get(where, 0)
            assert [each.result for each in accept.contexts] == [0, expected], number
            if where == "called":
                assert accept.repeated[:16] == name
            if where == "calling":
                assert accept.repeated[16:32] == name
            peer.echo()
    still_serves(scp)


@caught("CVE-2019-11687")
def test_no_part_10_file_is_read(scp: Daemon, caught: str) -> None:
    """The preamble made a file both an image and an executable; this port does not accept files."""
    for preamble in (b"MZ".ljust(128, b"\0"), b"\x7fELF".ljust(128, b"\0"), bytes(128)):
        with Peer(scp.port) as peer:
            peer.send(preamble + b"DICM" + bytes(200))
            assert peer.receive(within=SLACK) == ABORTED
            assert peer.receive(within=SLACK) == CLOSED
    still_serves(scp)


@caught("CVE-2024-28877", "CVE-2024-22100", "CVE-2024-1453")
def test_no_file_of_images_is_opened(tmp_path: Path, caught: str) -> None:
    """Viewers executed code from a crafted file; this program reads no files but its configuration."""
    image = tmp_path / "image.dcm"
    image.write_bytes(bytes(128) + b"DICM" + bytes(range(256)) * 64)
    assert run_to_its_end(str(image)).returncode == USAGE
    done = run_to_its_end("--config", str(image), "--check-config")
    assert done.returncode == CONFIGURATION, done
    assert not re.search(r"[^\n\x20-\x7e]", done.stderr.replace("…", "")), "a control character"


@caught("CVE-2025-53948")
def test_hl7_is_turned_away(scp: Daemon, caught: str) -> None:
    """A message crashed an HL7 listener; here, HL7 is aborted at its first byte."""
    with growth(scp) as grown:
        for body in (b"MSH|^~\\&|", b"MSH" + b"|" * 60_000, b"", b"\x1c\r", bytes(1000)):
            with Peer(scp.port) as peer:
                peer.send(b"\x0b" + body)
                assert peer.receive(within=SLACK) == ABORTED
                assert peer.receive(within=SLACK) == CLOSED
    assert grown.peak <= 256 * KIB
    still_serves(scp)
