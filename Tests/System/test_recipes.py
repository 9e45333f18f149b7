"""The recipes of the guides, run as the installed guides print them.

Their device, CT1 at 192.0.2.7, is an address of the machine here.
"""

from __future__ import annotations

import hashlib
import json
import re
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import echo, refused
from journal import ASSOCIATION_ACCEPTED, ASSOCIATION_RELEASED, ECHO_RECEIVED
from machine import SERVICE, TLS, Machine
from peer import Peer
from pki import PKI
from recipes import CERTIFICATES, GUIDES, lines_of, recipes_of
from secure import TLSPeer, client_context, serve
from wire import associate_rq

FOLDER = "/usr/share/doc/echoscpd"
DEVICE = "192.0.2.7"
STRICT = "[access]\nrequire-called-ae-title = yes\n"

Type = Callable[..., str]


@pytest.fixture
def recipes(machine: Machine) -> dict[str, str]:
    found: dict[str, str] = {}
    for guide in GUIDES:
        new = recipes_of(machine.run("cat", f"{FOLDER}/{guide}").stdout)
        assert new and not new.keys() & found.keys(), guide
        found |= new
    # This machine has no openssl: `test_guide_to_tls.py` makes certificates as the guide does.
    return {key: text for key, text in found.items() if not text.startswith(CERTIFICATES)}


@pytest.fixture
def recipe(machine: Machine, recipes: dict[str, str]) -> Type:
    """Runs the recipe whose purpose begins with this text, and returns its output.

    Call it only with the text in quotation marks: the last test looks for these calls.
    """

    def run(purpose: str, around: str = "{}", check: bool = True) -> str:
        (whole,) = [one for one in recipes if one.startswith(purpose)]
        machine.events()
        done = machine.run("bash", "-c", around.format(recipes[whole]), check=check)
        print("\n".join([recipes[whole], *(done.stdout + done.stderr).splitlines()[-30:]]))
        assert not check or not done.stderr, done.stderr
        return done.stdout

    return run


@pytest.fixture
def device(machine: Machine) -> Iterator[None]:
    """Gives the machine the address of the device."""
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
    """Parses lines in the format of `uniq -c`."""
    return {name: int(count) for count, name in (line.split(None, 1) for line in text.splitlines())}


def released(machine: Machine, calling: str = "CT1") -> dict[str, str]:
    """The record of the last association of this calling AE title that was released."""
    records = machine.events_of(ASSOCIATION_RELEASED)
    return [record for record in records if record.get("DICOM_CALLING_AE") == calling][-1]


def rejected(machine: Machine) -> dict[str, str]:
    """The record of the rejection of the device for the title that it called."""
    (record,) = [r for r in machine.events() if r.get("ECHOSCP_CAUSE") == "called-ae-title"]
    assert (record["DICOM_CALLING_AE"], record["DICOM_PEER_ADDRESS"]) == ("CT1", DEVICE)
    return record


def sentence(record: dict[str, str]) -> str:
    return record["MESSAGE"].splitlines()[0]


def remedy(machine: Machine, record: dict[str, str]) -> str:
    """The line with which the message catalog begins to say what to do on the device, as `journalctl -x`
    shows it."""
    entry = machine.run("journalctl", "--dump-catalog", record["MESSAGE_ID"]).stdout
    (line,) = [line for line in entry.splitlines() if line.startswith("On the device: ")]
    return f"░░ {line}"


@pytest.mark.usefixtures("device")
def test_what_went_wrong_is_counted_by_cause_and_address(machine: Machine, recipe: Type) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", STRICT)
    associate()
    causes = counted(recipe("Failures in the last 24 hours ("))
    addresses = counted(recipe("Failures in the last 24 hours, counted by address"))
    be_rejected(3)
    # Repeated records are written after a minute, or at the end.
    machine.systemctl("stop", "echoscpd.service")
    assert any(record.get("ECHOSCP_REPEATED") == "2" for record in machine.events())
    with Peer(11112, source=DEVICE) as peer:
        peer.send(b"GET / HTTP/1.1\r\n\r\n")
        peer.receive()
    new = counted(recipe("Failures in the last 24 hours ("))
    assert new["called-ae-title"] == causes.get("called-ae-title", 0) + 3
    assert new["http-on-dicom-port"] == causes.get("http-on-dicom-port", 0) + 1
    assert list(new.values()) == sorted(new.values(), reverse=True)
    new = counted(recipe("Failures in the last 24 hours, counted by address"))
    assert new[DEVICE] == addresses.get(DEVICE, 0) + 4


