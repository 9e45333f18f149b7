"""The freshly installed package: it is complete, and its port answers even before the daemon has started."""

from __future__ import annotations

import re
import shutil
import subprocess
import time

import pytest

from daemon import echo, refused
from journal import LISTENING, STARTED
from load import Load
from machine import NOT_ENABLED, PRIVILEGED, SERVICE, Machine, wait_for
from packages import REPOSITORY
from peer import Peer
from replies import AssociateRJ
from wire import associate_rq

COMPLETIONS = {
    "bash": "bash-completion/completions/echoscpctl",
    "zsh": "zsh/vendor-completions/_echoscpctl",
    "fish": "fish/vendor_completions.d/echoscpctl.fish",
}
"""Below /usr/share, by the shell that reads it."""
DROP_IN = f"/etc/systemd/system/{SERVICE}.d/options.conf"


def test_first_connection_starts_the_daemon_and_is_answered(machine: Machine) -> None:
    assert machine.show("ActiveState") == "inactive"
    assert machine.systemctl("is-enabled", "echoscpd.socket") == "enabled"
    for unit in NOT_ENABLED:
        assert machine.systemctl("is-enabled", unit, check=False) == "disabled"
        assert machine.show("ActiveState", unit) == "inactive"
    begin = time.monotonic()
    echo(11112)
    first = time.monotonic() - begin
    assert machine.show("ActiveState") == "active"
    begin = time.monotonic()
    echo(11112)
    print(f"first echo after {first * 1000:.0f} ms, second after "
          f"{(time.monotonic() - begin) * 1000:.0f} ms")  # fmt: skip
    assert first < 2


def test_echoscu_is_answered(machine: Machine) -> None:
    program = shutil.which("echoscu")
    if program is None:
        pytest.skip("echoscu is not installed (Debian package dcmtk)")
    done = subprocess.run(
        [program, "-v", "127.0.0.1", "11112"], capture_output=True, text=True, check=False
    )
    print((done.stdout + done.stderr).strip().replace("\n", " · "))
    assert done.returncode == 0


def test_ipv4_and_ipv6(machine: Machine) -> None:
    for host in "127.0.0.1", "::1":
        echo(11112, host)
        print(f"{host} is answered")


def test_privileged_port(machine: Machine) -> None:
    machine.systemctl("start", PRIVILEGED)
    echo(104)
    echo(104, "::1")
    echo(11112)
    (started,) = machine.events_of(STARTED)
    # In JSON, a field with several values is an array.
    print(f"104 and 11112 are answered: {' · '.join(started['ECHOSCP_LISTENERS'])}")
    assert sorted(started["ECHOSCP_LISTENERS"]) == ["[::]:104", "[::]:11112"]
    assert len(machine.events_of(LISTENING)) == 2
    machine.systemctl("stop", "echoscpd.socket")
    assert machine.show("ActiveState", PRIVILEGED) == "inactive"
    assert refused(104) and refused(11112)
    print("stopping echoscpd.socket stops both")


def test_privileged_port_beside_a_daemon_that_runs(machine: Machine) -> None:
    echo(11112)
    pid = machine.pid()
    try:
        with Load(threads=2, rate=50) as load:
            machine.systemctl("enable", PRIVILEGED)
            machine.systemctl("restart", SERVICE)
            echo(104)
        print(f"enabled under load: 104 is answered; of {len(load.seconds)} connections to 11112 "
              f"{load.failures.total()} failed")  # fmt: skip
        assert load.seconds and not +load.failures, load.failures
        assert machine.pid() not in (0, pid)
        # The privileged socket also starts with the other one, as it stopped with it.
        machine.systemctl("stop", "echoscpd.socket")
        machine.systemctl("start", "echoscpd.socket")
        echo(104)
    finally:
        machine.systemctl("disable", "--now", PRIVILEGED)


