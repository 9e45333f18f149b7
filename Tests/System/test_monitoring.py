"""The guide to monitoring: its recipes, and the files that it prints, as the installed guide has them.

Its device, CT1 at 192.0.2.7, and its archive at 192.0.2.20 are addresses of the machine here, so echoscpd itself
answers for both.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from collections.abc import Iterator

import pytest

from control import CRITICAL, OK, UNKNOWN, Control, be_rejected, echo_from, own_journal
from machine import PRIVILEGED, SERVICE, Machine, wait_for
from pki import PKI
from recipes import files_of
from test_recipes import DEVICE, FOLDER, STRICT, Type, recipe, recipes  # noqa: F401

ARCHIVE = "192.0.2.20"
FILE = "/etc/echoscp.conf.d/t.conf"


@pytest.fixture(autouse=True, scope="module")
def alone(installed: Machine) -> Iterator[None]:
    with own_journal(installed):
        yield


@pytest.fixture
def control(machine: Machine) -> Control:
    return Control(machine)


@pytest.fixture
def guide(machine: Machine) -> str:
    return machine.run("cat", f"{FOLDER}/monitoring.md").stdout


@pytest.fixture
def printed(guide: str) -> dict[str, str]:
    """The files that the guide prints, by their path."""
    return files_of(guide)


@pytest.fixture
def devices(machine: Machine, guide: str) -> Iterator[None]:
    """The guide's two devices, which answer on port 104, with their sections in the configuration."""
    machine.shell(f"for a in {DEVICE} {ARCHIVE}; do ip address add $a/32 dev lo; done")
    (sections,) = re.findall(r"```ini\n(\[device[^`]*)```", guide)
    machine.write(FILE, f"{sections}{STRICT.replace('yes', 'no')}")
    machine.systemctl("stop", SERVICE)
    machine.systemctl("start", PRIVILEGED)
    yield
    machine.systemctl("stop", PRIVILEGED, SERVICE)
    machine.shell(f"for a in {DEVICE} {ARCHIVE}; do ip address del $a/32 dev lo; done")


@pytest.mark.usefixtures("devices")
def test_inbound(machine: Machine, recipe: Type) -> None:  # noqa: F811
    echo_from(DEVICE, "CT1")
    assert recipe("Does the service answer? Below").startswith("OK: echoscpd answers as ")
    told = recipe("Which devices fail", check=False).splitlines()
    # ARCHIVE has a section, and never calls; other tests may have made CT1 fail at other addresses.
    assert told[0].startswith(("WARNING: ", "CRITICAL: "))
    assert any(line.startswith("absent ") and " ARCHIVE " in line for line in told), told
    assert not any(line.startswith("ok ") for line in told)
    assert recipe("What happened to one device in the last week").startswith("OK: CT1: ")
    around = f"timeout 2 {{}} & sleep 1; exec 3<>/dev/tcp/{DEVICE}/11112; printf G >&3; wait"
    told = recipe("What happens while somebody presses", around=around, check=False).splitlines()
    assert "press Ctrl-C" in told[0] and " FAILED not-dicom: " in told[1]


@pytest.mark.usefixtures("devices")
def test_outbound(recipe: Type, guide: str) -> None:  # noqa: F811
    told = recipe("Ask all of them", check=False).splitlines()
    (example,) = re.findall(r"```\n(OK: 2 SCPs[^`]*)```", guide)

    def shape(line: str) -> str:
        line = re.sub(r"slowest is \S+ at \S+", "slowest is X", line)
        return re.sub(r"(?<!\.)\b\d+\.\d{3}(?!\d*\.)", "N", line)

    assert [shape(line) for line in example.splitlines()] == [shape(line) for line in told]
    assert recipe("Ask one of them").startswith(f"OK: CT1 at {DEVICE}:104 answered C-ECHO in ")
    others = recipe("Ask others, which have no section")
    assert others.startswith("OK: 2 SCPs answered C-ECHO; ") and "'ARCHIVE@" in others