@pytest.mark.usefixtures("device")
def test_all_of_one_device(machine: Machine, recipe: Type) -> None:
    associate(echoes=2)
    echo(11112)
    record = released(machine)
    assert (record["DICOM_PEER_ADDRESS"], record["DICOM_ECHOES"]) == (DEVICE, "2")
    assert "TESTSCU" in sentence(released(machine, "TESTSCU"))
    for told in recipe("By its AE title"), recipe("By its address"):
        assert told.splitlines()[-1].endswith(sentence(record))
        assert "TESTSCU" not in told


@pytest.mark.usefixtures("device")
def test_one_association_from_first_to_last(machine: Machine, recipe: Type) -> None:
    associate()
    assert len(recipe("Every record of its last association").splitlines()) == 1
    machine.write("/etc/echoscp.conf.d/t.conf", "[general]\nlog-level = debug\n")
    machine.systemctl("reload", "echoscpd")
    associate()
    echo(11112)
    told = recipe("Every record of its last association")
    association = released(machine)["DICOM_ASSOCIATION"]
    events = [one for one in machine.events() if one.get("DICOM_ASSOCIATION") == association]
    records = {event["MESSAGE_ID"]: event for event in events}
    assert records[ECHO_RECEIVED]["DICOM_MESSAGE_ID"] == "0"
    steps = ASSOCIATION_ACCEPTED, ECHO_RECEIVED, ASSOCIATION_RELEASED
    places = [told.find(sentence(records[step])) for step in steps]
    assert -1 not in places and places == sorted(places)
    assert "TESTSCU" not in told


@pytest.mark.usefixtures("device")
def test_the_devices_of_this_week_with_their_last_echo(recipe: Type) -> None:
    associate(calling="MR 1")
    associate(echoes=2)
    associate(calling="NO ECHO", echoes=0)
    be_rejected(1, called="")
    lines = recipe("Devices answered in the last seven days").splitlines()
    titles = [line.split(" ", 2)[2] for line in lines]
    assert titles.count("CT1") == titles.count("MR 1") == 1 and "NO ECHO" not in titles
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in lines)


@pytest.mark.usefixtures("device")
def test_following_explains_each_record(machine: Machine, recipe: Type) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", STRICT)
    be_rejected(1)
    told = recipe("Watch while", around="timeout 3 {}", check=False)
    record = rejected(machine)
    assert sentence(record) in told and remedy(machine, record) in told.splitlines()


@pytest.mark.usefixtures("device")
def test_the_last_attempt_is_explained(machine: Machine, recipe: Type) -> None:
    machine.write("/etc/echoscp.conf.d/t.conf", STRICT)
    associate()
    be_rejected(1)
    with Peer(11112) as other:
        other.associate(calling="OTHER", called="ECHOSCP")
        other.echo()
        other.release()
    told = recipe("**What happened to the device's last attempt?**")
    record = rejected(machine)
    assert "OTHER" in sentence(released(machine, "OTHER")) and "OTHER" not in told
    assert sentence(record) in told and remedy(machine, record) in told.splitlines()
    assert sentence(released(machine)) not in told
    assert recipe("**What is the cause in one word?**") == "called-ae-title\n"
    assert sentence(record) in recipe("**Does something concern every device?**")
    assert sentence(record) in recipe("All records with one cause")


def test_whether_the_service_answers(machine: Machine, recipe: Type) -> None:
    assert recipe("**Does the service answer at all?**").startswith("OK: ")
    machine.systemctl("stop", "echoscpd.socket")
    assert recipe("**Does the service answer at all?**", check=False).startswith("CRITICAL: ")


@pytest.mark.usefixtures("device")
def test_devices_that_a_stricter_archive_would_refuse(recipe: Type) -> None:
    associate(called="OTHER")
    associate(called="OTHER")
    assert counted(recipe("Devices that call the wrong AE title"))["CT1"] >= 2


