"""The records in the journal; the program works just as well with a journal that is missing or stuck."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import Daemon, one_echo, wait_until
from journal import (
    ASSOCIATION_ACCEPTED,
    LISTENING,
    STARTED,
    STOPPED,
    STOPPING,
    Entry,
    Journal,
    private_run,
)
from peer import SLACK
from replies import AssociateRJ
from wire import associate_rq, context, usual_items

Start = Callable[..., Daemon]


def _associate(scp: Daemon, echoes: int = 1, pause: float = 0) -> None:
    with scp.connect() as peer:
        peer.associate()
        for _ in range(echoes):
            peer.echo()
        time.sleep(pause)
        peer.release()


def _stream(descriptor: int) -> dict[str, str]:
    """The environment of a service whose standard error is this descriptor."""
    status = os.fstat(descriptor)
    return {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}


def _about_peers(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if "DICOM_PEER_ADDRESS" in entry]


def test_an_association_is_one_record(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    begin = time.monotonic()
    _associate(scp, echoes=3, pause=0.1)
    took = time.monotonic() - begin
    assert scp.stop() == []
    [entry] = _about_peers(journal.read())
    print(entry)
    assert entry["PRIORITY"] == ["6"]
    assert entry["SYSLOG_IDENTIFIER"] == ["echoscpd"]
    assert entry["DICOM_CALLING_AE"] == ["TESTSCU"]
    assert entry["DICOM_CALLED_AE"] == ["ANY-SCP"]
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    assert f"127.0.0.1:{entry['DICOM_PEER_PORT'][0]}" in entry["MESSAGE"][0]
    assert entry["DICOM_PEER_IMPLEMENTATION"] == ["1.2.3.4"]
    assert re.fullmatch(r"[0-9a-f]{16}-1", entry["DICOM_ASSOCIATION"][0])
    assert re.fullmatch(r"[0-9a-f]{32}", entry["MESSAGE_ID"][0])
    assert entry["ECHOSCP_NOTES"] == ["called-ae-title-differs", "no-implementation-version"]
    assert entry["DICOM_ECHOES"] == ["3"]
    assert 99 <= int(entry["DICOM_DURATION_MSEC"][0]) <= 1000 * took + 1
    assert "ECHOSCP_CAUSE" not in entry


def test_the_service_tells_of_its_own_life(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    _associate(scp)
    # One worker may serve before the other is ready; a stop before that would precede the start record.
    journal.wait_for(MESSAGE_ID=LISTENING)
    scp.stop()
    told = [entry for entry in journal.find(PRIORITY="6") if "DICOM_PEER_ADDRESS" not in entry]
    assert [entry["MESSAGE_ID"] for entry in told] == [[STARTED], [LISTENING], [STOPPING], [STOPPED]]
    assert f"127.0.0.1:{scp.port}" in told[1]["MESSAGE"][0]
    # One association and one echo.
    assert re.findall(r"\d+", told[3]["MESSAGE"][0]) == ["1", "1"]


@pytest.mark.parametrize("level", ["critical", "error", "warning", "info", "debug", "none"])
def test_a_start_and_a_reload_say_what_the_service_is(
    echoscpd: Start, journal: Journal, tmp_path: Path, level: str
) -> None:
    """At every level but none, so that the journal shows which level was in force at any time."""
    file = tmp_path / "echoscp.conf"
    text = f"[general]\nlog-target = journal\nlog-level = {level}\n[network]\nae-title = ONE\n"
    file.write_text(text)
    scp = echoscpd("--config", str(file), wrapper=journal.wrapper)
    _associate(scp)

    def told() -> list[Entry]:
        return [entry for entry in journal.read() if "ECHOSCP_VERSION" in entry]

    if level == "none":
        scp.stop()
        assert journal.read() == []
        return
    assert wait_until(lambda: len(told()) == 1)
    file.write_text(text.replace("ONE", "TWO"))
    scp.send_signal(signal.SIGHUP)
    assert wait_until(lambda: len(told()) == 2)
    scp.stop()
    print(told())
    for entry, title in zip(told(), ("ONE", "TWO"), strict=True):
        assert entry["ECHOSCP_LOG_LEVEL"] == [level]
        assert entry["ECHOSCP_AE_TITLE"] == [title]
        assert entry["ECHOSCP_LISTENERS"] == [f"127.0.0.1:{scp.port}"]
        assert entry["ECHOSCP_SOCKETS"] == ["own"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["ECHOSCP_VERSION"][0])
        assert entry["PRIORITY"] == ["6"]


def test_a_rejection_names_its_cause(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd(
        "--log-target", "journal", "--require-called-ae-title", wrapper=journal.wrapper
    )
    with scp.connect() as peer:
        peer.send(associate_rq(called="OTHER"))
        assert isinstance(peer.receive(), AssociateRJ)
    scp.stop()
    [entry] = _about_peers(journal.read())
    assert entry["DICOM_CALLING_AE"] == ["TESTSCU"]
    assert entry["DICOM_CALLED_AE"] == ["OTHER"]
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    assert "ECHOSCP" in entry["MESSAGE"][0]
    assert entry["PRIORITY"] == ["4"]
    assert entry["ECHOSCP_CAUSE"] == ["called-ae-title"]
    assert entry["DICOM_REASON"] == ["A-ASSOCIATE-RJ 1/1/7"]


def test_at_debug_the_steps_are_there_with_what_was_said(
    echoscpd: Start, journal: Journal
) -> None:
    scp = echoscpd("--log-target", "journal", "-d", wrapper=journal.wrapper)
    _associate(scp)
    scp.stop()
    steps = [entry for entry in _about_peers(journal.read()) if "DICOM_ASSOCIATION" in entry]
    assert [entry["PRIORITY"] for entry in steps] == [["7"], ["7"], ["6"], ["7"]]
    assert len({entry["DICOM_ASSOCIATION"][0] for entry in steps}) == 1
    accepted, echoed = steps[0]["MESSAGE"][0], steps[1]["MESSAGE"][0]
    assert "\nRequest Parameters:\n" in accepted and "\nAccept Parameters:\n" in accepted
    assert "\nMessage ID                    : " in echoed
    assert steps[1]["DICOM_MESSAGE_ID"]


def test_a_record_that_is_too_long_is_cut(echoscpd: Start, journal: Journal) -> None:
    """At debug, a request is shown item by item, which makes it several times as long."""
    scp = echoscpd("--log-target", "journal", "-ll", "debug", wrapper=journal.wrapper)
    # Each of these bytes becomes four characters when escaped.
    syntaxes = ["\x01" * 60] * 31
    contexts = [context(1), *(context(number, syntaxes=syntaxes) for number in range(3, 256, 2))]

    def told() -> list[tuple[str, int]]:
        return [
            (entry["DICOM_ASSOCIATION"][0].partition("-")[2], len(entry["MESSAGE"][0]))
            for entry in journal.find(MESSAGE_ID=ASSOCIATION_ACCEPTED)
        ]

    for number, items in enumerate((usual_items(), usual_items(*contexts), usual_items()), start=1):
        with scp.connect() as peer:
            peer.associate(*items)
            peer.release()
        assert wait_until(lambda number=number: len(told()) == number)
    assert [number for number, _ in told()] == ["1", "2", "3"]
    assert told()[0][1] < 20_000 < told()[1][1] <= 25_000 and told()[2][1] < 20_000
    long = journal.find(MESSAGE_ID=ASSOCIATION_ACCEPTED)[1]
    assert sum(len(value) for values in long.values() for value in values) < 65_536


def test_by_itself_it_takes_the_journal_that_standard_error_is(
    echoscpd: Start, journal: Journal, tmp_path: Path
) -> None:
    with (tmp_path / "stderr").open("wb") as stderr:
        scp = echoscpd(
            wrapper=journal.wrapper, stderr=stderr.fileno(), environment=_stream(stderr.fileno())
        )
        _associate(scp)
        scp.stop()
    assert (tmp_path / "stderr").read_text() == ""
    assert len(_about_peers(journal.read())) == 1


@pytest.mark.parametrize("target", ["stderr", "auto"])
def test_it_writes_lines_where_they_are_wanted(
    echoscpd: Start, journal: Journal, tmp_path: Path, target: str
) -> None:
    """Because the setting asks for stderr, or because JOURNAL_STREAM names another file than stderr."""
    with (tmp_path / "stderr").open("wb") as stderr, (tmp_path / "other").open("wb") as other:
        named = stderr if target == "stderr" else other
        scp = echoscpd(
            "-v", "--log-target", target, wrapper=journal.wrapper, stderr=stderr.fileno(),
            environment=_stream(named.fileno()),
        )  # fmt: skip
        _associate(scp)
        scp.stop()
    lines = (tmp_path / "stderr").read_text().splitlines()
    assert [re.sub(r"MsgID \d+", "MsgID 1", line) for line in lines] == one_echo()
    assert journal.read() == []


@pytest.mark.parametrize("leftover", [False, True])
def test_without_a_journal_it_serves_all_the_same(
    echoscpd: Start, tmp_path: Path, leftover: bool
) -> None:
    """There is no socket, or one that nothing listens on."""
    if leftover:
        journal = Journal(tmp_path / "journal")
        journal.listener.close()
        wrapper = journal.wrapper
    else:
        (tmp_path / "journal").mkdir()
        wrapper = private_run(tmp_path / "journal")
    scp = echoscpd("--log-target", "journal", "-d", wrapper=wrapper)
    for _ in range(20):
        _associate(scp)
    assert scp.stop() == []


@pytest.mark.alone
def test_a_journal_that_does_not_answer_delays_no_echo(
    echoscpd: Start, journal: Journal
) -> None:
    scp = echoscpd("--log-target", "journal", "-d", wrapper=journal.wrapper)
    with scp.connect() as peer:
        peer.associate()
        slowest = 0.0
        for _ in range(3000):
            began = time.monotonic()
            peer.echo()
            slowest = max(slowest, time.monotonic() - began)
        peer.release()
    print(f"the slowest of 3000 echoes took {1000 * slowest:.1f} ms")
    assert slowest < SLACK
    # The writer gives up on the journal when the program stops.
    began = time.monotonic()
    scp.stop()
    assert time.monotonic() - began < 2.5 + SLACK
