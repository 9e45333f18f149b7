"""Two nodes with echoscpd behind HAProxy in one machine, set up as the guide says, with the addresses of the guide.

The machine itself is node1, where the package is installed. node2 has units of its own, made from those of the package;
its sockets are in another network namespace, as HAProxy is. All three have their addresses on one switch, so nothing in
the configuration of HAProxy has to be changed.
"""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from machine import PROXY, SERVICE, SOCKETS, TLS_PROXY, Machine, wait_for
from peer import Peer
from pki import PKI
from recipes import files_of, recipes_of

BALANCER = "192.0.2.1"
NODES = {"node1": "192.0.2.11", "node2": "192.0.2.12"}
CLIENTS = [f"192.0.2.{number}" for number in range(101, 109)]
"""The addresses of devices, which are on the switch as well."""
BACKENDS = "nodes", "nodes-behind-tls", "nodes-with-tls"
PLAIN, TLS_ENDED, TLS_THROUGH = 104, 2762, 2763
"""The ports of the balancer: without TLS, with TLS that ends there, and with TLS that passes through."""
UNITS = {"node1": SERVICE, "node2": "node2.service"}

FOLDER = "/usr/share/doc/echoscpd"
GUIDE, EXAMPLES = f"{FOLDER}/behind-nat-or-a-load-balancer.md", f"{FOLDER}/examples"
CREDENTIAL = "tls-key-as-credential.conf"
HAPROXY = "haproxy.service"
FILES = {"node1": "/etc/echoscp.conf", "node2": "/etc/node2.conf"}
"""The configuration file of each node."""

_NETWORK = """
ip link add switch type bridge && ip link set switch up && ip address add {node1}/24 dev switch
for host in balancer node2; do
  ip netns add $host
  ip link add to-$host type veth peer name eth0 netns $host
  ip link set to-$host master switch up
  ip -n $host link set lo up && ip -n $host link set eth0 up
done
ip -n balancer address add {balancer}/24 dev eth0
ip -n node2 address add {node2}/24 dev eth0
for client in {clients}; do ip address add $client/32 dev switch; done
"""

# The units of the package under another name, with sockets in the network of node2 and a configuration of their own.
_UNITS_OF_NODE2 = r"""
for unit in echoscpd.service echoscpd.socket echoscpd-proxy.socket echoscpd-tls-proxy.socket; do
  sed -E -e 's/echoscpd((-[a-z-]+)?\.(socket|service))/node2\1/g' -e 's/^(RuntimeDirectory)=.*/\1=node2/' \
    -e 's|^ExecStart=.*|& --config /etc/node2.conf|' \
    -e 's|^\[Socket\]|&\nNetworkNamespacePath=/run/netns/node2|' \
    /lib/systemd/system/$unit >/run/systemd/system/node2${unit#echoscpd}
done
"""

_AWAY = f"""
systemctl stop {HAPROXY} node2.socket node2-proxy.socket node2-tls-proxy.socket node2.service
systemctl disable --now {PROXY} {TLS_PROXY}
rm -rf /run/systemd/system/node2* /run/systemd/system/{HAPROXY}.d /etc/systemd/system/{SERVICE}.d /etc/node2*
rm -f /etc/haproxy/*.pem /etc/echoscp.conf.d/* /var/lib/haproxy/dev/log
mv /run/haproxy.cfg /etc/haproxy/
rm -rf /etc/ssl; [ ! -d /run/ssl ] || mv /run/ssl /etc/ssl
systemctl daemon-reload; systemctl reset-failed; systemctl service-watchdogs yes
for host in balancer node2; do ip netns del $host; done
ip link del switch
"""


@dataclass(frozen=True)
class Server:
    """A line of `show stat`: a server of a backend, with what its health check has found."""

    status: str
    check: str
    """check_status, such as L7OK; an asterisk marks a check in progress."""
    reason: str
    """last_chk: the words of HAProxy."""
    sessions: int
    moved: int
    """The connections that went to another node because this one did not accept them."""

    @property
    def is_up(self) -> bool:
        return self.status.startswith("UP") and self.check.endswith("L7OK")


@dataclass(frozen=True)
class Connection:
    """A connection of a device, with the node that it went to."""

    address: str
    port: int
    node: str
    start: float
    end: float
    """Its times, which are exact to a few milliseconds."""


