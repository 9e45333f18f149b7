"""The recipes of echoscpd-journal(7), typed as the installed page prints them.

The device in them, CT1 at 192.0.2.7, is an address of the machine here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import echo
from machine import Machine
from peer import Peer
from recipes import recipes_of
from wire import associate_rq

PAGE = "/usr/share/man/man7/echoscpd-journal.7.gz"
DEVICE = "192.0.2.7"
STRICT = "[access]\nrequire-called-ae-title = yes\n"

Type = Callable[..., str]


@pytest.fixture
def recipes(machine: Machine) -> dict[str, str]:
    return recipes_of(machine.run("gzip", "-dc", PAGE).stdout)


@pytest.fixture
def recipe(machine: Machine, recipes: dict[str, str]) -> Type:
    """Types the recipe whose purpose begins like this, and gives what it prints."""

    def run(purpose: str, around: str = "{}", check: bool = True) -> str:
        (whole,) = [one for one in recipes if one.startswith(purpose)]
        machine.events()
        done = machine.run("bash", "-c", around.format(recipes[whole]), check=check)
        print(f"{recipes[whole]}\n{(done.stdout + done.stderr).rstrip()}")
        assert not check or not done.stderr, done.stderr
        return done.stdout

    return run


@pytest.fixture
def device(machine: Machine) -> Iterator[None]:
    """The machine has the address of the device."""
    machine.run("ip", "address", "add", f"{DEVICE}/32", "dev", "lo")
    yield
    machine.run("ip", "address", "del", f"{DEVICE}/32", "dev", "lo")


def associate(called: str = "ECHOSCP", calling: str = "CT1", echoes: int = 1) -> None:
    with Peer(11112, source=DEVICE) as peer:
        peer.associate(calling=calling, called=called)
        for number in range(echoes):
            peer.echo(number)
        peer.release()


def be_rejected(times: int, called: str = "ARCHIVE") -> None:
    for _ in range(times):
        with Peer(11112, source=DEVICE) as peer:
            peer.send(associate_rq(calling="CT1", called=called))
            peer.receive()


def counted(text: str) -> dict[str, int]:
    """Lines as `uniq -c` has them."""
    return {name: int(count) for count, name in (line.split(None, 1) for line in text.splitlines())}


@pytest.mark.usefixtures("device")
def test_what_went_wrong_is_counted_by_cause_and_address(machine: Machine, recipe: Type) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", STRICT)
    associate()
    causes = counted(recipe("What went wrong today"))
    addresses = counted(recipe("Which addresses"))
    be_rejected(3)
    # What repeats is told after a minute, or at the end.
    machine.systemctl("stop", "echoscpd.service")
    assert any(record.get("ECHOSCP_REPEATED") == "2" for record in machine.events())
    with Peer(11112, source=DEVICE) as peer:
        peer.send(b"GET / HTTP/1.1\r\n\r\n")
        peer.receive()
    new = counted(recipe("What went wrong today"))
    assert new["called-ae-title"] == causes.get("called-ae-title", 0) + 3
    assert new["http-on-dicom-port"] == causes.get("http-on-dicom-port", 0) + 1
    assert list(new.values()) == sorted(new.values(), reverse=True)
    new = counted(recipe("Which addresses"))
    assert new[DEVICE] == addresses.get(DEVICE, 0) + 4


@pytest.mark.usefixtures("device")
def test_all_of_one_device(recipe: Type) -> None:
    associate(echoes=2)
    echo(11112)
    for purpose in "All of one device", "The same by its address":
        lines = recipe(purpose).splitlines()
        assert f"CT1 at {DEVICE}:" in lines[-1] and "2 echoes" in lines[-1]
        assert not any("TESTSCU" in line for line in lines)


@pytest.mark.usefixtures("device")
def test_one_association_from_first_to_last(machine: Machine, recipe: Type) -> None:
    associate()
    assert len(recipe("The last association").splitlines()) == 1
    machine.write("/etc/echoscp.conf.d/t.conf", "[general]\nlog-level = debug\n")
    machine.systemctl("reload", "echoscpd")
    associate()
    echo(11112)
    told = recipe("The last association")
    steps = "association accepted", "C-ECHO-RQ 0 answered", "association released"
    places = [told.find(step) for step in steps]
    assert -1 not in places and places == sorted(places)
    assert "TESTSCU" not in told


@pytest.mark.usefixtures("device")
def test_the_devices_of_this_week_with_their_last_echo(recipe: Type) -> None:
    associate(calling="MR 1")
    associate(echoes=2)
    associate(calling="NO ECHO", echoes=0)
    be_rejected(1, called="")
    lines = recipe("The devices of this week").splitlines()
    titles = [line.split(" ", 2)[2] for line in lines]
    assert titles.count("CT1") == titles.count("MR 1") == 1 and "NO ECHO" not in titles
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in lines)


@pytest.mark.usefixtures("device")
def test_following_explains_each_record(machine: Machine, recipe: Type) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", STRICT)
    be_rejected(1)
    told = recipe("Watch while", around="timeout 3 {}", check=False)
    assert "CT1 at 192.0.2.7" in told
    assert "░░ On the device: Enter this host's AE title" in told


@pytest.mark.usefixtures("device")
def test_devices_that_a_stricter_archive_would_refuse(recipe: Type) -> None:
    associate(called="OTHER")
    associate(called="OTHER")
    assert counted(recipe("Which devices an archive"))["CT1"] >= 2


@pytest.mark.usefixtures("device")
def test_whether_a_device_has_ever_come(recipe: Type) -> None:
    associate()
    assert "CT1 at 192.0.2.7" in recipe("Has it ever come")


def test_whether_the_port_is_open(machine: Machine, recipe: Type) -> None:
    assert "active (listening)" in recipe("Is the port open")
    assert ":11112" in recipe("Is it the port")
    machine.systemctl("stop", "echoscpd.socket")
    assert "inactive" in recipe("Is the port open", check=False)
    assert ":11112" not in recipe("Is it the port")


@pytest.mark.usefixtures("device")
def test_whether_systemd_keeps_an_address_away(machine: Machine, recipe: Type) -> None:
    assert set(recipe("Does systemd keep").split()) == {"IPAddressAllow=", "IPAddressDeny="}
    machine.write(
        "/etc/systemd/system/echoscpd.socket.d/t.conf", f"[Socket]\nIPAddressDeny={DEVICE}\n"
    )
    machine.systemctl("daemon-reload")
    assert f"IPAddressDeny={DEVICE}" in recipe("Does systemd keep")


@pytest.mark.usefixtures("device")
def test_whether_there_is_a_way_back(recipe: Type) -> None:
    assert recipe("Is there a way back").startswith(f"local {DEVICE} dev lo")


@pytest.mark.usefixtures("device")
def test_whether_a_firewall_drops_it(machine: Machine, recipe: Type) -> None:
    assert recipe("Does a firewall", check=False) == ""
    if machine.run("nft", "add", "table", "inet", "t", check=False).returncode != 0:
        pytest.skip("this kernel has no nftables")
    try:
        chain = "{ type filter hook input priority 0; policy accept; }"
        machine.run("nft", f"add chain inet t input {chain}")
        assert "hook input" in recipe("Does a firewall")
    finally:
        machine.run("nft", "delete", "table", "inet", "t")


@pytest.mark.usefixtures("device")
def test_whether_its_first_packet_arrives(machine: Machine, recipe: Type) -> None:
    # The page waits for half a minute; here two packets are enough.
    told = recipe(
        "Does its first packet",
        around=f"(sleep 2; exec 3<>/dev/tcp/{DEVICE}/11112) & {{}} -c 2",
        check=False,
    )
    assert "Flags [S]" in told and "Flags [S.]" in told


def test_every_recipe_of_the_page_is_typed_here(recipes: dict[str, str]) -> None:
    begins = tuple(re.findall(r'"([A-Z][a-z]+ [^"]+)"', Path(__file__).read_text()))
    assert len(recipes) > 10
    for purpose in recipes:
        assert purpose.startswith(begins), purpose
