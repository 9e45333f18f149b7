"""DICOM TLS as the package offers it: its socket unit, the ways to a private key under the sandbox of the service,
a renewal, and the DCMTK and OpenSSL of Debian 13."""

from __future__ import annotations

import base64
import hashlib
import re
import resource
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from daemon import echo, refused
from footprint import KIB, MIB
from journal import ASSOCIATION_RELEASED, RELOADED, STARTED
from load import Load
from machine import SERVICE, TLS, Machine, wait_for
from peer import Peer
from pki import PKI
from replies import CLOSED, RESET
from secure import TLS_1_2, TLSPeer, client_context, serve
from wire import associate_rq, echo_rq, release_rq

PORT = 2762
FOLDER = "/etc/ssl"
CERTIFICATE, KEY = f"{FOLDER}/certs/echoscpd.pem", f"{FOLDER}/private/echoscpd.key"
TRUSTED = f"{FOLDER}/certs/devices.pem"
SETTINGS = f"[tls]\ntls-certificate = {CERTIFICATE}\ntls-private-key = {KEY}\n"
CREDENTIALS = f"/run/credentials/{SERVICE}"
SETTINGS_OF_CREDENTIALS = (
    f"[tls]\ntls-certificate = {CREDENTIALS}/certificate.pem\ntls-private-key = {CREDENTIALS}/key.pem\n"
)
MUTUAL = f"tls-ca-certificates = {TRUSTED}\ntls-client-certificate = require\n"
FILE = "/etc/echoscp.conf.d/tls.conf"
EXAMPLES = "/usr/share/doc/echoscpd/examples"
GROUP, CREDENTIAL = "tls-key-of-a-group.conf", "tls-key-as-credential.conf"
DROP_INS = f"/etc/systemd/system/{SERVICE}.d"
CHANGED = "group group- gshadow gshadow-"
"""The files in /etc that groupadd(8) writes."""


class Host:
    """The machine with certificates, as an administrator prepares it."""

    def __init__(self, machine: Machine, pki: PKI) -> None:
        self.machine, self._pki = machine, pki

    def install(self, name: str, key_mode: int = 0o640) -> None:
        """Puts a certificate of the server and its key where the example for a group has them."""
        identity = self._pki[name]
        self.machine.write(CERTIFICATE, identity.file.read_text())
        # The key is never readable by others, not even at first.
        self.machine.shell(f"install --mode={key_mode:o} --group=ssl-cert /dev/null {KEY}")
        self.machine.write(KEY, identity.key.read_text())

    def use(self, example: str) -> None:
        """Copies a drop-in from the examples of the package."""
        self.machine.shell(f"mkdir -p {DROP_INS} && cp {EXAMPLES}/{example} {DROP_INS}/")
        self.machine.systemctl("daemon-reload")

    def configure(self, text: str) -> None:
        self.machine.write(FILE, text)

    def enable(self) -> None:
        """Does what the head of the socket unit says."""
        self.machine.systemctl("enable", TLS)
        self.machine.systemctl("restart", SERVICE)

    def connect(
        self, name: str = "", host: str = "127.0.0.1", version: ssl.TLSVersion | None = None
    ) -> TLSPeer:
        """A requestor that presents the certificate `name`, or none."""
        identity = self._pki[name] if name else None
        return TLSPeer(PORT, client_context(self._pki, identity, version=version), host=host)

    def echo(self, name: str = "", host: str = "127.0.0.1") -> str:
        """An association with an echo; returns the name of the certificate that the service presents."""
        with self.connect(name, host) as peer:
            serve(peer)
            octets = peer.socket.getpeercert(binary_form=True)
        assert octets
        digest = hashlib.sha256(octets).hexdigest()
        return next(x for x in ("server", "server-renewed") if self._pki[x].fingerprint == digest)

    def is_closed_unread(self) -> bool:
        """Whether the service closes a connection to the port for TLS without reading what it has sent."""
        try:
            with Peer(PORT) as peer:
                peer.send(b"\x16\x03\x01")
                return peer.receive() in (CLOSED, RESET)
        except (ConnectionResetError, BrokenPipeError):
            return True


@pytest.fixture
def host(machine: Machine, pki: PKI) -> Iterator[Host]:
    """With the group, the folders and the rights that Debian's package ssl-cert makes."""
    machine.shell(
        f"cd /etc && tar -cf /run/etc.tar {CHANGED} $(ls -d ssl); groupadd --force --system ssl-cert;"
        f"install -d {FOLDER} {FOLDER}/certs; install -d --mode=710 --group=ssl-cert {FOLDER}/private"
    )
    machine.write(TRUSTED, pki["ca"].file.read_text())
    host = Host(machine, pki)
    host.configure(SETTINGS)
    try:
        yield host
    finally:
        machine.systemctl("disable", "--now", TLS)
        machine.shell(f"rm -rf {FOLDER} && tar -xpf /run/etc.tar -C /etc && rm /run/etc.tar")