@pytest.mark.usefixtures("devices")
def test_timers_of_systemd(machine: Machine, recipe: Type, printed: dict[str, str]) -> None:  # noqa: F811
    units = {path: text for path, text in printed.items() if path.startswith("/etc/systemd/system/")}
    assert len(units) == 3
    for path, text in units.items():
        machine.write(path, text)
    # A mail program that keeps what it gets.
    machine.write("/usr/local/bin/mail", '#!/bin/sh\n{ echo "$@"; cat; } >/run/mail\n')
    machine.run("chmod", "+x", "/usr/local/bin/mail")
    try:
        for unit in "check@verify.service", "check@verify.timer", "report@verify.service":
            done = machine.run("systemd-analyze", "verify", f"dicom-{unit}", check=False)
            assert done.returncode == 0 and "dicom-" not in done.stderr, done.stderr
        recipe("Start the timers", around="set -e; {}", check=False)
        for check in "status", "peers", "verify":
            assert machine.show("ActiveState", f"dicom-check@{check}.timer") == "active"
        recipe("Run a check at once")
        assert "OK: 2 SCPs answered C-ECHO" in recipe("Its earlier results")
        assert machine.run("test", "-e", "/run/mail", check=False).returncode != 0
        machine.write(FILE, "[device CT1]\nprobe = 192.0.2.7:9\n")
        began = time.monotonic()
        recipe("Run a check at once", check=False)
        wait_for(lambda: machine.show("Result", "dicom-report@verify.service") == "success"
                 and machine.run("test", "-s", "/run/mail", check=False).returncode == 0, 5, "no mail")  # fmt: skip
        wait_for(lambda: machine.show("ActiveState", "dicom-report@verify.service") == "inactive", 5, "it runs on")
        mail = machine.run("cat", "/run/mail").stdout.splitlines()
        print(f"a mail after {time.monotonic() - began:.1f} s:", *mail, sep="\n")
        assert re.fullmatch(r"-s DICOM on \S+: verify root", mail[0])
        assert any(line.startswith("CRITICAL: CT1 at 192.0.2.7:9: connect: refused") for line in mail)
        machine.systemctl("start", "dicom-check@status.service")
        assert "OK: echoscpd answers" in machine.run("journalctl", "-o", "cat", "-u", "dicom-check@status").stdout
    finally:
        machine.shell(
            "systemctl disable --now dicom-check@status.timer dicom-check@peers.timer dicom-check@verify.timer;"
            "rm -f /usr/local/bin/mail /run/mail /etc/systemd/system/dicom-*; systemctl daemon-reload;"
            "systemctl reset-failed 'dicom-*'",
            check=False,
        )


@pytest.fixture
def agents(machine: Machine) -> Iterator[tuple[str, ...]]:
    """The users of agents."""
    names = "zabbix", "nagios", "prtg"
    for name in names:
        machine.run("useradd", "--system", name)
    yield names
    for name in names:
        machine.run("userdel", name)
    machine.shell("cd /etc && rm -f passwd- shadow- group- gshadow- subuid- subgid-")


def as_user(machine: Machine, user: str, command: str) -> subprocess.CompletedProcess[str]:
    """Runs a shell command as an agent does."""
    machine.events()
    return machine.run("runuser", "-u", user, "--", "/bin/sh", "-c", command, check=False)


