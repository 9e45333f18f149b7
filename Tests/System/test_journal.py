"""The journal's records of an association and of the service, and that a stuck journal delays no peer."""

from __future__ import annotations

import json
import re
import time

from daemon import echo
from journal import ASSOCIATION_RELEASED, LISTENING, STARTED, STOPPED, STOPPING
from load import Echoes, Load
from machine import SERVICE, Machine
from peer import Peer
from wire import associate_rq

FIELDS = {
    "MESSAGE",
    "PRIORITY",
    "MESSAGE_ID",
    "SYSLOG_IDENTIFIER",
    "DICOM_CALLING_AE",
    "DICOM_CALLED_AE",
    "DICOM_PEER_ADDRESS",
    "DICOM_PEER_PORT",
    "DICOM_PEER_IMPLEMENTATION",
    "DICOM_ASSOCIATION",
    "DICOM_ECHOES",
    "DICOM_DURATION_MSEC",
    "ECHOSCP_NOTES",
}


def test_one_record_an_association_with_its_fields(machine: Machine) -> None:
    echo(11112)
    machine.events()
    machine.forget_journal()
    for _ in range(2):
        with Peer(11112) as peer:
            peer.associate(calling="MODALITY1", called="OTHER")
            peer.echo(1)
            peer.echo(2)
            peer.release()
    new = machine.events()
    print(new[0]["MESSAGE"])
    print({name: new[0].get(name) for name in sorted(FIELDS - {"MESSAGE"})})
    assert len(new) == 2, [record["MESSAGE"] for record in new]
    for record in new:
        assert set(record) >= FIELDS
        assert record["PRIORITY"] == "6"
        assert record["DICOM_CALLING_AE"] == "MODALITY1"
        assert record["DICOM_CALLED_AE"] == "OTHER"
        assert record["DICOM_PEER_ADDRESS"] == "127.0.0.1"
        assert "called-ae-title-differs" in record["ECHOSCP_NOTES"]
        assert record["DICOM_ECHOES"] == "2" and record["DICOM_DURATION_MSEC"].isdigit()
    assert new[0]["DICOM_ASSOCIATION"] != new[1]["DICOM_ASSOCIATION"]


def test_what_a_peer_sends_forges_no_record(machine: Machine) -> None:
    """JSON output stays valid, and a peer can add no line or field to the journal."""
    titles = [b"A\nPRIORITY=0\nB  ", b'\x1b[31m"\\{}\xff\xfe\t\r  ']
    for title in titles:
        with Peer(11112) as peer:
            peer.send(associate_rq(calling=title.ljust(16)))
            peer.receive()
    new = [record for record in machine.events() if "DICOM_PEER_PORT" in record]
    assert len(new) == len(titles)
    for record in new:
        print(f"{record['DICOM_CALLING_AE']} · {record['MESSAGE']}")
        assert record["PRIORITY"] in ("4", "6")
        assert record["DICOM_CALLING_AE"].isprintable() and record["MESSAGE"].isprintable()
    lines = machine.run("journalctl", "-b", "-o", "json", "-u", SERVICE).stdout.splitlines()
    print(f"all {len(lines)} lines of journalctl -o json are objects")
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_a_rejection_is_explained_by_journalctl(machine: Machine) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", "[access]\nrequire-called-ae-title = yes\n")
    with Peer(11112) as peer:
        peer.send(associate_rq(calling="CT1", called="ECHOSPC"))
        peer.receive()
    record = [r for r in machine.events() if r.get("ECHOSCP_CAUSE") == "called-ae-title"][-1]
    print(record["MESSAGE"], "·", record["DICOM_REASON"])
    assert record["PRIORITY"] == "4"
    assert record["DICOM_REASON"] == "A-ASSOCIATE-RJ 1/1/7"
    assert (record["DICOM_CALLING_AE"], record["DICOM_CALLED_AE"]) == ("CT1", "ECHOSPC")
    assert record["DICOM_PEER_ADDRESS"] == "127.0.0.1"
    (started,) = machine.events_of(STARTED)
    assert started["ECHOSCP_AE_TITLE"] == "ECHOSCP"

    text = machine.run("journalctl", "-b", "-x", f"MESSAGE_ID={record['MESSAGE_ID']}").stdout
    explained = [line for line in text.splitlines() if line.startswith("░░")]
    print("\n".join(explained))
    assert "░░ Defined-By: echoscpd" in explained
    for value in "CT1", "127.0.0.1", "ECHOSPC":
        assert any(value in line for line in explained), value
    assert not any("@DICOM_" in line for line in explained)
    for word in "Cause", "On this host", "On the device":
        assert any(line.startswith(f"░░ {word}: ") for line in explained), word


def test_every_record_has_an_explanation(machine: Machine) -> None:
    echo(11112)
    catalogue = machine.run("journalctl", "--list-catalog").stdout
    machine.systemctl("stop", SERVICE)
    ids = {record["MESSAGE_ID"] for record in machine.events()}
    unexplained = [one for one in ids if one not in catalogue]
    entries = sum("echoscpd" in line for line in catalogue.splitlines())
    print(f"{len(ids)} kinds of records among {entries} entries of the catalog")
    assert len(ids) >= 5
    assert not unexplained


