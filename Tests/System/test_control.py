"""echoscpctl on what the installed service really writes. Each test has addresses of its own, since the journal keeps
the records of the tests before."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from control import (
    CRITICAL,
    OK,
    PORT,
    UNKNOWN,
    WARNING,
    Control,
    be_rejected,
    counts,
    echo_from,
    own_journal,
)
from machine import SERVICE, Machine, wait_for
from peer import Peer
from pki import PKI
from reports import valid
from secure import serve
from test_tls import GROUP, MUTUAL, SETTINGS, Host, host  # noqa: F401
from wire import (
    CT_IMAGE_STORAGE,
    application_context,
    associate_rq,
    context,
    item,
    user_information,
    usual_items,
)

FILE = "/etc/echoscp.conf.d/t.conf"
LATEST = 0.5
"""The longest time from an attempt to its line in `watch`, in seconds."""


@pytest.fixture(autouse=True, scope="module")
def alone(installed: Machine) -> Iterator[None]:
    with own_journal(installed):
        yield


@pytest.fixture
def control(machine: Machine) -> Control:
    return Control(machine)


def configure(machine: Machine, text: str) -> None:
    """Has the service start with these settings at the next connection."""
    machine.write(FILE, text)
    machine.systemctl("stop", SERVICE)


# Each way to fail that needs no other program, by its cause; the address ends with the number of the row.


CT1 = {"calling": "CT1", "called": "ECHOSCP"}


def called(source: str) -> None:
    be_rejected(source, "CT1")


def calling(source: str) -> None:
    be_rejected(source, "STRANGER", "ECHOSCP")


def storage(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.associate(*usual_items(context(1, CT_IMAGE_STORAGE)), **CT1)
        peer.release()


def http(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.send(b"GET / HTTP/1.1\r\nHost: pacs\r\n\r\n")
        peer.receive()


def client_hello(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32))
        peer.receive()


def silence(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.receive()


def half_a_request(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.send(associate_rq(**CT1)[:50])
        peer.receive()


def vanish(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.associate(**CT1)


def reset(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.associate(**CT1)
        peer.reset()


def wrong_version(source: str) -> None:
    with Peer(PORT, source=source) as peer:
        peer.send(associate_rq(version=2, **CT1))
        peer.receive()


FAILURES = {
    "called-ae-title": called,
    "calling-ae-title": calling,
    "no-verification-context": storage,
    "http-on-dicom-port": http,
    "tls-on-plain-port": client_hello,
    "silent-peer": silence,
    "stalled-request": half_a_request,
    "peer-vanished": vanish,
    "peer-reset": reset,
    "protocol-version": wrong_version,
}
NAMELESS = {"http-on-dicom-port", "tls-on-plain-port", "silent-peer"}
"""The causes of devices that have not sent their AE title."""
STRICT = (
    "[access]\nrequire-called-ae-title = yes\nallow-calling-ae-titles = CT1, WELL, ECHOSCPD\n"
    "[network]\nacse-timeout = 1\n"
)


def test_each_failure_with_its_cause_and_remedy(machine: Machine, control: Control) -> None:
    before = control.report("status")
    configure(machine, STRICT)
    sources = {cause: f"127.41.0.{number}" for number, cause in enumerate(FAILURES, 1)}
    for cause, fail in FAILURES.items():
        fail(sources[cause])
    echo_from("127.41.1.1", "WELL")
    with Peer(PORT, source="127.41.1.2"):
        pass
    report = control.report("peers", status=CRITICAL)
    rows = {row["address"]: row for row in report["peers"]}
    for cause, source in sources.items():
        row = rows[source]
        assert (row["state"], row["failures"], row["echoes"]) == ("failing", 1, 0), row
        failure = row["last_failure"]
        assert failure["cause"] == cause, failure
        assert failure["remedy"]["on_this_host"] and failure["remedy"]["cause"]
        assert (row["calling_ae_title"] is None) == (cause in NAMELESS), row
    good, check = rows["127.41.1.1"], rows["127.41.1.2"]
    assert (good["state"], good["echoes"], good["failures"]) == ("ok", 1, 0)
    assert (good["calling_ae_title"], good["product"] is None) == ("WELL", False)
    assert (check["state"], check["health_checks"], check["last_failure"]) == ("check", 1, None)

    # Text and JSON tell the same, and the device's own page explains the failure.
    text = control.lines("peers", "--failing", status=CRITICAL)
    assert not any("127.41.1." in line for line in text)
    for cause, source in sources.items():
        (number,) = [n for n, x in enumerate(text) if x.startswith("failing ") and f" {source} " in x]
        assert f" {cause}: " in text[number + 1]
        assert text[number + 2].startswith(("         on the device: ", "         on this host: "))
    story = "\n".join(control.lines("peer", sources["called-ae-title"], status=CRITICAL))
    for words in "called-ae-title: ", "cause: ", "on the device: ", "more: journalctl -u echoscpd":
        assert words in story, words
    print(story)

    after = control.report("status", status=OK)
    old, new = counts(before), counts(after)
    assert {cause: new.get(cause, 0) - old.get(cause, 0) for cause in FAILURES} == dict.fromkeys(FAILURES, 1)
    assert after["failures"] - before["failures"] == len(FAILURES)
    assert after["echoes"] - before["echoes"] == 1
    assert after["health_checks"] - before["health_checks"] == 1
    print(f"{len(FAILURES)} causes, each with its remedy, in peers, peer and status")




def test_folded_failures_are_counted_exactly(machine: Machine, control: Control) -> None:
    """One device fails 41 times, and one address under 200 titles; the service sums most of that up."""
    before = control.report("status")
    configure(machine, STRICT)
    be_rejected("127.42.0.1", "CT1", times=41)
    titles = 200
    for number in range(titles):
        be_rejected("127.42.0.2", f"X{number}", "ECHOSCP")
    first = len([r for r in machine.events() if r.get("DICOM_PEER_ADDRESS") == "127.42.0.1"])
    # It writes its sums once a minute, and when it stops.
    machine.systemctl("stop", SERVICE)
    # One more says that many titles share an address.
    records = [
        r for r in machine.events()
        if r.get("DICOM_PEER_ADDRESS", "").startswith("127.42.") and "ECHOSCP_CAUSE" in r
    ]  # fmt: skip
    assert first < 41 and len(records) < titles
    row = control.row("127.42.0.1")
    assert (row["calling_ae_title"], row["failures"]) == ("CT1", 41)
    assert control.report("peer", "127.42.0.1")["failures"] == 41
    report = control.report("peers")
    many = sum(row["failures"] for row in report["peers"] if row["address"] == "127.42.0.2")
    after = control.report("status")
    grown = {x: counts(after)[x] - counts(before).get(x, 0) for x in ("called-ae-title", "calling-ae-title")}
    print(f"41 failures of one title and {titles} of others in {len(records)} records: {grown}, "
          f"{many} in rows; {after['records_summed_up'] - before['records_summed_up']} summed up")  # fmt: skip
    assert grown == {"called-ae-title": 41, "calling-ae-title": titles}
    assert many + report["failures_in_no_row"] >= titles
    assert after["records_summed_up"] - before["records_summed_up"] == 41 + titles - len(records)


def test_the_bytes_of_a_refused_request(machine: Machine, control: Control) -> None:
    configure(machine, STRICT)
    source = "127.43.0.1"
    request = be_rejected(source, "CT1", called="ARCHIVE")
    parts = control.report("peer", source, "--request", status=CRITICAL)["request"]["parts"]
    assert "".join(part["bytes"] for part in parts) == request.hex()
    done = control.run("peer", source, "--request")
    print("\n".join(done.stdout.splitlines()[:8]))
    assert 'called AE title "ARCHIVE"' in done.stdout
    # The mark is at the item that is wrong.
    broken = associate_rq(application_context(), context(1), user_information(item(0x51, bytes(3))))
    with Peer(PORT, source=source) as peer:
        peer.send(broken)
        peer.receive()
    done = control.run("peer", source, "--request")
    marked = [line for line in done.stdout.splitlines() if "<-- " in line]
    print("\n".join(marked))
    assert len(marked) == 1 and "Maximum Length Sub-Item" in marked[0], done.stdout


def test_watch_shows_an_attempt_at_once(machine: Machine, control: Control) -> None:
    """Ten attempts, before and after the journal is rotated."""
    echo_from("127.44.0.1", "BEFORE")
    machine.events()
    delays: list[float] = []
    with control.watch() as watch:
        assert watch.headline.startswith("waiting for any device")
        for number in range(10):
            if number == 5:
                machine.run("journalctl", "--rotate")
            at = echo_from("127.44.0.1", f"CT{number}")
            line = watch.line()
            delays.append(time.monotonic() - at)
            assert f" ok CT{number} at 127.44.0.1:" in line, line
        assert watch.end() == 0
    usual, rotated = sorted(delays[:5]), sorted(delays[5:])
    print(f"a line after {1000 * usual[2]:.0f} ms, at most {1000 * usual[-1]:.0f}; after "
          f"journalctl --rotate {1000 * rotated[2]:.0f}, at most {1000 * rotated[-1]:.0f} ms")  # fmt: skip
    assert max(delays) < LATEST


def test_watch_of_one_device_tells_what_to_do(machine: Machine, control: Control) -> None:
    configure(machine, STRICT)
    source = "127.44.0.2"
    echo_from(source, "WELL")
    with control.watch(source) as watch:
        assert source in watch.headline
        echo_from("127.44.0.3", "WELL")
        be_rejected(source, "CT1")
        lines = [watch.line() for _ in range(3)]
    print("\n".join(lines))
    assert " FAILED called-ae-title: CT1 at 127.44.0.2:" in lines[0]
    assert any("on the device: " in line for line in lines[1:])


@pytest.fixture
def volatile(machine: Machine) -> Iterator[None]:
    """A journal in memory, while that on disk stays."""
    machine.write("/etc/systemd/journald.conf.d/t.conf", "[Journal]\nStorage=volatile\n")
    machine.systemctl("restart", "systemd-journald")
    yield
    # As at boot, it begins in memory, and moves everything to disk when it is told to.
    machine.shell("rm -rf /etc/systemd/journald.conf.d /run/systemd/journal/flushed")
    machine.systemctl("restart", "systemd-journald")
    machine.run("journalctl", "--flush")


@pytest.mark.usefixtures("volatile")
def test_a_volatile_journal(machine: Machine, control: Control) -> None:
    echo_from("127.45.0.1", "CT1")
    assert control.row("127.45.0.1")["echoes"] == 1
    journal = control.report("status", status=OK)["journal"]
    assert journal["source"] == "volatile" and journal["kept_since"]
    text = "\n".join(control.lines("status", status=OK))
    print(text.splitlines()[-1])
    assert "the journal is volatile" in text and "in memory, kept since " in text
    with control.watch() as watch:
        assert "the journal is volatile" in watch.line()
    # Once it is on disk again, the files in memory stay with Debian 12, until the machine boots.
    machine.run("rm", "/etc/systemd/journald.conf.d/t.conf")
    machine.systemctl("restart", "systemd-journald")
    machine.run("journalctl", "--flush")
    echo_from("127.45.0.1", "CT1")
    # journald sets the time of a file up to 250 ms late.
    wait_for(lambda: control.report("status", status=OK)["journal"]["source"] == "persistent", 2, "volatile")
    assert control.row("127.45.0.1")["echoes"] == 2


def test_a_journal_on_disk(control: Control) -> None:
    echo_from("127.45.0.2", "CT1")
    assert control.report("status", status=OK)["journal"]["source"] == "persistent"
    text = "\n".join(control.lines("status", status=OK))
    assert "volatile" not in text and "on disk, kept since " in text


def test_a_level_that_hides_successes(machine: Machine, control: Control) -> None:
    before = control.report("status")
    configure(machine, f"[general]\nlog-level = warning\n{STRICT}")
    echo_from("127.46.0.1", "WELL")
    be_rejected("127.46.0.2", "CT1")
    report = control.report("status", status=OK)
    assert (report["journal"]["log_level"], report["journal"]["hides_successes"]) == ("warning", True)
    assert report["echoes"] == before["echoes"] and report["failures"] == before["failures"] + 1
    text = control.lines("status", status=OK)
    assert any("successes are not logged at log-level warning" in line for line in text)
    assert control.row("127.46.0.2")["state"] == "failing"
    addresses = [row["address"] for row in control.report("peers")["peers"]]
    assert "127.46.0.1" not in addresses
    # A reload is enough to end that.
    machine.write(FILE, STRICT)
    machine.systemctl("reload", SERVICE)
    report = control.report("status", status=OK)
    assert (report["journal"]["log_level"], report["journal"]["hides_successes"]) == ("info", False)


FORGED = """\
MESSAGE=FORGED at 127.47.0.1:1 called ECHOSCP: 7 echoes answered in 1 s, released
MESSAGE_ID=37a819ae0d4c43d09f6a34a01359900b
PRIORITY=6
SYSLOG_IDENTIFIER=echoscpd
_SYSTEMD_UNIT=echoscpd.service
UNIT=echoscpd.service
DICOM_CALLING_AE=FORGED
DICOM_PEER_ADDRESS=127.47.0.1
DICOM_ECHOES=7
"""


def test_records_of_other_units_do_not_count(machine: Machine, control: Control) -> None:
    echo_from("127.47.0.2", "CT1")
    before = control.report("status")
    machine.run("logger", "--journald", text=FORGED)
    unit = ("systemd-run", "--quiet", "--wait", "--pipe", "--unit=mallory")
    # journald knows the unit only if it reads the record before the process is gone.
    for _ in range(5):
        machine.run(*unit, "logger", "--journald", text=FORGED)
        units = [x.get("_SYSTEMD_UNIT", "") for x in machine.journal("DICOM_CALLING_AE=FORGED")]
        if "mallory.service" in units:
            break
    print(f"records of {units}")
    assert "FORGED" not in control.run("peers").stdout
    assert control.report("status")["echoes"] == before["echoes"]
    assert control.report("peer", "FORGED", status=UNKNOWN)["state"] is None
    other = control.report("peers", "--unit", "mallory.service")["peers"]
    assert {row["calling_ae_title"] for row in other} == {"FORGED"}


@pytest.fixture
def users(machine: Machine) -> Iterator[dict[str, str]]:
    """A user in each group that matters, and one in none."""
    groups = {"nobody-special": "", "reader": "systemd-journal", "administrator": "adm"}
    for name, group in groups.items():
        machine.run("useradd", *(["--groups", group] if group else []), name)
    yield groups
    for name in groups:
        machine.run("userdel", name)
    machine.shell("rm -f /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-")


def test_who_may_read(control: Control, users: dict[str, str]) -> None:
    echo_from("127.48.0.1", "CT1")
    for name, group in users.items():
        for command in ["status"], ["peers"], ["peer", "CT1"], ["watch"]:
            if not group:
                said = control.refusal(*command, user=name)
                assert "permission denied" in said and "usermod -aG systemd-journal" in said, said
        if group:
            assert "127.48.0.1" in control.run("peers", user=name).stdout
            assert control.lines("status", status=OK, user=name)
    print(said)


def test_the_state_of_the_service(machine: Machine, control: Control) -> None:
    """Listening, running, a failed start, and stopped."""

    def status(code: int, *words: str) -> dict:
        first = control.lines("status", status=code)[0]
        print(first)
        for word in words:
            assert word in first, (word, first)
        return control.report("status", status=code)

    status(OK, "starts at the next connection: echoscpd.socket listen")
    machine.systemctl("start", "echoscpd-privileged.socket")
    status(OK, "starts at the next connection: ", "echoscpd-privileged.socket", "echoscpd.socket")
    echo_from("127.49.0.1", "CT1")
    report = status(OK, "echoscpd answers as ECHOSCP since ")
    units = {unit["name"]: unit for unit in report["units"]}
    assert units[SERVICE]["status"] == machine.show("StatusText") != ""
    assert (units[SERVICE]["active"], units[SERVICE]["detail"]) == ("active", "running")
    assert units["echoscpd.socket"]["detail"] == "running"
    assert sorted(report["listeners"]) == ["[::]:104", "[::]:11112"]
    assert any(machine.show("StatusText") in line for line in control.lines("status", status=OK))

    machine.systemctl("stop", "echoscpd-privileged.socket")
    machine.write(FILE, "[network]\nport = 70000\n")
    machine.systemctl("restart", SERVICE, check=False)
    wait_for(lambda: machine.show("ActiveState") == "failed", 5, "the service does not fail")
    report = status(CRITICAL, "echoscpd does not answer: echoscpd.service is failed")
    found = [x["failure"]["cause"] for x in report["findings"] if x["failure"]]
    assert found[0] == "config-invalid", report["findings"]
    text = control.lines("status", status=CRITICAL)
    assert any(line.startswith("  on this host: ") and "--check-config" in line for line in text)

    machine.shell(f"rm {FILE}")
    echo_from("127.49.0.1", "CT1")
    report = status(OK, "echoscpd answers as ECHOSCP since ")
    assert not [x for x in report["findings"] if x["failure"]]
    machine.systemctl("stop", "echoscpd.socket")
    status(CRITICAL, "echoscpd does not answer: echoscpd.service is inactive", "no socket of it listens")


def test_tls_in_the_reports(host: Host, machine: Machine, control: Control, pki: PKI) -> None:  # noqa: F811
    """Devices with faults in their certificates, and one that does not know that of the service."""
    host.install("server")
    host.use(GROUP)
    host.configure(SETTINGS + MUTUAL)
    host.enable()
    before = counts(control.report("status"))
    with host.connect("CT1") as peer:
        serve(peer, calling="TLSDEVICE")
    (line,) = [x for x in control.lines("status", status=OK) if x.startswith("  certificate ")]
    assert "300 days" in line
    for name in "", "expired", "other":
        with pytest.raises((AssertionError, OSError)):
            host.echo(name)
    report = control.report("status")
    assert report["tls_listeners"] == ["[::]:2762"]
    assert report["certificate"] == {"subject": pki["server"].subject, "days_left": 300}
    new = {cause: count - before.get(cause, 0) for cause, count in counts(report).items()}
    new = {cause: count for cause, count in new.items() if count}
    print(new)
    assert new.get("certificate-missing") == 1 and sum(new.values()) == len(new) >= 2
    # A handshake fails before there is a title: the story of the device has it by its address.
    story = control.report("peer", "TLSDEVICE")
    causes = [failure["cause"] for failure in story["last_failures"] if failure["calling_ae_title"] is None]
    assert "certificate-missing" in causes
    for failure in story["last_failures"]:
        assert failure["remedy"]["on_this_host"]


def test_verify_asks_the_devices(machine: Machine, control: Control) -> None:
    machine.write(
        FILE,
        "[device CT1]\nprobe = 127.0.0.1:11112\n[device MR1]\nprobe = 127.51.0.1:9\n"
        "[device US1]\naddress = 127.51.0.2\n",
    )
    lines = control.lines("verify", "CT1", status=OK)
    print(lines[0])
    assert "CT1 at 127.0.0.1:11112 answered C-ECHO in " in lines[0] and " | total=" in lines[0]
    lines = control.lines("verify", "-w", "1", "-c", "2", status=CRITICAL)
    print(lines[0])
    assert "1 of 2 SCPs does not answer: MR1 at 127.51.0.1:9" in lines[0]
    assert "critical=1" in lines[0] and "'CT1 total'=" in lines[0]
    assert any("connect: refused" in line for line in lines[1:])
    done = control.run("verify", "--json")
    answers = {x["called_ae_title"]: x["status"] for x in map(json.loads, done.stdout.splitlines())}
    assert answers == {"CT1": "ok", "MR1": "critical"} and done.returncode == CRITICAL
    assert "XX1" in control.refusal("verify", "XX1")
    # Anybody may ask, without the journal.
    assert control.run("verify", "CT1", user="nobody").returncode == OK
    # The devices with sections that did not come are rows of the other direction.
    rows = {r["calling_ae_title"]: r for r in control.report("peers")["peers"] if r["is_configured"]}
    assert rows["MR1"]["state"] == rows["US1"]["state"] == "absent"


def test_a_journal_from_elsewhere(machine: Machine, control: Control, tmp_path: Path) -> None:
    """Copied files, and what systemd-journal-remote makes of an export, show what the journal itself shows."""
    configure(machine, STRICT)
    echo_from("127.52.0.1", "WELL")
    be_rejected("127.52.0.2", "CT1", times=3)
    machine.systemctl("stop", SERVICE)
    own = control.report("peers", "--since", "1h")
    machine.shell(
        "rm -rf /run/shipped; mkdir -p /run/shipped/made; cp -r /var/log/journal /run/shipped/copied;"
        f"journalctl -u {SERVICE} -o export | /lib/systemd/systemd-journal-remote"
        " -o /run/shipped/made/pacs.journal - 2>/dev/null"
    )
    for place in "copied", "made":
        folder = f"/run/shipped/{place}"
        theirs = control.report("peers", "--since", "1h", "-D", folder, status=CRITICAL)
        assert theirs["peers"] == own["peers"], place
        assert theirs["journal"]["source"] == "files"
        text = "\n".join(control.lines("peers", "-D", folder, status=CRITICAL))
        assert "on the device: " in text
        report = control.report("status", "-D", folder, status=CRITICAL)
        assert not report["units"]
        assert report["findings"][0]["text"].startswith("according to the journal, ")
    files = machine.shell("find /run/shipped/made -name '*.journal'").split()
    story = control.report("peer", "127.52.0.2", *(x for f in files for x in ("--file", f)))
    assert story["failures"] == 3 and story["last_failures"][0]["remedy"]
    machine.shell("rm -r /run/shipped")
    print(f"{len(own['peers'])} rows, the same in all three")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["statsu"], "is not a command"),
        (["peers", "--since", "yesteryear"], "is not a time"),
        (["peers", "-D", "/nowhere"], "cannot be read"),
        (["peers", "--config", "/nowhere.conf"], "/nowhere.conf"),
        (["verify", "--nonsense"], "--nonsense"),
    ],
    ids=lambda x: x[-1] if isinstance(x, list) else "",
)
def test_a_mistake_is_3(control: Control, words: list[str], answer: str) -> None:
    assert answer in control.refusal(*words)


def test_the_other_exit_statuses(machine: Machine, control: Control) -> None:
    """Of one device: answered, absent, refused, and unknown."""
    configure(machine, STRICT)
    echo_from("127.53.0.1", "WELL")
    control.lines("peer", "127.53.0.1", status=OK)
    time.sleep(1)
    control.lines("peer", "127.53.0.1", "--since", "1s", status=WARNING)
    be_rejected("127.53.0.1", "WELL")
    control.lines("peer", "127.53.0.1", status=CRITICAL)
    control.lines("peer", "127.53.0.9", status=UNKNOWN)


def test_completions_in_bash(machine: Machine) -> None:
    script = (
        "source /usr/share/bash-completion/completions/echoscpctl && complete -p echoscpctl >/dev/null"
        " && words=(echoscpctl '') && COMP_WORDS=(echoscpctl '') && COMP_CWORD=1 && COMP_LINE='echoscpctl '"
        " && COMP_POINT=11 && _echoscpctl echoscpctl '' echoscpctl; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    found = machine.run("bash", "-c", script).stdout.split()
    print(" ".join(found))
    assert {"status", "peers", "peer", "watch", "verify"} <= set(found)


def test_what_is_installed(machine: Machine) -> None:
    """The manual page and the guides name these."""
    folder = "/usr/share/doc/echoscpd"
    assert "monitoring" in machine.run("head", "-n", "1", f"{folder}/monitoring.md").stdout.lower()
    schema = json.loads(machine.run("cat", f"{folder}/echoscpctl.schema.json").stdout)
    assert schema["title"].startswith("A report of echoscpctl")
    for line in machine.run("echoscpctl", "status", "--json").stdout.splitlines():
        assert valid(line)["report"] == "status"