def last(machine: Machine, message_id: str) -> dict[str, str]:
    """The last record with this MESSAGE_ID."""
    return machine.events_of(message_id)[-1]


def caused(machine: Machine, cause: str) -> list[dict[str, str]]:
    return [record for record in machine.events() if record.get("ECHOSCP_CAUSE") == cause]


def fields_of_tls(record: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in record.items() if "_TLS_" in name}


def test_its_socket_beside_a_daemon_that_runs(host: Host, machine: Machine, pki: PKI) -> None:
    host.install("server")
    host.use(GROUP)
    assert refused(PORT)
    echo(11112)
    pid = machine.pid()
    with Load(threads=2, rate=50) as load:
        host.enable()
        assert host.echo() == host.echo(host="::1") == "server"
    print(f"enabled under load: 2762 is answered; of {len(load.seconds)} connections to 11112 "
          f"{load.failures.total()} failed")  # fmt: skip
    assert load.seconds and not +load.failures, load.failures
    assert machine.pid() not in (0, pid)
    started = last(machine, STARTED)
    print(fields_of_tls(started))
    assert started["ECHOSCP_TLS_LISTENERS"] == "[::]:2762"
    assert started["ECHOSCP_LISTENERS"] == "[::]:11112"
    assert started["ECHOSCP_TLS_SUBJECT"] == pki["server"].subject
    assert started["ECHOSCP_TLS_DAYS"] == "300"
    secured = [r for r in machine.events_of(ASSOCIATION_RELEASED) if "DICOM_TLS_VERSION" in r]
    print(fields_of_tls(secured[0]))
    assert [record["DICOM_PEER_ADDRESS"] for record in secured] == ["127.0.0.1", "::1"]
    assert secured[0]["DICOM_TLS_VERSION"] == "TLSv1.3"
    assert secured[0]["DICOM_TLS_CIPHER"] == "TLS_AES_256_GCM_SHA384"
    # The socket also starts with the other one, as it stopped with it.
    machine.systemctl("stop", "echoscpd.socket")
    assert refused(PORT)
    machine.systemctl("start", "echoscpd.socket")
    assert host.echo() == "server"


def test_the_first_connection_over_tls_starts_the_daemon(host: Host, machine: Machine) -> None:
    host.install("server")
    host.use(GROUP)
    machine.systemctl("start", TLS)
    assert machine.show("ActiveState") == "inactive"
    assert host.echo() == "server"
    assert machine.show("ActiveState") == "active"
    echo(11112)


def test_devices_must_have_a_certificate(host: Host, machine: Machine, pki: PKI) -> None:
    host.install("server")
    host.use(GROUP)
    host.configure(SETTINGS + MUTUAL)
    host.enable()
    host.echo("CT1")
    record = last(machine, ASSOCIATION_RELEASED)
    print(record["MESSAGE"], fields_of_tls(record))
    assert record["DICOM_TLS_SUBJECT"] == pki["CT1"].subject
    assert record["DICOM_TLS_FINGERPRINT"] == pki["CT1"].fingerprint
    for name, version, cause in (
        ("", TLS_1_2, "certificate-missing"), ("expired", None, "certificate-expired"),
    ):  # fmt: skip
        with pytest.raises(ssl.SSLError), host.connect(name, version=version) as peer:
            peer.associate()
        (record,) = caused(machine, cause)
        print(record["MESSAGE"])
        assert record["PRIORITY"] == "4" and record["DICOM_PEER_ADDRESS"] == "127.0.0.1"
        entry = machine.run("journalctl", "--dump-catalog", record["MESSAGE_ID"]).stdout
        assert "On the device: " in entry
    echo(11112)


def test_a_key_that_a_group_may_read(host: Host, machine: Machine) -> None:
    """Without the drop-in, the service does not have the key; with it, a reload has the next one, too."""
    host.install("server")
    host.enable()
    (record,) = caused(machine, "tls-unavailable")
    print(record["MESSAGE"])
    assert record["PRIORITY"] == "3" and KEY in record["MESSAGE"]
    assert host.is_closed_unread()
    host.use(GROUP)
    machine.systemctl("restart", SERVICE)
    assert host.echo() == "server"
    pid = machine.pid()
    status = Path(f"/proc/{pid}/status").read_text()
    group = machine.shell("getent group ssl-cert").split(":")[2]
    (groups,) = re.findall(r"^Groups:(.*)$", status, re.MULTILINE)
    print(f"groups of the daemon: {groups.strip()}; ssl-cert is {group}")
    assert group in groups.split()
    with host.connect() as old:
        old.associate()
        host.install("server-renewed")
        machine.systemctl("reload", SERVICE)
        assert host.echo() == "server-renewed"
        old.echo()
        old.release()
    assert machine.pid() == pid
    record = last(machine, RELOADED)
    print(record["MESSAGE"], fields_of_tls(record))
    assert "renewed.hospital.example" in record["ECHOSCP_TLS_SUBJECT"]