@pytest.mark.usefixtures("devices")
def test_the_lines_of_agents(
    machine: Machine, recipe: Type, printed: dict[str, str], agents: tuple[str, ...], guide: str  # noqa: F811
) -> None:
    """Each line that the guide gives an agent, run as the user of that agent."""
    echo_from(DEVICE, "CT1")
    be_rejected_by_title(machine)
    # Without the group, the reason is what a monitoring system shows.
    done = as_user(machine, "zabbix", "echoscpctl peers 2>&1")
    assert done.returncode == UNKNOWN and "usermod -aG systemd-journal" in done.stdout
    recipe("For example, for Zabbix")
    for user in agents[1:]:
        machine.run("usermod", "-aG", "systemd-journal", user)

    # Checkmk: the first word is the name, in parentheses are options, and the rest is a command for root.
    lines = [x for x in printed["/etc/check_mk/mrpe.cfg"].splitlines() if not x.startswith("#")]
    told = {}
    for line in lines:
        name, command = re.fullmatch(r"(\S+) (?:\(interval=\d+\) )?(/.*)", line).groups()  # type: ignore[union-attr]
        told[name] = machine.run("bash", "-c", command, check=False)
        print(f"{name}: {told[name].returncode} {told[name].stdout.splitlines()[0]}")
    assert [done.returncode for done in told.values()] == [OK, CRITICAL, OK]
    assert " | ok=2 warning=0 critical=0 " in told["DICOM%20outbound"].stdout

    # Icinga 2: a command is an array of words; the macros have the values of `vars`.
    text = printed["/etc/icinga2/conf.d/dicom.conf"]
    commands = {}
    for name, body in re.findall(r'object CheckCommand "([a-z-]+)" \{\n(.*?)\n\}', text, re.DOTALL):
        values = dict(re.findall(r"vars\.(\w+) = \"?([^\"\n]+)", body)) | {"dicom_title": "CT1", "address": DEVICE}
        values["dicom_host"] = DEVICE
        words = re.findall(r'"([^"]+)"', re.search(r"command = \[(.*?)\]", body)[1])  # type: ignore[index]
        words += [x for pair in re.findall(r'"(-\S+)" = "([^"]+)"', body) for x in pair]
        command = re.sub(r"\$(\w+)\$", lambda match: values[match[1]], shlex.join(words).replace("'", ""))
        commands[name] = as_user(machine, "nagios", command)
        print(f"{name}: {command}: {commands[name].stdout.splitlines()[0]}")
    assert [done.returncode for done in commands.values()] == [OK, CRITICAL, OK]
    assert set(commands) == {"dicom-service", "dicom-inbound", "dicom-echo"}

    # Zabbix: a key, which may have parameters, and a command; what is printed is the value.
    reports = {}
    for line in printed["/etc/zabbix/zabbix_agentd.d/dicom.conf"].splitlines()[1:]:
        key, command = re.fullmatch(r"UserParameter=([^,]+),(.*)", line).groups()  # type: ignore[union-attr]
        reports[key] = as_user(machine, "zabbix", command.replace("$1", "CT1")).stdout
    paths = re.findall(r"^\| `(dicom\.\w+)(?:\[CT1\])?` \| `(\$\S*?)` \|", guide, re.MULTILINE)
    assert len(paths) == 6
    found = {}
    for key, path in paths:
        report = json.loads(reports[key if key in reports else f"{key}[*]"])
        found[key, path] = extracted(report, path)
    print(found)
    assert found["dicom.status", "$.verdict"] == "ok"
    assert found["dicom.peers", "$.peers[?(@.state=='failing')].length()"] >= 1
    assert found["dicom.peer", "$.state"] == "ok"
    assert reports["dicom.verify"].startswith("OK: 2 SCPs answered") and reports["dicom.verify"].count("\n") == 1

    # PRTG: status:value:message.
    for path, text in printed.items():
        if path.startswith("/var/prtg/scripts/"):
            machine.write(path, text)
            machine.run("chmod", "+x", path)
            told_prtg = as_user(machine, "prtg", path).stdout
            print(f"{path}: {told_prtg.strip()}")
            inbound = "inbound" in path
            assert re.fullmatch(r"2:[1-9]\d*:CRITICAL: .*\n" if inbound else r"0:0:OK: 2 SCPs .* ms\n", told_prtg)
    machine.run("rm", "-r", "/var/prtg")


def be_rejected_by_title(machine: Machine) -> None:
    """ARCHIVE has a section, and its last attempt fails."""
    machine.write("/etc/echoscp.conf.d/u.conf", STRICT)
    machine.systemctl("restart", SERVICE)
    be_rejected(ARCHIVE, "ARCHIVE", called="PACS")
    machine.run("rm", "/etc/echoscp.conf.d/u.conf")
    machine.systemctl("reload", SERVICE)


def extracted(report: dict, path: str) -> object:
    """The value at a JSONPath of Zabbix, as far as the guide uses it; None if there is none."""
    filtered = re.fullmatch(r"\$\.(\w+)\[\?\(@\.(\w+)=='(\w+)'\)\]\.length\(\)", path)
    if filtered:
        list_, member, value = filtered.groups()
        return sum(one[member] == value for one in report[list_])
    value = report
    for name in path.removeprefix("$.").split("."):
        value = value[name] if value else None
    return value