@pytest.mark.usefixtures("device")
def test_all_fields_as_json(machine: Machine, recipe: Type) -> None:
    associate(echoes=2)
    records = [json.loads(line) for line in recipe("All fields as JSON").splitlines()]
    record = released(machine)
    assert record["DICOM_ECHOES"] == "2"
    (found,) = [one for one in records if one["__CURSOR"] == record["__CURSOR"]]
    assert found == record


@pytest.mark.usefixtures("device")
def test_whether_a_device_has_ever_arrived(machine: Machine, recipe: Type) -> None:
    associate()
    (line,) = recipe("Has the device ever reached this host?").splitlines()
    record = released(machine)
    assert record["DICOM_PEER_ADDRESS"] == DEVICE and line.endswith(sentence(record))


TLS_PORT = 2762
PLACE = "/run/guide"
"""The folder in which an administrator has made the certificates."""
CHANGED = "group group- gshadow gshadow-"
"""The files in /etc that groupadd(8) writes."""


def give(machine: Machine, pki: PKI, name: str) -> None:
    """Puts files where the guide makes them: those of the server `name`, and the CA."""
    for file, path in (
        ("ca.pem", pki["ca"].file),
        ("echoscpd.pem", pki[name].file),
        ("echoscpd.key", pki[name].key),
    ):
        machine.write(f"{PLACE}/{file}", path.read_text())


@pytest.fixture
def tls(machine: Machine, pki: PKI, recipe: Type) -> Iterator[PKI]:
    """The service with DICOM TLS, as the guide puts it there; with the group and the folders that Debian's
    package ssl-cert makes."""
    machine.shell(
        f"cd /etc && tar -cf /run/etc.tar {CHANGED} $(ls -d ssl); groupadd --force --system ssl-cert;"
        "install -d ssl/certs; install -d --mode=710 --group=ssl-cert ssl/private"
    )
    give(machine, pki, "server")
    guide = machine.run("cat", f"{FOLDER}/dicom-tls.md").stdout
    (settings,) = re.findall(r"```ini\n(\[tls\]\n[^`]*)```", guide)
    try:
        recipe("Copy the files", around=f"cd {PLACE} && {{}}")
        recipe("Make the daemon a member")
        machine.write("/etc/echoscp.conf.d/t.conf", settings)
        # systemctl reports the links that it makes on standard error.
        checked = recipe("Check them, and open port 2762", around="set -e; {}", check=False)
        assert checked.startswith("configuration OK")
        yield pki
    finally:
        machine.systemctl("disable", "--now", TLS)
        machine.shell(
            f"rm -rf /etc/ssl /etc/echoscpd {PLACE}; tar -xpf /run/etc.tar -C /etc && rm /run/etc.tar"
        )


def connect(pki: PKI, name: str = "", trusted: str = "ca") -> TLSPeer:
    """The device, over TLS, with the certificate `name` or without one."""
    context = client_context(pki, pki[name] if name else None, trusted=trusted)
    return TLSPeer(TLS_PORT, context, source=DEVICE)


def presented(pki: PKI) -> str:
    """The SHA-256 hash of the certificate that the service presents to a new connection."""
    with connect(pki) as peer:
        octets = peer.tls.getpeercert(binary_form=True)
        serve(peer)
    assert octets
    return hashlib.sha256(octets).hexdigest()


@pytest.mark.usefixtures("device")
def test_tls_in_service_and_renewed(machine: Machine, recipe: Type, tls: PKI) -> None:
    assert presented(tls) == tls["server"].fingerprint
    assert recipe("**Does TLS answer on this host?**").startswith("OK: ")
    give(machine, tls, "server-renewed")
    recipe("Copy the files", around=f"cd {PLACE} && {{}}")
    recipe("To renew the certificate of this host")
    assert presented(tls) == tls["server-renewed"].fingerprint
    echo(11112)


