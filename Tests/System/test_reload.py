"""`systemctl reload`: new settings for new associations, or a failure that says why."""

from __future__ import annotations

import time

from daemon import echo, refused
from journal import RESTART_NEEDED, SOCKETS_OVERRIDE, STARTED
from machine import SERVICE, Machine
from peer import Peer
from wire import associate_rq

FILE = "/etc/echoscp.conf.d/test.conf"
TITLE = "[network]\nae-title = {}\n[access]\nrequire-called-ae-title = yes\n"


def answer(called: str) -> str:
    with Peer(11112) as peer:
        peer.send(associate_rq(called=called))
        return type(peer.receive()).__name__


def test_reload_while_an_association_goes_on(machine: Machine) -> None:
    with Peer(11112) as old:
        old.associate(called="ANYTHING")
        machine.write(FILE, TITLE.format("NEWTITLE"))
        begin = time.monotonic()
        machine.systemctl("reload", SERVICE)
        print(f"reloaded in {(time.monotonic() - begin) * 1000:.0f} ms")
        answers = {called: answer(called) for called in ("NEWTITLE", "ANYTHING")}
        print(answers)
        assert answers == {"NEWTITLE": "AssociateAC", "ANYTHING": "AssociateRJ"}
        for number in range(10):
            old.echo(number)
        old.release()
    print("the old association continued to echo")
    assert machine.show("ActiveState") == "active"


def test_a_bad_reload_fails_and_says_why(machine: Machine) -> None:
    machine.write(FILE, TITLE.format("FIRST"))
    assert answer("FIRST") == "AssociateAC"
    pid = machine.pid()
    machine.write(FILE, TITLE.format("SECOND") + "[network]\nport = many\n")
    done = machine.run("systemctl", "reload", SERVICE, check=False)
    print(done.stderr.strip().splitlines()[0])
    assert done.returncode != 0
    status = machine.systemctl("status", SERVICE, check=False)
    fault = f"{FILE}:6: port: "
    shown = [line.strip() for line in status.splitlines() if fault in line]
    print(shown[0])
    assert any(line.startswith("Status:") for line in shown)
    assert any("echoscpd[" in line for line in shown)
    (record,) = [r for r in machine.events() if r.get("ECHOSCP_CAUSE") == "config-invalid"]
    assert record["PRIORITY"] == "3" and fault in record["MESSAGE"]
    assert (answer("FIRST"), answer("SECOND")) == ("AssociateAC", "AssociateRJ")
    assert machine.pid() == pid
    machine.write(FILE, TITLE.format("SECOND"))
    machine.systemctl("reload", SERVICE)
    assert (answer("FIRST"), answer("SECOND")) == ("AssociateRJ", "AssociateAC")
    print("the old settings stayed until the file was fixed")


def test_the_log_level_by_reload(machine: Machine) -> None:
    echo(11112)
    machine.events()
    machine.forget_journal()
    echo(11112)
    usual = len(machine.events())
    machine.write(FILE, "[general]\nlog-level = debug\n")
    machine.systemctl("reload", SERVICE)
    machine.events()
    machine.forget_journal()
    echo(11112)
    steps = [record["MESSAGE"].splitlines()[0] for record in machine.events()]
    print(f"records of an echo: {usual} at info, {len(steps)} at debug: {' · '.join(steps)}")
    assert usual == 1
    assert len(steps) >= 4


def test_what_a_reload_cannot_change_is_said(machine: Machine) -> None:
    echo(11112)
    machine.write(FILE, "[network]\nworkers = 1\n")
    machine.systemctl("reload", SERVICE)
    (record,) = machine.events_of(RESTART_NEEDED)
    print(record["MESSAGE"])
    assert record["PRIORITY"] == "4"
    assert "workers" in record["MESSAGE"] and "systemctl restart echoscpd" in record["MESSAGE"]
    # The daemon logs it, and the reload command gets it as its answer.
    told = [r["_TRANSPORT"] for r in machine.journal() if r["MESSAGE"] == record["MESSAGE"]]
    assert sorted(told) == ["journal", "stdout"]


def test_the_file_does_not_say_where_to_listen(machine: Machine) -> None:
    machine.write(FILE, "[network]\nport = 104\nbind-address = 192.0.2.7\n")
    echo(11112)
    (started,) = machine.events_of(STARTED)
    assert (started["ECHOSCP_SOCKETS"], started["ECHOSCP_LISTENERS"]) == ("passed", "[::]:11112")
    (record,) = machine.events_of(SOCKETS_OVERRIDE)
    text = record["MESSAGE"]
    print(text)
    assert record["PRIORITY"] == "4"
    assert "192.0.2.7:104" in text and "[::]:11112" in text
    assert "systemctl edit echoscpd.socket" in text
    assert refused(104)
