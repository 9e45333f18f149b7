"""Two nodes behind HAProxy, which runs with the configuration that the package ships: whose connections they see, what
the health check finds, and which associations fail while nodes are replaced.

A node whose SCP refuses the context or answers with another status is not echoscpd: `Tests/Interop/test_haproxy.py` has
those checks.
"""

from __future__ import annotations

import json
import re
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from balanced import (
    BACKENDS,
    BALANCER,
    CLIENTS,
    FILES,
    HAPROXY,
    NODES,
    PLAIN,
    TLS_ENDED,
    TLS_THROUGH,
    UNITS,
    Site,
    balanced,
    echo_through,
)
from control import Control, own_journal
from journal import ASSOCIATION_RELEASED
from machine import Machine, wait_for
from peer import Peer
from pki import PKI
from relayed import Lasting, Visits, replace_nodes
from replies import CLOSED, RESET, AssociateRJ
from secure import TLSPeer, client_context, serve
from wire import associate_rq


@pytest.fixture(scope="module")
def shared(installed: Machine, pki: PKI) -> Iterator[Site]:
    """The site, which the tests share."""
    installed.reset()
    with own_journal(installed), balanced(installed, pki) as site:
        yield site


@pytest.fixture
def site(shared: Site, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The site, with the journal of this test alone."""
    with shared.machine.recorded(lambda: request.session.testsfailed):
        yield shared


@pytest.fixture
def control(site: Site) -> Control:
    return Control(site.machine)


def released(site: Site) -> list[dict[str, str]]:
    """The records of associations that were released; each names the balancer."""
    records = site.machine.events_of(ASSOCIATION_RELEASED)
    assert {record["ECHOSCP_PROXY_ADDRESS"] for record in records} == {BALANCER}
    return records


def caused(site: Site, cause: str) -> list[dict[str, str]]:
    return [record for record in site.machine.events() if record.get("ECHOSCP_CAUSE") == cause]


def rows(control: Control, *words: str) -> list[dict]:
    """The rows of `echoscpctl peers` of both nodes."""
    return [row for unit in UNITS.values() for row in control.report("peers", "--unit", unit, *words)["peers"]]


# ---------------------------------------------------------------------------------------------
# Whose connection it is


def test_records_and_reports_have_the_address_of_the_device(site: Site, control: Control) -> None:
    ports = {(client, str(echo_through(site, client, "MR1"))) for client in CLIENTS}
    records = released(site)
    assert {(one["DICOM_PEER_ADDRESS"], one["DICOM_PEER_PORT"]) for one in records} == ports
    served = Counter(record["_SYSTEMD_UNIT"] for record in records)
    print(f"{len(CLIENTS)} devices, served by {dict(served)}")
    assert set(served) == set(UNITS.values())
    found = rows(control)
    assert {row["address"] for row in found if row["calling_ae_title"] == "MR1"} == set(CLIENTS)
    assert {row["state"] for row in found if row["address"] == BALANCER} <= {"check"}
    text = "".join(control.run("peers", "--unit", unit).stdout for unit in UNITS.values())
    assert all(client in text for client in CLIENTS)


def refused(peer: Peer) -> AssociateRJ:
    """The answer to CT1 if its title is bound to another certificate."""
    peer.send(associate_rq(calling="CT1", called="ECHOSCP"))
    reply = peer.receive()
    assert isinstance(reply, AssociateRJ), reply
    return reply


@pytest.mark.parametrize("port", [TLS_ENDED, TLS_THROUGH], ids=["ends", "passes"])
def test_tls_and_a_title_bound_to_a_certificate(site: Site, pki: PKI, port: int) -> None:
    """`certificate = cn:CT1` holds if TLS ends at the balancer, and if it passes through."""
    # A node writes one record of equal failures of the same address in a short time.
    other, plain = CLIENTS[2:4] if port == TLS_ENDED else CLIENTS[4:6]

    def connect(name: str, source: str) -> TLSPeer:
        return TLSPeer(port, client_context(pki, pki[name]), host=BALANCER, source=source)

    for source in CLIENTS[:2]:
        with connect("CT1", source) as peer:
            serve(peer, "CT1")
    for record in released(site):
        print(record["MESSAGE"].splitlines()[0])
        assert record["DICOM_PEER_ADDRESS"] in CLIENTS[:2]
        assert record["DICOM_TLS_VERSION"] == "TLSv1.3" and record["DICOM_TLS_CIPHER"].startswith("TLS_AES_")
        assert "CN=CT1" in record["DICOM_TLS_SUBJECT"].split(",")
    assert len(released(site)) == 2
    with connect("RSA", other) as peer:
        assert refused(peer) == AssociateRJ(1, 1, 3)
    with Peer(PLAIN, BALANCER, source=plain) as peer:
        assert refused(peer) == AssociateRJ(1, 1, 3)
    denied = [one for one in site.machine.events() if one["PRIORITY"] < "6"]
    assert {one["DICOM_PEER_ADDRESS"] for one in denied} == {other, plain}
    print(*(one["MESSAGE"].splitlines()[0] for one in denied), sep="\n")


def test_a_device_without_a_certificate_does_not_reach_a_node(site: Site, pki: PKI) -> None:
    """If TLS ends at the balancer, it requires one."""
    with (
        pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"),
        TLSPeer(TLS_ENDED, client_context(pki), host=BALANCER, source=CLIENTS[0]) as peer,
    ):
        peer.associate()
    assert not [one for one in site.machine.events() if one.get("DICOM_PEER_ADDRESS") == CLIENTS[0]]


def test_address_rules_are_for_devices(site: Site) -> None:
    for node in NODES:
        site.configure(node, f"[access]\ndeny-addresses = {CLIENTS[0]}\n")
    try:
        for _ in NODES:
            with Peer(PLAIN, BALANCER, source=CLIENTS[0]) as peer:
                with suppress(ConnectionError):
                    peer.send(associate_rq(calling="MR1", called="ECHOSCP"))
                assert peer.receive() in (CLOSED, RESET)
            echo_through(site, CLIENTS[1], "MR1")
    finally:
        for node in NODES:
            site.configure(node, "")
    found = caused(site, "address-denied")
    assert found and {(one["DICOM_PEER_ADDRESS"], one["ECHOSCP_PROXY_ADDRESS"]) for one in found} == {
        (CLIENTS[0], BALANCER)
    }
    echo_through(site, CLIENTS[0], "MR1")


def test_health_checks_leave_one_record_and_no_failing_device(site: Site, control: Control) -> None:
    """A process writes the first one, and after an hour or when it ends, how many followed."""
    # Time for the second check in each backend.
    time.sleep(max(0.0, site.began + 8 - time.monotonic()))
    site.machine.systemctl("restart", UNITS["node1"])
    site.wait_until_up()
    lines = site.machine.run("journalctl", "-b", "-o", "json", "ECHOSCP_CAUSE=health-check").stdout.splitlines()
    records = [json.loads(line) for line in lines]
    echoed = [one for one in records if one["DICOM_PEER_ADDRESS"] == BALANCER and one.get("DICOM_CALLING_AE")]
    first = Counter(one["_PID"] for one in echoed if "ECHOSCP_REPEATED" not in one)
    sums = {one["_PID"]: int(one["ECHOSCP_REPEATED"]) for one in echoed if "ECHOSCP_REPEATED" in one}
    print(f"{len(records)} records of health checks by {len(first)} processes; repetitions: {sums}")
    assert len(first) >= len(NODES) and set(first.values()) == {1}
    assert len(echoed) == len(first) + len(sums) and sum(sums.values()) >= 3
    assert {record["PRIORITY"] for record in records} == {"6"}
    of_balancer = [row for row in rows(control) if row["address"] == BALANCER]
    assert {row["state"] for row in of_balancer} == {"check"}, of_balancer
    assert BALANCER not in [row["address"] for row in rows(control, "--failing")]


# ---------------------------------------------------------------------------------------------
# While nodes are replaced

def test_no_association_fails_but_those_on_a_node_that_is_killed(site: Site, pki: PKI) -> None:
    """Associations last less than the 5 s for which a restart without a drain lets them finish (drain-timeout), and are
    never idle for a second. No client tries again: a connection that reaches a node without a process waits in the
    socket that systemd holds, and the next process serves it."""
    site.wait_until_up()
    report: list[str] = []
    contexts = {port: client_context(pki, pki["CT1"]) for port in (TLS_ENDED, TLS_THROUGH)}
    with (
        Visits(threads=6, rate=20) as visits,
        Visits(threads=2, rate=5, contexts=contexts) as secure,
        Lasting(threads=8, rate=2) as lasting,
    ):
        kills = replace_nodes(site, report)
    print(*report, sep="\n")
    loads = visits, secure, lasting
    log = site.connections()
    nodes = Counter(connection.node for connection in log)
    print(f"released: {len(visits.seconds)} short associations, {len(secure.seconds)} over TLS and "
          f"{len(lasting.seconds)} lasting ones, with {sum(load.echoes for load in loads)} echoes; "
          f"by node: {dict(nodes)}; longest wait "
          f"{max(load.longest for load in loads):.2f} s")  # fmt: skip
    by_node: Counter[str] = Counter()
    for failure in (failure for load in loads for failure in load.failed):
        (one,) = (x for x in log if failure.is_of(x))
        print(f"failed: {failure.reason} at {one.address}:{one.port} on {one.node}, after {one.end - one.start:.3f} s")
        assert one.node in kills and kills[one.node].hits(failure.began, failure.ended), failure
        by_node[one.node] += 1
    for node, end in kills.items():
        there = sum(x.node == node and end.hits(x.start - 0.01, x.end + 0.01) for x in log)
        print(f"{node}: {end.sessions} associations before its kill, {there} in the log at that moment, "
              f"{by_node[node]} failed")  # fmt: skip
        assert 0 < by_node[node] <= there
    assert len(visits.seconds) > 1000 and len(lasting.seconds) > 40
    assert len(secure.seconds) > 100 and set(nodes) == set(NODES), nodes
    failed = [check for check in site.failed_checks() if "Connection refused" not in check]
    print(f"{len(failed)} health checks failed", *failed, sep="\n")
    assert not any("DOWN" in check for check in failed), "a node was taken out"
    assert all(load.failures.total() == len(load.failed) for load in loads)


# ---------------------------------------------------------------------------------------------
# The health check

REJECTED = "got 0300000000040001{:04x} comment: association not accepted"
"""What HAProxy shows of an A-ASSOCIATE-RJ of the service user, with its reason."""


def test_why_a_node_is_down(site: Site) -> None:
    """node1 is suspended; node2 refuses connections, then its settings reject the check. The guide says how long each
    takes, and its command shows the reasons."""
    told = re.search(r"after (\d+) seconds if it refuses connections, after (\d+) if it is silent", site.guide)
    assert told
    refuses, is_silent = map(int, told.groups())
    site.wait_until_up()
    # systemd would start a suspended service again before the check has failed often enough.
    site.machine.systemctl("service-watchdogs", "no")
    begun = time.monotonic()

    def reason(node: str, within: float, words: str, *checks: str) -> None:
        """Waits until the node is down with these results of the check, one for each backend or one for all."""
        wanted = checks + checks[-1:] * (len(BACKENDS) - len(checks))

        def is_shown() -> bool:
            found = [nodes[node] for nodes in site.all_servers().values()]
            return all(
                one.status.startswith("DOWN") and one.check == check and (words in one.reason or check == "L6TOUT")
                for one, check in zip(found, wanted, strict=True)
            )

        left = begun + within - time.monotonic()
        wait_for(is_shown, left, f"{node} is not down with {checks}, {words}")
        shown = {f"{nodes[node].check} {nodes[node].reason}" for nodes in site.all_servers().values()}
        print(f"{time.monotonic() - begun:4.1f} s: {node}:", *sorted(shown), sep="\n        ")

    with site.machine.halted(UNITS["node1"]):
        site.machine.systemctl("stop", *site.sockets("node2"))
        reason("node2", refuses + 1.5, "Connection refused", "L4CON")
        site.machine.write(f"{FILES['node2']}.d/test.conf", "[access]\nallow-calling-ae-titles = MR*\n")
        site.machine.systemctl("start", *site.sockets("node2"))
        reason("node2", is_silent, REJECTED.format(0x0103), "L7RSP")
        site.configure("node2", "[network]\nae-title = PACS\n[access]\nrequire-called-ae-title = yes\n")
        # With TLS that passes through, the handshake comes first.
        reason("node1", is_silent + 1.5, "association not accepted", "L7TOUT", "L7TOUT", "L6TOUT")
        reason("node2", is_silent + 6, REJECTED.format(0x0107), "L7RSP")
        shown = site.recipe("HAProxy shows why a node is down").splitlines()
        print(*shown, sep="\n")
        assert shown[0] == "# pxname,svname,status,check_status,last_chk"
        # An asterisk marks a check in progress.
        assert any(line.replace("* ", "").startswith("nodes,node1,DOWN,L7TOUT,") for line in shown)
        assert any(REJECTED.format(0x0107) in line for line in shown if line.startswith("nodes,node2,DOWN,L7RSP,"))
    site.machine.systemctl("service-watchdogs", "yes")
    site.configure("node2", "")
    begun = time.monotonic()
    site.wait_until_up()
    print(f"all up again after {time.monotonic() - begun:.1f} s")
    echo_through(site, CLIENTS[0], "MR1")


def test_a_check_that_passes_again_ends_the_failure(site: Site, control: Control) -> None:
    """The nodes have answered since the test above, whose failed checks no device has made."""
    found = [row for row in rows(control) if row["address"] == BALANCER]
    print(*(f"{row['calling_ae_title']}: {row['state']}, {row['failures']} failures" for row in found), sep="\n")
    # A check over TLS that fails before its A-ASSOCIATE-RQ has no title that a later one could have.
    titled = [row for row in found if row["calling_ae_title"]]
    assert any(row["failures"] for row in titled)
    assert {row["state"] for row in titled} == {"check"}


def test_a_check_for_another_title(site: Site) -> None:
    """The lines that the guide's command prints replace those of the example."""
    lines = site.recipe("A TCP check only tells that a port is open")
    text = site.machine.run("cat", "/etc/haproxy/haproxy.cfg").stdout
    begin, end = (text.index(mark) for mark in ("  # Printed by:", "  # end of health-check"))
    assert text[begin:end].count("\n") == lines.count("\n")
    site.machine.write("/run/other.cfg", text[:begin] + lines + text[end:])
    done = site.machine.run("haproxy", "-c", "-f", "/run/other.cfg")
    site.machine.run("rm", "/run/other.cfg")
    assert "WARNING" not in done.stderr and b"MYPACS".hex().upper() in lines
