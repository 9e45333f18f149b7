"""`--probe`: the program as a requestor, against conforming SCPs of several vendors and faulty ones."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from acceptor import Acceptor, accept, in_pieces, response
from daemon import (
    PROGRAM,
    REPOSITORY,
    USAGE,
    Daemon,
    free_port,
    one_line,
    run_to_its_end,
    wait_until,
)
from peer import PATIENCE, SLACK
from wire import (
    ASSOCIATE_RQ,
    IMPLICIT_LITTLE,
    P_DATA_TF,
    RELEASE_RP,
    RELEASE_RQ,
    abort,
    item,
    maximum_length,
    p_data,
    pdu,
    pdv,
    release_rp,
    release_rq,
    transfer_syntax,
    user_information,
)

Start = Callable[..., Daemon]

CRITICAL, UNKNOWN = 2, 3
"""The exit statuses of monitoring plugins."""

QUICK = ("-ta", "0.3", "-td", "0.3", "-tn", "0.3")


def probe(*arguments: str, status: int = 0) -> list[str]:
    """The lines of a probe that must exit with `status` and write nothing to standard error."""
    done = run_to_its_end("--probe", *arguments)
    assert (done.returncode, done.stderr) == (status, ""), done
    return done.stdout.splitlines()


def answered(phase: str) -> str:
    """The beginning of the text of a failure in this phase: before a release, the echo was answered."""
    return "the echo was answered; only the release failed: " if phase == "release" else ""


def at(port: int, *arguments: str, status: int = 0, host: str = "127.0.0.1") -> list[str]:
    return probe(f"{host}:{port}", *arguments, status=status)


def failure(port: int, *arguments: str, host: str = "127.0.0.1") -> dict[str, str]:
    """The last failure in the JSON of a probe, which must also be in the first line of its text output."""
    line = at(port, *arguments, status=CRITICAL, host=host)[0]
    done = json.loads(one_line("\n".join(at(port, *arguments, "--json", status=CRITICAL, host=host))))
    assert not done["ok"] and done["peer"] is None or done["failures"]
    found: dict[str, str] = done["failures"][-1]
    assert line.startswith("CRITICAL: ") and f": {found['phase']}: {found['text']}" in line
    assert found["remedy"]
    return found


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Runs a server on a free port that calls `serve` with each connection; yields the port."""
    port, ended = free_port(), threading.Event()
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(0.1)

    def run() -> None:
        while not ended.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(PATIENCE)
                    serve(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield port
    finally:
        ended.set()
        thread.join(3 * PATIENCE)
        listener.close()


def until_closed(connection: socket.socket) -> None:
    with suppress(OSError):
        while connection.recv(4096):
            pass


def answering(octets: bytes) -> Callable[[socket.socket], None]:
    """For `server`: answers anything with these bytes and closes."""

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        until_closed(connection)

    return serve


def test_our_own_service(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    lines = at(scp.port)
    assert lines[0].startswith(f"OK: ANY-SCP at 127.0.0.1:{scp.port} answered C-ECHO in ")
    for phase in ("resolve", "connect", "associate", "echo", "release"):
        assert f"{phase} " in lines[0]
    assert lines[1:3] == [
        f"  address: 127.0.0.1:{scp.port}",
        "  accepted: Verification SOP Class, Implicit VR Little Endian",
    ]
    assert lines[3].startswith("  peer: ECHOSCPD_") and lines[3].endswith(", max PDU 16382")
    assert "I: Association Released" in scp.stop()


def test_what_is_asked_for_arrives(echoscpd: Start) -> None:
    scp = echoscpd("-d")
    at(scp.port, "-aec", "ARCHIVE", "--calling-ae-title", "CT 1", "-pdu", "4096", "-xb")
    lines = scp.stop()
    assert "D: Calling Application Name:    CT 1" in lines
    assert "D: Called Application Name:     ARCHIVE" in lines
    assert "D: Their Max PDU Receive Size:  4096" in lines
    assert "D:     Accepted Transfer Syntax: =Explicit VR Big Endian" in lines


@pytest.mark.parametrize(
    ("switch", "names"),
    [
        ((), ["Implicit VR Little Endian", "Explicit VR Little Endian"]),
        (("-xi",), ["Implicit VR Little Endian"]),
        (("-xe",), ["Explicit VR Little Endian"]),
        (("-xb",), ["Explicit VR Big Endian"]),
        (
            ("-x=",),
            ["Explicit VR Little Endian", "Explicit VR Big Endian", "Implicit VR Little Endian"],
        ),
    ],
)
def test_what_is_proposed(echoscpd: Start, switch: tuple[str, ...], names: list[str]) -> None:
    scp = echoscpd("-d")
    at(scp.port, *switch)
    lines = scp.stop()
    first = lines.index("D:     Proposed Transfer Syntaxes:" if len(names) > 1
                        else "D:     Proposed Transfer Syntax:") + 1
    assert [line.removeprefix("D:       =") for line in lines[first : first + len(names)]] == names


def test_json(echoscpd: Start) -> None:
    scp = echoscpd()
    done = json.loads(one_line("\n".join(at(scp.port, "--json"))))
    assert done["ok"] and done["number"] == 1 and done["failures"] == []
    assert (done["host"], done["port"]) == ("127.0.0.1", scp.port)
    assert (done["called_ae_title"], done["calling_ae_title"]) == ("ANY-SCP", "ECHOSCPD")
    assert done["address"] == f"127.0.0.1:{scp.port}"
    times = done["times_ms"]
    assert list(times) == ["resolve", "connect", "associate", "echo", "release", "total"]
    assert sum(list(times.values())[:-1]) == pytest.approx(times["total"])
    assert done["transfer_syntax"] == {
        "uid": "1.2.840.10008.1.2", "name": "Implicit VR Little Endian",
    }  # fmt: skip
    assert done["peer"]["max_pdu"] == 16382
    assert done["peer"]["implementation_version_name"].startswith("ECHOSCPD_")


MEMBERS = [
    "ok", "status", "number", "host", "port", "called_ae_title", "calling_ae_title", "address", "times_ms",
    "transfer_syntax", "peer", "tls", "failures",
]  # fmt: skip
OF_A_FAILURE = ["address", "phase", "cause", "text", "remedy", "time_ms"]


@pytest.mark.parametrize(
    ("answers", "completed"),
    [
        ({}, ["resolve", "connect", "associate", "echo", "release", "total"]),
        ({"associate": lambda _: b"end"}, ["resolve", "connect", "lost", "total"]),
        ({"echo": lambda _: b"end"}, ["resolve", "connect", "associate", "lost", "total"]),
        (None, ["lost", "total"]),
    ],
    ids=["good", "associate", "echo", "unknown"],
)
def test_the_members_of_an_object(
    answers: dict[str, Callable[[bytes], bytes]] | None, completed: list[str]
) -> None:
    """As in the manual: all are always present, except the times of phases that were not completed."""
    with Acceptor(**(answers or {})) as scp:
        place = f"127.0.0.1:{scp.port}" if answers is not None else "nobody.invalid"
        done = json.loads(probe(place, "--json", status=0 if answers == {} else CRITICAL)[0])
    assert list(done) == MEMBERS and list(done["times_ms"]) == completed
    assert all(list(found) == OF_A_FAILURE for found in done["failures"])
    page = (REPOSITORY / "packaging/man/echoscpd.8").read_text().replace("\n", " ")
    assert ", ".join(MEMBERS[:9]) in page
    assert f"{', '.join(OF_A_FAILURE[:-1])} and {OF_A_FAILURE[-1]}" in page


def test_several_times(echoscpd: Start) -> None:
    scp = echoscpd("-v")
    began = time.monotonic()
    lines = at(scp.port, "--count", "3", "--interval", "0.2")
    assert time.monotonic() - began >= 0.4
    assert sum(line.startswith("OK: ANY-SCP at ") for line in lines) == 3
    assert sum(line.startswith("  peer: ") for line in lines) == 1
    assert lines[-1].startswith("OK: 3 probes, 0 failed; min ")
    assert len([line for line in scp.stop() if line.endswith("(MsgID 1)")]) == 3


def test_several_times_as_json_and_one_fails() -> None:
    turns = iter([abort(0, 0)])
    with Acceptor(echo=lambda request: next(turns, response(request))) as scp:
        lines = at(scp.port, "--count", "2", "--interval", "0", "--json", status=CRITICAL)
    results = [json.loads(line) for line in lines]
    assert [(done["number"], done["ok"]) for done in results] == [(1, False), (2, True)]


def test_quiet(echoscpd: Start) -> None:
    scp = echoscpd()
    assert at(scp.port, "-q") == []
    assert at(free_port(), "-q", status=CRITICAL) == []


def test_ipv6(echoscpd: Start, ipv6: None) -> None:
    scp = echoscpd(host="::1")
    lines = at(scp.port, host="[::1]")
    assert lines[0].startswith(f"OK: ANY-SCP at [::1]:{scp.port} ")
    assert failure(scp.port)["cause"] == "refused"


def test_a_name_is_tried_at_each_address(echoscpd: Start) -> None:
    addresses = {info[4][0] for info in socket.getaddrinfo("localhost", 1, type=socket.SOCK_STREAM)}
    if not {"127.0.0.1", "::1"} <= addresses:
        pytest.skip("localhost is not both 127.0.0.1 and ::1 here")
    scp = echoscpd()
    done = json.loads(at(scp.port, "--json", host="localhost")[0])
    assert done["ok"] and done["address"] == f"127.0.0.1:{scp.port}"
    # Which address comes first depends on the system.
    assert {found["cause"] for found in done["failures"]} <= {"refused"}
    port = free_port()
    done = json.loads(at(port, "--json", host="localhost", status=CRITICAL)[0])
    assert {found["address"] for found in done["failures"]} >= {f"127.0.0.1:{port}", f"[::1]:{port}"}


def test_the_local_service_by_its_configuration(echoscpd: Start, tmp_path: Path) -> None:
    scp = echoscpd("-v", "-aet", "MYSCP", "--require-called-ae-title")
    file = tmp_path / "echoscp.conf"
    text = f"[network]\nport = {scp.port}, 1\nae-title = MYSCP\nbind-address = 127.0.0.1\n"
    file.write_text(text + "[transfer-syntaxes]\nprefer = big\n")
    line = probe("--config", str(file))[0]
    assert line.startswith(f"OK: MYSCP at 127.0.0.1:{scp.port} ")
    assert probe("--config", str(file), str(scp.port))[0].startswith("OK: MYSCP at ")
    assert probe("--config", str(file), "-aec", "OTHER", status=CRITICAL)[0].startswith("CRIT")
    # The probe of a service on any address uses the loopback addresses.
    file.write_text(f"[network]\nport = {scp.port}\nbind-address = 0.0.0.0\nae-title = MYSCP\n")
    assert probe("--config", str(file))[0].startswith(f"OK: MYSCP at 127.0.0.1:{scp.port} ")
    file.write_text(f"[network]\nport = {scp.port}\n")
    assert probe("--config", str(file), "-aet", "MYSCP")[0].startswith(
        f"OK: MYSCP at localhost:{scp.port} "
    )


def test_the_local_service_is_tried_at_each_loopback_address(
    echoscpd: Start, ipv6: None, tmp_path: Path
) -> None:
    scp = echoscpd(host="::1")
    file = tmp_path / "echoscp.conf"
    file.write_text(f"[network]\nport = {scp.port}\n")
    lines = probe("--config", str(file))
    assert lines[0].startswith(f"OK: ECHOSCP at localhost:{scp.port} ")
    assert lines[1].startswith(f"  127.0.0.1:{scp.port}: connect: refused")
    assert f"  address: [::1]:{scp.port}" in lines


def test_pynetdicom(tmp_path: Path) -> None:
    port = free_port()
    program = [sys.executable, "-m", "pynetdicom", "echoscp", "-ba", "127.0.0.1", str(port)]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as scp:
        try:
            assert wait_until(lambda: _listens(port), 4 * PATIENCE)
            lines = at(port)
            assert lines[0].startswith("OK: ") and "PYNETDICOM_" in lines[-1]
        finally:
            scp.terminate()


def test_dcmtk(storescp_path: str, tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen([storescp_path, "-od", str(tmp_path), str(port)]) as scp:
        try:
            assert wait_until(lambda: _listens(port), 2 * PATIENCE)
            lines = at(port)
            assert lines[0].startswith("OK: ") and "OFFIS_DCMTK_" in lines[-1]
        finally:
            scp.terminate()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
        return True
    return False


def test_an_answer_in_pieces() -> None:
    with Acceptor(echo=in_pieces, dribble=0.002) as scp:
        assert at(scp.port)[0].startswith("OK: ")


def test_nothing_listens() -> None:
    found = failure(free_port())
    assert (found["phase"], found["cause"]) == ("connect", "refused")
    assert found["text"] == "refused: nothing listens on this port"


def test_a_name_that_nobody_knows() -> None:
    done = json.loads(probe("nobody.invalid:104", "--json", status=CRITICAL)[0])
    found = done["failures"][0]
    assert found["phase"] == "resolve" and found["address"] is None
    assert found["cause"] in ("name-unknown", "name-unanswered", "name-failed")
    assert "nobody.invalid" in found["text"]


@pytest.mark.parametrize(
    ("result", "source", "reason", "words"),
    [
        (1, 1, 1, "rejected permanently by the service user: no reason given"),
        (1, 1, 2, "application context name not supported"),
        (1, 1, 3, "calling AE title not recognized"),
        (1, 1, 7, "called AE title not recognized"),
        (1, 2, 1, "by the service provider (ACSE): no reason given"),
        (1, 2, 2, "protocol version not supported"),
        (2, 3, 1, "rejected temporarily by the service provider (presentation): temporary congestion"),
        (2, 3, 2, "local limit exceeded"),
        (1, 1, 9, ": undefined reason ("),
        (7, 7, 7, "rejected with an undefined result by an undefined source: undefined reason"),
    ],
)
def test_a_rejection(result: int, source: int, reason: int, words: str) -> None:
    with Acceptor(associate=lambda _: pdu(3, bytes((0, result, source, reason)))) as scp:
        found = failure(scp.port, "-aec", "ARCHIVE", "--calling-ae-title", "CT1")
    assert (found["phase"], found["cause"]) == ("associate", "rejected")
    assert words in found["text"]
    assert found["text"].endswith(f"(A-ASSOCIATE-RJ {result}/{source}/{reason})")
    if (source, reason) == (1, 7):
        assert '"ARCHIVE"' in found["remedy"]
    if (source, reason) == (1, 3):
        assert '"CT1"' in found["remedy"]


@pytest.mark.parametrize(
    ("source", "reason", "words"),
    [(0, 0, "the service user"), (2, 2, "the service provider: unexpected PDU")],
)
@pytest.mark.parametrize("phase", ["associate", "echo", "release"])
def test_an_abort(source: int, reason: int, words: str, phase: str) -> None:
    """From a user's report: after an A-ABORT to the A-RELEASE-RQ, nothing said that the echo was answered."""
    with Acceptor(**{phase: lambda _: abort(source, reason)}) as scp:
        found = failure(scp.port)
    assert (found["phase"], found["cause"]) == (phase, "aborted")
    assert found["text"] == f"{answered(phase)}aborted by {words} (A-ABORT {source}/{reason})"


@pytest.mark.parametrize("phase", ["associate", "echo", "release"])
def test_an_end_without_an_answer(phase: str) -> None:
    with Acceptor(**{phase: lambda _: b"end"}) as scp:
        found = failure(scp.port)
    assert (found["phase"], found["cause"]) == (phase, "closed")
    assert found["text"] == (
        answered(phase) + "the peer closed the connection without an answer"
    )


@pytest.mark.parametrize("phase", ["associate", "echo", "release"])
def test_a_reset(phase: str) -> None:
    with Acceptor(**{phase: lambda _: None}) as scp:
        found = failure(scp.port)
    assert (found["phase"], found["cause"]) == (phase, "reset")


@pytest.mark.parametrize(
    ("phase", "option"),
    [("associate", "acse-timeout"), ("echo", "dimse-timeout"), ("release", "acse-timeout")],
)
def test_silence(phase: str, option: str) -> None:
    with Acceptor(**{phase: lambda _: b""}) as scp:
        began = time.monotonic()
        found = failure(scp.port, *QUICK)
        assert time.monotonic() - began < 2 * (0.3 + SLACK) + SLACK
    assert (found["phase"], found["cause"]) == (phase, "timeout")
    assert found["text"].startswith(f"{answered(phase)}{option}: ")
    assert found["text"].endswith(" within 0.3 s")


def test_silence_after_connect_and_an_abort_for_it() -> None:
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        octets = b""
        with suppress(OSError):
            while piece := connection.recv(4096):
                octets += piece
        heard.append(octets)

    with server(serve) as port:
        assert failure(port, *QUICK)["cause"] == "timeout"
        assert wait_until(lambda: len(heard) == 2)
    assert heard[0][0] == ASSOCIATE_RQ and heard[0].endswith(abort(0, 0))


def test_a_connection_that_nobody_takes() -> None:
    """A listener whose queue is full does not answer a SYN."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port), backlog=0):
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        time.sleep(0.1)
        found = failure(port, *QUICK)
        for filler in fillers:
            filler.close()
    assert (found["phase"], found["cause"]) == ("connect", "timeout")
    assert found["text"] == "network-timeout: no connection within 0.3 s"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", "HTTP instead of an "),
        (b"\x15\x03\x01\x00\x02\x02\x46", "TLS instead of an "),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH instead of an "),
        (bytes.fromhex("030000130ed000001234") + bytes(9), "RDP instead of an "),
        (b"\x02hello, scale 1.0\r\n", "the answer is not DICOM"),
        (b"\x03hello, scale 1.0\r\n", "the answer is not DICOM"),
        (pdu(2, b"", length=1 << 30), "the answer is not DICOM"),
        (pdu(4, b"", length=1 << 30), "the answer is not DICOM"),
        (b"220 mail.example ESMTP\r\n", "the answer is not DICOM"),
        (b"\x1b[2J\xff\x00", "the answer is not DICOM"),
        (b"x", "the answer is not DICOM"),
    ],
)
def test_another_protocol(octets: bytes, text: str) -> None:
    with server(answering(octets)) as port:
        found = failure(port)
    assert (found["phase"], found["cause"]) == ("associate", "not-dicom")
    assert found["text"].startswith(text) and "\x1b" not in found["text"]
    if octets.startswith(b"HTTP"):
        assert 'it begins with "HTTP/1.1 400 Bad Request"' in found["text"]


@pytest.mark.parametrize(
    ("result", "words"),
    [(1, "user rejection"), (2, "no reason"), (3, "abstract syntax not supported"),
     (4, "transfer syntaxes not supported")],
)  # fmt: skip
def test_a_refused_context(result: int, words: str) -> None:
    with Acceptor(associate=lambda request: accept(request, result)) as scp:
        found = failure(scp.port)
        # Both probes abort.
        assert wait_until(lambda: scp.aborts == [(0, 0)] * 2)
    assert (found["phase"], found["cause"]) == ("associate", "context-refused")
    assert f": {words} (result {result})" in found["text"]


def test_a_refused_context_without_a_transfer_syntax() -> None:
    """The transfer syntax of a refused context is not significant (PS3.8 §9.3.3.2)."""

    def refuse(request: bytes) -> bytes:
        body = b"\0\1\0\0" + request[10:74] + item(0x21, b"\1\0\3\0")
        return pdu(2, body + user_information(maximum_length()))

    with Acceptor(associate=refuse) as scp:
        found = failure(scp.port)
    assert (found["phase"], found["cause"]) == ("associate", "context-refused")


@pytest.mark.parametrize(
    ("arguments", "cause", "words"),
    [
        ({"status": 0x0110}, "status", "status 0110H (processing failure)"),
        ({"status": 0x0122}, "status", "status 0122H (refused: SOP class not supported)"),
        ({"message_id": 99}, "wrong-answer", "the response to message 99 instead of 1"),
        ({"field": 0x8001}, "wrong-answer", "Command Field is 8001H"),
        ({"data_set": 0}, "wrong-answer", "Command Data Set Type is 0000H"),
        ({"sop_class": "1.2.840.10008.1.2"}, "wrong-answer", "Affected SOP Class UID"),
        ({"context_id": 3}, "wrong-answer", "data on presentation context 3"),
    ],
)
def test_a_wrong_response(arguments: dict[str, int], cause: str, words: str) -> None:
    with Acceptor(echo=lambda request: response(request, **arguments)) as scp:
        found = failure(scp.port)
        assert wait_until(lambda: scp.aborts == [(0, 0)] * 2)
    assert (found["phase"], found["cause"]) == ("echo", cause)
    assert words in found["text"]


UNRECOGNIZED, UNEXPECTED, INVALID = (2, 1), (2, 2), (2, 6)
"""Source and reason of A-ABORTs by the service provider (PS3.8 Table 9-26)."""


@pytest.mark.parametrize(
    ("octets", "fault"),
    [
        (pdu(7 + 1, bytes(4)), UNRECOGNIZED),
        (pdu(6, bytes(4)), UNEXPECTED),
        (pdu(2, b"\0\1"), INVALID),
        (pdu(4, b"\0\0\0\1\1"), INVALID),
    ],
    ids=["unrecognized", "unexpected", "short", "malformed"],
)
@pytest.mark.parametrize("phase", ["associate", "echo", "release"])
def test_an_abort_of_the_provider(phase: str, octets: bytes, fault: tuple[int, int]) -> None:
    if phase == "release" and fault == UNEXPECTED:
        pytest.skip("A-RELEASE-RP is the expected answer")
    if phase == "associate" and octets[0] == P_DATA_TF or phase != "associate" and octets[0] == 2:
        # The length of an unexpected PDU does not matter.
        fault = UNEXPECTED
    with Acceptor(**{phase: lambda _: octets}) as scp:
        found = failure(scp.port)
        assert wait_until(lambda: scp.aborts == [fault] * 2)
    # A first answer that is not a PDU counts as another protocol.
    is_foreign = phase == "associate" and fault == UNRECOGNIZED
    assert found["cause"] == ("not-dicom" if is_foreign else "wrong-answer")


def with_maximum_length(length: int) -> Callable[[bytes], bytes]:
    """For `Acceptor`: accepts with this maximum length."""

    def associate(request: bytes) -> bytes:
        context = item(0x21, b"\1\0\0\0" + transfer_syntax(IMPLICIT_LITTLE))
        body = b"\0\1\0\0" + request[10:74] + context + user_information(maximum_length(length))
        return pdu(2, body)

    return associate


@pytest.mark.parametrize("length", [8, 9, 16, 73, 74])
def test_a_small_maximum_length(length: int) -> None:
    lengths: list[int] = []
    command = b""

    def echo(request: bytes) -> bytes:
        nonlocal command
        lengths.append(len(request) - 6)
        command += request[12:]
        return response(p_data(pdv(command))) if request[11] == 3 else b""

    with Acceptor(associate=with_maximum_length(length), echo=echo) as scp:
        assert at(scp.port)[0].startswith("OK: ")
    room = (length - 6) // 2 * 2
    assert len(lengths) == -(-68 // room) and max(lengths) == 6 + min(room, 68)


def test_a_maximum_length_without_room_for_anything() -> None:
    for length in (1, 7):
        with Acceptor(associate=with_maximum_length(length)) as scp:
            found = failure(scp.port)
            assert wait_until(lambda scp=scp: scp.aborts == [(0, 0)] * 2)
        assert (found["phase"], found["cause"]) == ("associate", "wrong-answer")
        assert f"a maximum length of {length}, too short for any message fragment" in found["text"]


def test_our_own_service_with_the_smallest_pdus(echoscpd: Start) -> None:
    scp = echoscpd("-pdu", "16")
    assert at(scp.port)[-1].endswith(", max PDU 16")


def test_data_after_the_release_was_asked_for() -> None:
    more = p_data(pdv(bytes(3000), command=False)) + p_data(pdv(bytes(5)), pdv(b"", context_id=9))
    with Acceptor(release=lambda _: more + release_rp()) as scp:
        assert at(scp.port)[0].startswith("OK: ")
        assert wait_until(lambda: scp.heard == [ASSOCIATE_RQ, P_DATA_TF, RELEASE_RQ])


def test_a_release_collision() -> None:
    """Both sides request the release: the requestor confirms first (PS3.8 Table 9-10, Sta9, Sta11)."""
    with Acceptor(release=lambda _: release_rq(), released=lambda _: release_rp()) as scp:
        assert at(scp.port)[0].startswith("OK: ")
        assert wait_until(lambda: scp.heard == [ASSOCIATE_RQ, P_DATA_TF, RELEASE_RQ, RELEASE_RP])


def test_a_release_collision_that_nobody_confirms() -> None:
    with Acceptor(release=lambda _: release_rq(), released=lambda _: b"") as scp:
        found = failure(scp.port, *QUICK)
        assert wait_until(lambda: scp.aborts == [(0, 0)] * 2)
    assert (found["phase"], found["cause"]) == ("release", "timeout")


def test_a_release_in_place_of_an_answer() -> None:
    with Acceptor(echo=lambda _: release_rq()) as scp:
        found = failure(scp.port)
        assert wait_until(lambda: scp.heard == [ASSOCIATE_RQ, P_DATA_TF, RELEASE_RP] * 2)
    assert (found["phase"], found["cause"]) == ("echo", "released")


def test_no_performance_data_of_others() -> None:
    """In a monitoring system, `|` begins performance data, so no peer or argument may put one into a line."""
    with server(answering(b"HTTP/1.1 200 |'x'=1;;;;\r\n")) as port:
        lines = at(port, "-aec", "A|B", "--calling-ae-title", "C|D", status=CRITICAL)
    text, _, data = lines[0].partition(" | ")
    assert re.fullmatch(r"resolve=\d+\.\d{3}ms connect=\d+\.\d{3}ms", data), lines[0]
    assert not any("|" in line for line in [text, *lines[1:]])
    assert lines[0].startswith("CRITICAL: A\\x7cB at ") and "200 \\x7c'x'=1" in lines[0]
    done = run_to_its_end("--probe", "a|b")
    assert (done.returncode, done.stdout) == (UNKNOWN, "") and "|" not in done.stderr


@pytest.mark.parametrize(
    "octets",
    [pdu(2, b"\x00\x01"), pdu(2, b"", length=1 << 23), pdu(4, b"", length=1 << 23), pdu(6, bytes(4))],
    ids=["short", "long", "long data", "release"],
)
def test_a_malformed_accept(octets: bytes) -> None:
    with server(answering(octets)) as port:
        found = failure(port)
    assert (found["phase"], found["cause"]) == ("associate", "wrong-answer")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--probe", "pacs:0"], '"0" is not a port'),
        (["--probe", "http://pacs"], '"http://pacs" is not a host; type --probe pacs;'),
        (["--probe", "pacs/echo"], "is not a host"),
        (["--probe=a b"], "is not a host"),
        (["--probe="], "the host is missing"),
        (["--probe", "a", "104", "105"], "one port too many"),
        (["--probe", "a", "b c"], "is not a host"),
        (["--probe", "a", "-w", "0"], "--warning"),
        (["--probe", "a", "-w", "2", "-c", "1"], "--warning (2 s) is above --critical (1 s)"),
        (["--probe", "--devices", "-aec", "X"], "--called-ae-title conflicts with --devices"),
        (["--probe", "a", "--count", "0"], "--count"),
        (["--count", "x", "--probe", "a"], "--count"),
        (["--probe", "--frobnicate"], "frobnicate"),
        (["--frobnicate", "--probe"], "frobnicate"),
        (["--probe", "a", "--workers", "2"], "--workers is only for serving"),
        (["--probe", "a", "-aet", "X"], "--calling-ae-title"),
        (["--probe", "a", "-ba", "127.0.0.1"], "--bind-address is for probing this machine"),
        (["--probe", "--json=yes"], "takes no value"),
        (["--probe", "--config", "/nowhere/at/all.conf"], "no such file"),
        (["--probe", "a", "--config", "/nowhere/at/all.conf"], "no such file"),
    ],
)
def test_what_cannot_be_asked_is_unknown(arguments: list[str], words: str) -> None:
    done = run_to_its_end(*arguments)
    assert (done.returncode, done.stdout) == (UNKNOWN, "")
    line = one_line(done.stderr)
    assert line.startswith("UNKNOWN: ") and words in line


@pytest.mark.parametrize("option", ["--count=2", "--interval=1", "--json", "-aec=A", "--calling-ae-t=A"])
def test_an_option_of_the_probe_without_it(option: str) -> None:
    done = run_to_its_end(option)
    assert done.returncode == USAGE
    assert "is only valid with --probe" in one_line(done.stderr)


def test_it_contradicts_other_actions() -> None:
    done = run_to_its_end("--check-config", "--probe")
    assert done.returncode == USAGE
    assert "--probe conflicts with --check-config" in one_line(done.stderr)


def test_output_is_for_pipes() -> None:
    """A reader that closes the pipe ends the probe, and nothing hangs."""
    shell = shutil.which("bash") or "/bin/sh"
    command = f'"{PROGRAM}" --probe 127.0.0.1:{free_port()} --count 3 --interval 0 | head -1'
    done = subprocess.run(
        [shell, "-c", command], capture_output=True, text=True, timeout=4 * PATIENCE, check=False
    )
    assert done.stdout.startswith("CRITICAL: ")