@pytest.mark.usefixtures("device")
def test_what_the_journal_says_of_tls(machine: Machine, recipe: Type, tls: PKI) -> None:
    with connect(tls) as peer:
        serve(peer, calling="NAMELESS")
    with connect(tls, "CT1") as peer:
        serve(peer, calling="GOOD")
    associate(calling="PLAIN")
    strict = counted(recipe("Count the devices that a strict archive"))
    plain = counted(recipe("Count those that still come without TLS"))
    assert "NAMELESS" in strict and "PLAIN" in plain
    assert not {"GOOD", "PLAIN"} & strict.keys() and not {"GOOD", "NAMELESS"} & plain.keys()
    with connect(tls, "CT1") as peer:
        serve(peer, calling="CT1")
    agreed = recipe("Show what was agreed with a device")
    assert f"DICOM_TLS_SUBJECT={tls['CT1'].subject}" in agreed and "DICOM_TLS_VERSION" in agreed
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(tls, trusted="other-ca")
    assert "own-certificate-refused" in recipe("Look up the cause, which this prints")


@pytest.mark.usefixtures("device")
def test_tls_alone(machine: Machine, recipe: Type, tls: PKI) -> None:
    recipe("Stop answering without TLS", around="set -e; {}", check=False)
    assert refused(11112)
    assert presented(tls) == tls["server"].fingerprint
    assert refused(11112) and machine.pid()
    machine.systemctl("stop", TLS, SERVICE)


def test_whether_the_port_is_open(machine: Machine, recipe: Type) -> None:
    assert "active (listening)" in recipe("Is the port open")
    assert ":11112" in recipe("Does the host listen")
    machine.systemctl("stop", "echoscpd.socket")
    assert "inactive" in recipe("Is the port open", check=False)
    assert ":11112" not in recipe("Does the host listen")


@pytest.mark.usefixtures("device")
def test_whether_systemd_keeps_an_address_away(machine: Machine, recipe: Type) -> None:
    assert set(recipe("Is systemd filtering").split()) == {"IPAddressAllow=", "IPAddressDeny="}
    machine.write(
        "/etc/systemd/system/echoscpd.socket.d/t.conf", f"[Socket]\nIPAddressDeny={DEVICE}\n"
    )
    machine.systemctl("daemon-reload")
    assert f"IPAddressDeny={DEVICE}" in recipe("Is systemd filtering")


@pytest.mark.usefixtures("device")
def test_whether_there_is_a_route_back(recipe: Type) -> None:
    assert recipe("Is there a route back").startswith(f"local {DEVICE} dev lo")


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
    # The recipe waits for half a minute; here, two packets are enough.
    told = recipe(
        "Does the device's first packet",
        around=f"(sleep 2; exec 3<>/dev/tcp/{DEVICE}/11112) & {{}} -c 2",
        check=False,
    )
    assert "Flags [S]" in told and "Flags [S.]" in told


@pytest.mark.usefixtures("device")
def test_the_queries_of_the_manual_and_the_readme(machine: Machine) -> None:
    """Each works as displayed, and finds the device."""
    machine.write("/etc/echoscp.conf.d/t.conf", STRICT)
    be_rejected(1)
    machine.events()
    readme = machine.run("cat", f"{FOLDER}/README.md").stdout.splitlines()
    lines = [line for line in readme if line.startswith("$ echoscpctl ")]
    for page in "man8/echoscpd.8", "man7/echoscpd-journal.7":
        lines += lines_of(machine.run("gzip", "-dc", f"/usr/share/man/{page}.gz").stdout)
    queries = {line.removeprefix("$ ") for line in lines if "journalctl " in line or "echoscpctl " in line}
    assert len(queries) > 5
    for query in sorted(queries):
        is_endless = " -f" in query or "watch" in query
        command = f"timeout 3 {query}" if is_endless else query
        # The status of a report is its verdict.
        done = machine.run("bash", "-c", command, check=not is_endless and "journalctl " in query)
        print(f"{query}: {len(done.stdout.splitlines())} lines")
        assert done.stdout and not done.stderr, query


def test_every_recipe_of_the_guides_is_run_here(recipes: dict[str, str]) -> None:
    tests = (Path(__file__), Path(__file__).with_name("test_monitoring.py"))
    begins = tuple(x for file in tests for x in re.findall(r'\brecipe\(\s*"([^"]+)"', file.read_text()))
    assert len(recipes) > 10
    for purpose in recipes:
        assert purpose.startswith(begins), purpose