def test_the_life_of_the_service_is_told(machine: Machine) -> None:
    echo(11112)
    machine.systemctl("stop", "echoscpd.socket")
    records = machine.events()
    print(" · ".join(record["MESSAGE"] for record in records))
    told = {record["MESSAGE_ID"]: record for record in records}
    assert set(told) == {STARTED, LISTENING, ASSOCIATION_RELEASED, STOPPING, STOPPED}
    assert len(records) == len(told)
    assert told[STARTED]["ECHOSCP_VERSION"]
    assert told[STARTED]["ECHOSCP_LISTENERS"] == "[::]:11112"
    assert told[STARTED]["ECHOSCP_SOCKETS"] == "passed"
    released = told[ASSOCIATION_RELEASED]
    names = "DICOM_CALLING_AE", "DICOM_PEER_ADDRESS", "DICOM_ECHOES"
    assert [released[name] for name in names] == ["TESTSCU", "127.0.0.1", "1"]
    assert records[-1] == told[STOPPED]
    # No field has the numbers of associations and echoes.
    assert re.findall(r"\d+", told[STOPPED]["MESSAGE"]) == ["1", "1"]


def test_a_stopped_journal_delays_no_echo(machine: Machine) -> None:
    echo(11112)
    machine.events()
    machine.forget_journal()
    with Echoes(threads=2, rate=200) as echoes, Load(threads=1, rate=2000) as load:
        time.sleep(3)
        first = len(echoes.seconds)
        with machine.halted("systemd-journald.service"):
            time.sleep(5)
            second = len(echoes.seconds)
            during = len(load.seconds)
        time.sleep(1)
    normal, stopped = echoes.percentile(0.99, 0, first), echoes.percentile(0.99, first, second)
    print(f"p99 of {first} echoes before: {normal * 1000:.2f} ms, of {second - first} while journald "
          f"was stopped: {stopped * 1000:.2f} ms; {during} associations came")  # fmt: skip
    assert not echoes.failures and not load.failures
    assert second - first > 500
    assert stopped < max(3 * normal, 0.02)
    new = machine.events()
    # Combined records are written at the end, with their count.
    machine.systemctl("stop", SERVICE)
    new += machine.events()
    lost = [r for r in new if r.get("ECHOSCP_CAUSE") == "records-dropped"]
    ended = [r for r in new if "DICOM_ECHOES" in r]
    count = sum(int(r.get("ECHOSCP_REPEATED", "1")) for r in ended)
    print(f"{len(load.seconds) + 1} associations in {len(ended)} records, {len(lost)} lost")
    assert not lost
    assert len(ended) < 30 and count >= len(load.seconds) + 1


UNITS = (
    "systemd-journald.socket",
    "systemd-journald-dev-log.socket",
    "systemd-journald-audit.socket",
    "systemd-journald.service",
)


def _fail(calling: str) -> None:
    with Peer(11112) as peer:
        peer.send(associate_rq(version=2, calling=calling))
        peer.receive()


def _failures(machine: Machine) -> list[dict[str, str]]:
    return [r for r in machine.events() if r.get("ECHOSCP_CAUSE") == "protocol-version"]


def test_a_journal_that_is_started_again_has_everything(machine: Machine) -> None:
    echo(11112)
    machine.events()
    machine.forget_journal()
    for number in range(30):
        if number == 10:
            machine.systemctl("restart", "--no-block", "systemd-journald.service")
        _fail(f"CT{number}")
        time.sleep(0.05)
    time.sleep(2)
    told = {record["DICOM_CALLING_AE"] for record in _failures(machine)}
    print(f"{len(told)} of 30 failures")
    assert told == {f"CT{number}" for number in range(30)}


def test_what_comes_while_there_is_no_journal_is_counted(machine: Machine) -> None:
    echo(11112)
    machine.events()
    machine.forget_journal()
    machine.systemctl("stop", *UNITS)
    try:
        machine.run("rm", "-f", "/run/systemd/journal/socket")
        for number in range(30):
            _fail(f"CT{number}")
        time.sleep(12)
    finally:
        machine.systemctl("start", *UNITS)
    _fail("CT99")
    time.sleep(2)
    records = machine.events()
    told = [r for r in records if r.get("ECHOSCP_CAUSE") == "protocol-version"]
    (lost,) = [r for r in records if r.get("ECHOSCP_CAUSE") == "records-dropped"]
    print(lost["MESSAGE"])
    assert [record["DICOM_CALLING_AE"] for record in told] == ["CT99"]
    # One of them says that eight titles share an address.
    assert lost["ECHOSCP_REPEATED"] == "31" and lost["PRIORITY"] == "4"
    # No field has the reason; only the sentence about a missing journal names its service.
    assert "systemd-journald" in lost["MESSAGE"]


def test_a_flood_leaves_the_records_of_others_in_the_journal(machine: Machine) -> None:
    """A client that keeps failing under new titles, and a known device that fails once."""
    with Peer(11112) as peer:
        peer.associate(calling="CT1")
        peer.echo()
        peer.release()
    machine.events()
    machine.forget_journal()
    count = 4000
    for number in range(count):
        _fail(f"E{number}")
    _fail("CT1")
    time.sleep(1)
    machine.systemctl("stop", SERVICE)
    told = _failures(machine)
    total = sum(int(record.get("ECHOSCP_REPEATED", "1")) for record in told)
    print(f"{count + 1} failures in {len(told)} records")
    assert total == count + 1 and len(told) < 50
    assert any(
        record.get("DICOM_CALLING_AE") == "CT1" and "ECHOSCP_REPEATED" not in record
        for record in told
    )