class Site:
    """The nodes and the balancer."""

    def __init__(self, machine: Machine, guide: str) -> None:
        self.machine = machine
        self.guide = guide
        self.began = time.monotonic()
        self._recipes = recipes_of(guide)
        self.file = files_of(guide)["/etc/echoscp.conf.d/proxy.conf"]
        """The settings that the guide has each node set."""
        (self.device,) = re.findall(r"```ini\n(\[device CT1\]\ncertificate[^`]*)```", guide)

    def recipe(self, purpose: str, node: str = "node1", backend: str = "nodes") -> str:
        """Runs the commands of the guide whose purpose begins with this text; returns their output. What they say about
        node1 of the backend nodes is done to another one."""
        (whole,) = [one for one in self._recipes if one.startswith(purpose)]
        commands = self._recipes[whole].replace("nodes/node1", f"{backend}/{node}")
        done = self.machine.run("bash", "-e", "-c", commands)
        return done.stdout

    def servers(self, backend: str = "nodes") -> dict[str, Server]:
        """What HAProxy says about each node."""
        return self.all_servers()[backend]

    def all_servers(self) -> dict[str, dict[str, Server]]:
        text = self.machine.shell("echo 'show stat' | socat stdio /run/haproxy/admin.sock")
        found: dict[str, dict[str, Server]] = {backend: {} for backend in BACKENDS}
        for row in csv.DictReader(io.StringIO(text.removeprefix("# "))):
            if row["pxname"] in found and row["svname"] in NODES:
                found[row["pxname"]][row["svname"]] = Server(
                    row["status"], row["check_status"], row["last_chk"], int(row["scur"]), int(row["wredis"])
                )
        return found

    def wait_until_up(self, within: float = 15) -> None:
        """Waits until the checks of all nodes in all backends succeed."""

        def are_up() -> bool:
            found = [one for nodes in self.all_servers().values() for one in nodes.values()]
            # After a reload, the process before may still answer, with its servers.
            return len(found) == len(BACKENDS) * len(NODES) and all(one.is_up for one in found)

        wait_for(are_up, within, f"not all are up: {self.all_servers()}")

    def drain(self, node: str) -> None:
        """Takes a node out, and waits until it has no connection, as the guide says."""
        for backend in BACKENDS:
            assert not self.recipe("Take node1 out", node, backend).strip()

        def is_empty() -> bool:
            rows = self.recipe("Repeat this for the backends").splitlines()
            ours = [row.split(",") for row in rows if f",{node}," in row]
            assert len(ours) == len(BACKENDS) and all("DRAIN" in row[3] for row in ours), rows
            return all(row[2] == "0" for row in ours)

        wait_for(is_empty, 15, f"{node} keeps connections")

    def ready(self, node: str) -> None:
        """Takes a node back."""
        for backend in BACKENDS:
            assert not self.recipe("Upgrade the node with", node, backend).strip()

    def configure(self, node: str, text: str) -> None:
        """Adds settings to a node, in place of those that this has added before, and reloads them."""
        self.machine.write(f"{FILES[node]}.d/test.conf", text)
        self.machine.systemctl("reload", UNITS[node])

    def sockets(self, node: str) -> list[str]:
        """The units of its sockets."""
        units = SOCKETS[0], PROXY, TLS_PROXY
        return [unit.replace("echoscpd", UNITS[node].removesuffix(".service")) for unit in units]

    def failed_checks(self) -> list[str]:
        """What HAProxy has logged of health checks that failed."""
        messages = (record.get("MESSAGE", "") for record in self.machine.journal("-u", HAPROXY))
        return [text for text in messages if text.startswith("Health check for ") and " failed, " in text]

    def connections(self) -> list[Connection]:
        """The connections that have ended, from the log of HAProxy."""
        found = []
        for record in self.machine.journal("-u", HAPROXY):
            line = re.match(
                r"(\S+):(\d+) \S+ \S+/(\S+) connect=\S+ total=\+?(\d+) ms", record.get("MESSAGE", "")
            )
            if line:
                end = int(record["__REALTIME_TIMESTAMP"]) / 1e6
                start = end - int(line[4]) / 1e3
                found.append(Connection(line[1], int(line[2]), line[3], start, end))
        return found