def test_a_probe_asks_the_service_that_runs(machine: Machine) -> None:
    """Options in a drop-in are not in any file; an echoscpd in another unit is another one."""

    def title() -> str:
        lines = machine.run("echoscpd", "--probe").stdout.splitlines()
        print(lines[0])
        return re.match(r"OK: (\S+) at ", lines[0])[1]

    command = "/usr/sbin/echoscpd --ae-title=DROPIN --require-called-ae-title"
    machine.write(DROP_IN, f"[Service]\nExecStart=\nExecStart={command}\n")
    machine.systemctl("daemon-reload")
    machine.run("systemd-run", "--unit=other", "echoscpd", "11113", "-aet", "OTHER")
    try:
        # The first probe starts the service, whose options are not known before.
        assert title() == "DROPIN"
        assert title() == "DROPIN"
    finally:
        machine.systemctl("stop", "other")
    machine.write("/etc/echoscp.conf.d/t.conf", "[access]\nallow-addresses = 192.0.2.0/24\n")
    machine.systemctl("reload", SERVICE)
    done = machine.run("echoscpd", "--probe", check=False)
    print(done.stdout.strip())
    assert done.returncode == 2 and "add 127.0.0.1 to allow-addresses" in done.stdout
    machine.write("/etc/echoscp.conf.d/t.conf", "[access]\nallow-addresses = 192.0.2.0/24, 127.0.0.1\n")
    machine.systemctl("reload", SERVICE)
    assert title() == "DROPIN"


def test_status_shows_live_numbers(machine: Machine) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", "[access]\nallow-calling-ae-titles = TEST*\n")

    def line() -> str:
        text = machine.systemctl("status", SERVICE, check=False)
        return next((x.strip() for x in text.splitlines() if x.strip().startswith("Status:")), "")

    def becomes(numbers: str) -> None:
        when = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+"
        wanted = rf'Status: "serving since {when}: {numbers}"'
        wait_for(lambda: re.fullmatch(wanted, line()), 3, f"{line()} does not become {wanted}")
        print(line())

    echo(11112)
    with Peer(11112) as peer:
        peer.associate()
        becomes("1 association open, 1 echo answered, 0 rejected")
        peer.echo()
        peer.release()
    with Peer(11112) as peer:
        peer.send(associate_rq(calling="OTHER"))
        assert isinstance(peer.receive(), AssociateRJ)
    becomes("0 associations open, 2 echoes answered, 1 rejected")


def test_echoscpctl_comes_with_its_page_and_its_completions(machine: Machine) -> None:
    """It finds its libraries, and the completions are those of this program."""
    page = machine.run("gzip", "-dc", "/usr/share/man/man1/echoscpctl.1.gz").stdout
    assert ".Nm echoscpctl" in page
    for shell, place in COMPLETIONS.items():
        made = machine.run("echoscpctl", "--generate-completion-script", shell).stdout
        installed = machine.run("cat", f"/usr/share/{place}").stdout
        print(f"{place}: {len(installed.splitlines())} lines")
        # A file that bash reads, as a part of the shell, has no interpreter.
        assert "echoscpctl" in installed and installed in (made, made.partition("\n")[2])
        assert not installed.startswith("#!")


def test_the_examples_are_installed_as_they_are(machine: Machine) -> None:
    """An administrator copies them, and nothing has to be decompressed before."""
    folder = "/usr/share/doc/echoscpd/examples"
    sources = [REPOSITORY / "packaging/haproxy/echoscpd.cfg"]
    sources += [one for one in (REPOSITORY / "packaging/systemd").iterdir() if one.suffix == ".conf"]
    assert sorted(machine.run("ls", folder).stdout.split()) == sorted(one.name for one in sources)
    for source in sources:
        assert machine.run("cat", f"{folder}/{source.name}").stdout == source.read_text(), source
    print(*(source.name for source in sources), sep=" · ")


def test_exposure(machine: Machine) -> None:
    echo(11112)
    text = machine.run("systemd-analyze", "security", "--no-pager", SERVICE, check=False).stdout
    (line,) = [line for line in text.splitlines() if "Overall exposure" in line]
    print(line.strip("→ "))
    assert float(re.search(r": ([\d.]+) ", line)[1]) <= 0.2


def test_limits_of_the_unit(machine: Machine) -> None:
    # WatchdogUSec is only known while the service runs.
    echo(11112)
    names = ("MemoryMax", "TasksMax", "LimitNOFILE", "WatchdogUSec", "IPAddressDeny", "Restart")
    found = {name: machine.show(name) for name in names}
    print(found)
    # The two networks come in no particular order.
    found["IPAddressDeny"] = " ".join(sorted(found["IPAddressDeny"].split()))
    assert found == {
        "MemoryMax": str(1200 << 20),
        "TasksMax": "96",
        "LimitNOFILE": "16384",
        "WatchdogUSec": "10s",
        "IPAddressDeny": "0.0.0.0/0 ::/0",
        "Restart": "on-failure",
    }


def test_units_are_right(machine: Machine) -> None:
    text = machine.run("systemd-analyze", "verify", "--man=no", SERVICE, *NOT_ENABLED)
    print(f"systemd-analyze verify: {(text.stdout + text.stderr).strip() or 'no messages'}")
    assert not text.stderr.strip()