def test_a_key_as_a_credential(host: Host, machine: Machine) -> None:
    """Only root may read it; a reload keeps the copy that the service has, and a restart makes a new one."""
    host.install("server", key_mode=0o600)
    host.configure(SETTINGS_OF_CREDENTIALS)
    host.use(CREDENTIAL)
    host.enable()
    assert host.echo() == "server"
    host.install("server-renewed", key_mode=0o600)
    machine.systemctl("reload", SERVICE)
    after_reload = host.echo()
    machine.systemctl("restart", SERVICE)
    after_restart = host.echo()
    print(f"renewed: after a reload it presents {after_reload}, after a restart {after_restart}")
    assert (after_reload, after_restart) == ("server", "server-renewed")
    checked = machine.run("echoscpd", "--check-config", check=False)
    assert checked.returncode == 0, checked.stderr
    machine.systemctl("stop", "echoscpd.socket")
    checked = machine.run("echoscpd", "--check-config", check=False)
    print(f"while the service does not run: {checked.returncode}: {checked.stderr.strip()}")
    assert checked.returncode == 78 and CREDENTIALS in checked.stderr


def test_without_a_certificate_the_plain_port_answers(host: Host, machine: Machine) -> None:
    host.use(GROUP)
    host.enable()
    echo(11112)
    (record,) = caused(machine, "tls-unavailable")
    print(record["MESSAGE"])
    assert record["PRIORITY"] == "3" and CERTIFICATE in record["MESSAGE"]
    assert host.is_closed_unread()
    checked = machine.run("echoscpd", "--check-config", check=False)
    assert checked.returncode == 78 and f"{FILE}:2: tls-certificate: " in checked.stderr
    assert machine.run("systemctl", "reload", SERVICE, check=False).returncode != 0
    assert host.is_closed_unread()
    echo(11112)
    pid = machine.pid()
    host.install("server")
    machine.systemctl("reload", SERVICE)
    assert host.echo() == "server"
    assert machine.pid() == pid
    print("in service after a reload with a certificate, without a restart")


def test_a_broken_renewal_keeps_the_old_certificate(host: Host, machine: Machine, pki: PKI) -> None:
    """A certificate is replaced before its key."""
    host.install("server")
    host.use(GROUP)
    host.enable()
    assert host.echo() == "server"
    machine.write(CERTIFICATE, pki["server-renewed"].file.read_text())
    done = machine.run("systemctl", "reload", SERVICE, check=False)
    (record,) = caused(machine, "config-invalid")
    print(record["MESSAGE"])
    assert done.returncode != 0 and record["PRIORITY"] == "3"
    assert host.echo() == "server"
    echo(11112)