_SSL = "/etc/ssl"
PLACES = (
    (f"{_SSL}/private/journal-upload.pem", f"{_SSL}/certs/journal-upload.pem", "CT1", "systemd-journal"),
    (f"{_SSL}/private/journal-remote.pem", f"{_SSL}/certs/journal-remote.pem", "server",
     "systemd-journal-remote"),
)  # fmt: skip
"""The files of sender and receiver by default, key and certificate; the name of the certificate in the tests, and
who may read the key."""


@pytest.fixture
def certificates(machine: Machine, pki: PKI) -> Iterator[None]:
    """What a CA gives both sides; the name of the machine that receives is localhost."""
    machine.shell("[ ! -d /etc/ssl ] || cp -a /etc/ssl /run/ssl")
    for key, certificate, name, group in PLACES:
        machine.write(key, pki[name].key.read_text())
        machine.write(certificate, pki[name].file.read_text())
        machine.shell(f"chmod 640 {key} && chgrp {group} {key}")
    machine.write("/etc/ssl/ca/trusted.pem", pki["ca"].file.read_text())
    machine.run("chmod", "755", "/etc/ssl/private")
    yield
    machine.shell(
        "systemctl disable --now systemd-journal-upload.service systemd-journal-remote.socket;"
        "systemctl stop systemd-journal-remote.service; rm -rf /etc/systemd/journal-upload.conf.d"
        " /var/log/journal/remote /var/lib/private/systemd/journal-upload /var/lib/systemd/journal-upload;"
        "rm -rf /etc/ssl; [ ! -d /run/ssl ] || mv /run/ssl /etc/ssl",
        check=False,
    )


@pytest.mark.usefixtures("devices", "certificates")
def test_shipping_the_journal(
    machine: Machine, control: Control, recipe: Type, printed: dict[str, str]  # noqa: F811
) -> None:
    """Sender and receiver are the same machine here, over TLS with certificates on both sides."""
    (path,) = [path for path in printed if path.startswith("/etc/systemd/journal-upload.conf.d/")]
    machine.write(path, printed[path].replace("log.example", "localhost"))
    be_rejected_by_title(machine)
    began = time.monotonic()
    recipe("On log.example, receive it", check=False)
    recipe("On this host, send the journal", check=False)

    def has_arrived() -> bool:
        done = control.run("peers", "-D", "/var/log/journal/remote", "--json")
        return done.returncode == CRITICAL and ARCHIVE in done.stdout

    wait_for(has_arrived, 15, "the journal does not arrive")
    print(f"the journal is there after {time.monotonic() - began:.1f} s")
    told = recipe("On log.example, with echoscpd installed", check=False)
    assert "OK: according to the journal, echoscpd answers" in told or "CRITICAL: according" in told
    assert "on the device: " in told and ARCHIVE in told
    (file,) = machine.shell("ls /var/log/journal/remote").split()
    print(f"in {file}")
    assert ARCHIVE in control.run("peers", "--file", f"/var/log/journal/remote/{file}").stdout
    recipe("`echoscpctl` and echoscpd keep nothing besides", check=False)


@pytest.mark.usefixtures("devices")
def test_carrying_the_journal(machine: Machine, recipe: Type) -> None:  # noqa: F811
    be_rejected_by_title(machine)
    machine.shell("rm -rf /run/carried; mkdir /run/carried")
    recipe("Without a network between the two", around="cd /run/carried && {}")
    told = recipe("There, make a journal of them", around="cd /run/carried\n{}", check=False)
    assert "on the device: " in told and ARCHIVE in told
    machine.shell("rm -r /run/carried")


@pytest.mark.usefixtures("devices")
def test_privacy(machine: Machine, recipe: Type, printed: dict[str, str]) -> None:  # noqa: F811
    echo_from(DEVICE, "CT1")
    assert f"DICOM_PEER_ADDRESS={DEVICE}" in recipe("Show everything that is kept of a device")
    (path,) = [path for path in printed if path.startswith("/etc/systemd/journald.conf.d/")]
    machine.write(path, printed[path])
    try:
        machine.systemctl("restart", "systemd-journald")
        complaints = machine.run("journalctl", "-b", "-u", "systemd-journald", "-p", "warning").stdout
        assert path not in complaints, complaints
        machine.events()
        recipe("**Deleting.**", check=False)
        assert DEVICE in machine.run("echoscpctl", "peers", check=False).stdout
    finally:
        machine.shell("rm -r /etc/systemd/journald.conf.d; systemctl restart systemd-journald")