def pem(pki: PKI, name: str) -> str:
    """A certificate with its chain and its key, as HAProxy wants it."""
    return pki[name].file.read_text() + pki[name].key.read_text()


def _prepare_nodes(machine: Machine, site: Site, pki: PKI) -> None:
    """Does on each node what the guide says, with TLS whose keys only root may read."""
    machine.write("/etc/node2.conf", "")
    machine.shell(_UNITS_OF_NODE2)
    machine.shell("install -d /etc/ssl/certs && install -d --mode=700 /etc/ssl/private")
    machine.write("/etc/ssl/certs/devices.pem", pki["ca"].file.read_text())
    for node, name in {"node1": "echoscpd", "node2": "node2"}.items():
        machine.write(f"/etc/ssl/certs/{name}.pem", pki[node].file.read_text())
        machine.write(f"/etc/ssl/private/{name}.key", pki[node].key.read_text())
        place = "/etc" if node == "node1" else "/run"
        machine.shell(
            f"mkdir -p {place}/systemd/system/{UNITS[node]}.d;"
            f"sed -E 's,([/=])echoscpd([.]|$),\\1{name}\\2,g' {EXAMPLES}/{CREDENTIAL}"
            f" >{place}/systemd/system/{UNITS[node]}.d/{CREDENTIAL}"
        )
        copies = f"/run/credentials/{UNITS[node]}"
        machine.write(f"{FILES[node]}.d/proxy.conf", site.file)
        machine.write(
            f"{FILES[node]}.d/site.conf",
            f"[tls]\ntls-certificate = {copies}/certificate.pem\ntls-private-key = {copies}/key.pem\n"
            f"tls-ca-certificates = /etc/ssl/certs/devices.pem\n{site.device}",
        )


def _prepare_balancer(machine: Machine, pki: PKI) -> None:
    """Installs the example, with the certificates that it names. Debian has started HAProxy already."""
    machine.write(
        f"/run/systemd/system/{HAPROXY}.d/network.conf",
        "[Service]\nNetworkNamespacePath=/run/netns/balancer\n",
    )
    machine.systemctl("daemon-reload")
    machine.systemctl("start", HAPROXY)
    machine.shell(f"cp -a /etc/haproxy/haproxy.cfg /run/; cp {EXAMPLES}/echoscpd.cfg /etc/haproxy/haproxy.cfg")
    machine.write("/etc/haproxy/dicom.pem", pem(pki, "balancer"))
    for name in "device-ca", "node-ca":
        machine.write(f"/etc/haproxy/{name}.pem", pki["ca"].file.read_text())


def _prepare(machine: Machine, site: Site, pki: PKI) -> None:
    """Sets everything up, and waits until all checks succeed; prints the journal if that fails."""
    addresses = {**NODES, "balancer": BALANCER, "clients": " ".join(CLIENTS)}
    try:
        machine.shell(f"set -e\n{_NETWORK.format_map(addresses)}")
        _prepare_nodes(machine, site, pki)
        _prepare_balancer(machine, pki)
        # The service of node1 runs, without knowing of the sockets that the guide has enabled.
        machine.systemctl("restart", SERVICE)
        site.recipe("Open the ports")
        machine.systemctl("start", *site.sockets("node2"))
        site.recipe("Install HAProxy")
        site.wait_until_up()
    except BaseException:
        print(machine.shell("journalctl -b -n 60"))
        raise


@contextmanager
def balanced(machine: Machine, pki: PKI) -> Iterator[Site]:
    """A machine with both nodes and the balancer, once all checks succeed."""
    site = Site(machine, machine.run("cat", GUIDE).stdout)
    machine.shell("[ ! -d /etc/ssl ] || cp -a /etc/ssl /run/ssl")
    try:
        _prepare(machine, site, pki)
        yield site
    finally:
        machine.shell(_AWAY, check=False)
        machine.reset()


def echo_through(site: Site, source: str, calling: str) -> int:
    """An association with an echo by a device without TLS; returns its port."""
    with Peer(PLAIN, BALANCER, source=source) as peer:
        port: int = peer.socket.getsockname()[1]
        peer.associate(called="ECHOSCP", calling=calling)
        peer.echo()
        peer.release()
    return port