@pytest.mark.parametrize(
    ("example", "settings"), [(GROUP, SETTINGS), (CREDENTIAL, SETTINGS_OF_CREDENTIALS)],
    ids=["group", "credential"],
)  # fmt: skip
def test_an_example_keeps_the_sandbox(
    example: str, settings: str, host: Host, machine: Machine
) -> None:
    host.install("server")
    host.configure(settings)
    host.use(example)
    host.enable()
    host.echo()
    text = machine.run("systemd-analyze", "security", "--no-pager", SERVICE, check=False).stdout
    (exposure,) = re.findall(r"Overall exposure level .*: ([\d.]+) ", text)
    status = Path(f"/proc/{machine.pid()}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    names = "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"
    print(f"exposure {exposure}; " + ", ".join(f"{name} {fields[name]}" for name in names))
    assert float(exposure) <= 0.2
    assert all(int(fields[name], 16) == 0 for name in names)
    assert fields["NoNewPrivs"] == "1" and fields["Seccomp"] == "2"


def test_associations_over_tls_within_the_limits_of_the_unit(host: Host, machine: Machine) -> None:
    """As many as are allowed at once, each with a certificate."""
    # Resident memory with OpenSSL 3.0, as in Debian 12, and with what the heap needs itself. OpenSSL 3.5 takes more, up
    # to the 40K that MemoryMax= of the unit counts.
    is_bookworm = "bookworm" in machine.shell("cat /usr/lib/os-release")
    count, most = 2000, (28 if is_bookworm else 40) * KIB
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host.install("server")
    host.use(GROUP)
    # On a slow machine, making them takes longer than an association may be idle.
    host.configure(f"[network]\nnetwork-timeout = 300\n{SETTINGS}{MUTUAL}")
    host.enable()
    host.echo("CT1")
    pid = machine.pid()

    def resident() -> int:
        text = Path(f"/proc/{pid}/status").read_text()
        (kilobytes,) = re.findall(r"^RssAnon:\s+(\d+)", text, re.MULTILINE)
        return int(kilobytes) * KIB

    before, limit = resident(), int(machine.show("MemoryMax"))
    with ExitStack() as stack:
        peers: list[Peer] = []
        for _ in range(count):
            peers.append(stack.enter_context(host.connect("CT1")))
            peers[-1].associate()
        for peer in peers[::40]:
            peer.echo()
        # Buffers of those that are idle are freed.
        time.sleep(2.5)
        growth = (resident() - before) / count
        print(f"{count} associations, {growth / KIB:.1f} KiB of memory each, "
              f"{resident() / MIB:.0f} of {limit / MIB:.0f} MiB in all")  # fmt: skip
        assert growth < most
        echo(11112)
    assert machine.pid() == pid


@pytest.fixture
def debian_13(machine: Machine) -> None:
    if machine.run("/bin/sh", "-c", "command -v echoscu", check=False).returncode != 0:
        pytest.skip("the DCMTK and OpenSSL of Debian 13 are in its machine only: SUITE=trixie")


@pytest.mark.usefixtures("debian_13")
@pytest.mark.parametrize("is_mutual", [False, True], ids=["anonymous", "mutual"])
def test_dcmtk_of_debian_13(is_mutual: bool, host: Host, machine: Machine, pki: PKI) -> None:
    """It offers ALPN, no group but those of NIST and brainpool, and no name of the server."""
    host.install("server")
    host.use(GROUP)
    host.configure(SETTINGS + (MUTUAL if is_mutual else ""))
    host.enable()
    options = ["--anonymous-tls"]
    if is_mutual:
        for path in pki["CT1"].file, pki["CT1"].key:
            machine.write(f"/run/{path.name}", path.read_text())
        options = ["--enable-tls", "/run/CT1.key", "/run/CT1.pem"]
    done = machine.run(
        *("echoscu", "-v", "-aet", "CT1", *options, "--add-cert-file", TRUSTED),
        *("127.0.0.1", str(PORT)),
    )
    print(" · ".join((done.stdout + done.stderr).splitlines()))
    record = last(machine, ASSOCIATION_RELEASED)
    print(record["MESSAGE"], fields_of_tls(record))
    assert record["DICOM_CALLING_AE"] == "CT1" and record["DICOM_ECHOES"] == "1"
    assert record["DICOM_TLS_ALPN"] == "dicom" and "DICOM_TLS_SERVER_NAME" not in record
    assert record["DICOM_TLS_GROUP"] in ("P-256", "secp256r1", "prime256v1")
    assert record.get("DICOM_TLS_SUBJECT") == (pki["CT1"].subject if is_mutual else None)


@pytest.mark.usefixtures("debian_13")
def test_a_hybrid_key_exchange(host: Host, machine: Machine) -> None:
    """The ClientHello of OpenSSL 3.5 has a key share of ML-KEM, and is longer than a segment on Ethernet."""
    host.install("server")
    host.use(GROUP)
    host.enable()
    machine.run("ip", "link", "set", "lo", "mtu", "1500")
    try:
        request = base64.b64encode(associate_rq() + echo_rq() + release_rq()).decode()
        # Its output is not text; what it says about the session is on standard error.
        done = machine.run(
            "/bin/sh", "-c",
            f"(echo {request} | base64 -d; sleep 1) | openssl s_client -brief -no_ign_eof"
            f" -CAfile {TRUSTED} -servername pacs.example -connect 127.0.0.1:{PORT} | base64 -w 0",
        )  # fmt: skip
    finally:
        machine.run("ip", "link", "set", "lo", "mtu", "65536")
    answers = base64.b64decode(done.stdout)
    record = last(machine, ASSOCIATION_RELEASED)
    print(record["MESSAGE"], fields_of_tls(record))
    # It begins with an A-ASSOCIATE-AC and ends with an A-RELEASE-RP.
    assert answers[0] == 2 and answers[-10] == 6
    assert record["DICOM_ECHOES"] == "1"
    assert record["DICOM_TLS_GROUP"] == "X25519MLKEM768"
    assert record["DICOM_TLS_SERVER_NAME"] == "pacs.example"
    assert "DICOM_TLS_ALPN" not in record
