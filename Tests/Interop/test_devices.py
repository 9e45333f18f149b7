"""Devices with their own section: their AE title is bound to their addresses and rejected from any other
(PS3.8 Table 9-21: source 1, reason 3, calling AE title not recognized)."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from configured import check, faults, serving
from daemon import Daemon, free_port, run_to_its_end
from journal import RELOADED, Journal
from replies import AssociateAC, AssociateRJ
from wire import associate_rq

Start = Callable[..., Daemon]
CALLED, CALLING, FULL = AssociateRJ(1, 1, 7), AssociateRJ(1, 1, 3), AssociateRJ(2, 3, 2)
DEVICES = """
[device CT1]
address = 127.0.0.1

[device "MR 1"]
address = 127.0.0.0/30, ::1

[device XA1]
address = ::1
"""


def answer(
    scp: Daemon, calling: str | bytes, source: str = "127.0.0.1", called: str = "ECHOSCP"
) -> AssociateRJ | None:
    """The A-ASSOCIATE-RJ for a request, or None if it is accepted."""
    with scp.connect(source=source, host="::1" if source == "::1" else None) as peer:
        peer.send(associate_rq(calling=calling, called=called))
        reply = peer.receive()
        assert isinstance(reply, AssociateAC | AssociateRJ), reply
        return reply if isinstance(reply, AssociateRJ) else None


def _write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


WHERE: dict[str, tuple[str | bytes, list[str]]] = {
    # the calling AE title, and the sources from which it is accepted
    "one address": ("CT1", ["127.0.0.1"]),
    "a network and an address": ("MR 1", ["127.0.0.1", "127.0.0.2", "::1"]),
    "no IPv4": ("XA1", ["::1"]),
    "padded in front": ("   CT1", ["127.0.0.1"]),
    "padded with NULs": (b"CT1" + bytes(13), ["127.0.0.1"]),
    "another case": ("ct1", ["127.0.0.1", "127.0.0.2", "127.0.0.9", "::1"]),
    "no section": ("CT10", ["127.0.0.1", "127.0.0.2", "127.0.0.9", "::1"]),
    "no title": (" ", ["127.0.0.1", "127.0.0.2", "127.0.0.9", "::1"]),
}


@pytest.mark.usefixtures("ipv6")
def test_a_title_belongs_to_its_addresses(tmp_path: Path) -> None:
    """Also with a socket for IPv6 and IPv4, which reports IPv4 addresses in mapped form."""
    port = free_port()
    path = _write(tmp_path / "file", f"[network]\nport = {port}\n{DEVICES}")
    with serving("--config", path, directory=tmp_path, port=port) as scp:
        for name, (title, good) in WHERE.items():
            for source in ("127.0.0.1", "127.0.0.2", "127.0.0.9", "::1"):
                expected = None if source in good else CALLING
                assert answer(scp, title, source) == expected, (name, source)


@pytest.mark.parametrize("address", ["127.0.0.2", "::ffff:127.0.0.2", "::ffff:127.0.0.2/127"])
def test_a_mapped_address_is_that_of_ipv4(echoscpd: Start, tmp_path: Path, address: str) -> None:
    scp = echoscpd("--config", _write(tmp_path / "f", f"[device CT1]\naddress = {address}\n"))
    assert answer(scp, "CT1", "127.0.0.2") is None
    assert answer(scp, "CT1", "127.0.0.1") == CALLING


def test_who_has_a_place_of_its_own_is_bound_by_the_other_rules_too(
    echoscpd: Start, tmp_path: Path
) -> None:
    """The order of reasons is the same: called title, calling title or its address, limits."""
    scp = echoscpd(
        "--config", _write(tmp_path / "file", DEVICES),
        "--require-called-ae-title", "--allow-calling-ae-titles", "CT*",
        "--max-associations", "1",
    )  # fmt: skip
    assert answer(scp, "MR 1") == CALLING
    assert answer(scp, "CT1", "127.0.0.2", called="OTHER") == CALLED
    full = scp.connect()
    full.associate(calling="CT2", called="ECHOSCP")
    assert answer(scp, "CT1", "127.0.0.2") == CALLING
    assert answer(scp, "CT1") == FULL


def test_the_log_says_where_a_title_belongs(echoscpd: Start, tmp_path: Path) -> None:
    scp = echoscpd("-v", "--config", _write(tmp_path / "file", DEVICES))
    assert answer(scp, "MR 1", "127.0.0.9") == CALLING
    line = scp.wait_for_line("W: ")
    for part in ("127.0.0.9", "127.0.0.0/30, ::1", "[device MR 1]"):
        assert part in line
    assert scp.steps() == ["I: Rejecting Association"]


def test_what_the_journal_says_of_it(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    scp = echoscpd(
        "--config", _write(tmp_path / "file", DEVICES),
        "--log-target", "journal", "-ll", "debug", wrapper=journal.wrapper,
    )  # fmt: skip
    assert answer(scp, "CT1", "127.0.0.2") == CALLING
    scp.stop()
    (entry,) = [one for one in journal.read() if "DICOM_REASON" in one]
    assert entry["ECHOSCP_CAUSE"] == ["calling-ae-title"]
    assert entry["DICOM_REASON"] == ["A-ASSOCIATE-RJ 1/1/3"]
    assert (entry["DICOM_CALLING_AE"], entry["DICOM_PEER_ADDRESS"]) == (["CT1"], ["127.0.0.2"])
    assert entry["DICOM_CALLED_AE"] == ["ECHOSCP"]
    sentence, _, dump = entry["MESSAGE"][0].partition("\n")
    assert "127.0.0.1" in sentence and "[device CT1]" in sentence
    assert "Calling Application Name:    CT1" in dump


def test_a_reload_binds_titles_and_frees_them(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    scp = echoscpd(
        "--config", _write(file, ""), "--workers", "2", "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    for count, (text, expected) in enumerate(
        [(DEVICES, CALLING), ("", None), (DEVICES.replace("127.0.0.1", "127.0.0.2"), None)], 1
    ):
        file.write_text(text)
        scp.send_signal(signal.SIGHUP)
        journal.wait_for(count, MESSAGE_ID=RELOADED)
        assert [answer(scp, "CT1", "127.0.0.2") for _ in range(8)] == [expected] * 8


def test_a_later_file_has_the_last_word(echoscpd: Start, tmp_path: Path) -> None:
    path = _write(tmp_path / "file", DEVICES)
    (tmp_path / "file.d").mkdir()
    _write(tmp_path / "file.d" / "10.conf", '[device "CT1 "]\naddress = 127.0.0.2\n')
    scp = echoscpd("--config", path)
    assert answer(scp, "CT1", "127.0.0.2") is None
    assert answer(scp, "CT1", "127.0.0.1") == CALLING
    assert answer(scp, "XA1", "127.0.0.1") == CALLING


def test_check_and_dump_have_the_devices(tmp_path: Path) -> None:
    path = _write(tmp_path / "file", DEVICES)
    assert check(path) == f"configuration OK: {path}\n"
    done = run_to_its_end("--config", path, "--dump-config")
    devices = done.stdout[done.stdout.index("[device") :]
    assert [line.split("  ")[0] for line in devices.splitlines() if line] == [
        "[device CT1]", "address = 127.0.0.1",
        "[device MR 1]", "address = 127.0.0.0/30, ::1",
        "[device XA1]", "address = ::1",
    ]  # fmt: skip
    assert f"# {path}:6\n" in devices
    again = run_to_its_end("--config", _write(tmp_path / "again", done.stdout), "--dump-config")
    assert [line.split("#")[0] for line in again.stdout.splitlines()] == [
        line.split("#")[0] for line in done.stdout.splitlines()
    ]


def test_all_that_is_wrong_with_devices_is_said_at_once(tmp_path: Path) -> None:
    text = (
        "[device CT1]\n[device MR1]\naddress = localhost\nport = 104\n"
        "[device A\\B]\n[device MR1]\naddress = ::1\n"
    )
    path = _write(tmp_path / "file", text)
    said = faults(path)
    assert [re.split("; |: expected ", line.removeprefix(f"{path}:"))[0] for line in said] == [
        "1: [device CT1] has no address, certificate or probe",
        '3: address: "localhost" is not an address',
        "4: port: does not belong in [device MR1]",
        '5: "A\\B" is not an AE title',
        "6: [device MR1] already begins in line 2",
    ]
