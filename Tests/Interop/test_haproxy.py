"""HAProxy with the health check of `--probe --haproxy-check`: which servers are up, and the reason why one is down."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from acceptor import Acceptor, accept, response
from balancer import run_balancer
from daemon import OK, REPOSITORY, Daemon, free_port, refused, run_to_its_end, wait_until
from journal import ASSOCIATION_RELEASED, Journal
from peer import PATIENCE, Peer
from pki import PKI
from proxy import Proxied
from secure import TLSSettings, as_options
from seed import Seed
from wire import abort, associate_rj, p_data, pdv, ui, us

FILE = REPOSITORY / "packaging/haproxy/echoscpd.cfg"
GUIDE = REPOSITORY / "packaging/docs/behind-nat-or-a-load-balancer.md"

Told = dict[str, tuple[str, str]]
"""The result of the check of each server, by its name: check_status and last_chk."""


def _late(_: bytes) -> bytes:
    """No answer, on a connection that stays open."""
    return b""


GOOD = ["echoscpd", "echoscpd-tls", "pynetdicom", "storescp", "odd-items", "slow", "bare"]
"""The servers that answer: this program, others, and acceptors with answers that the standard permits."""

BAD = {
    # what the SCP does: how it answers, and what HAProxy shows
    "rejected": ({"associate": lambda _: associate_rj()}, "L7RSP",
                 "got 03000000000400010101 comment: association not accepted"),
    "aborted": ({"associate": lambda _: abort(2, 1)}, "L7RSP",
                "got 07000000000400000201 comment: association not accepted"),
    "no-dicom": ({"associate": lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n"}, "L7RSP",
                 "got 485454502F312E312034 comment: association not accepted"),
    "closed": ({"associate": lambda _: b"end"}, "L7RSP", "association not accepted"),
    "late": ({"associate": _late}, "L7TOUT", "association not accepted"),
    "context-refused": ({"associate": lambda request: accept(request, 3)}, "L7RSP",
                        "Verification context not accepted"),
    "echo-aborted": ({"echo": lambda _: abort()}, "L7RSP", "no C-ECHO response"),
    "echo-reset": ({"echo": lambda _: None}, "SOCKERR", "no C-ECHO response"),
    "echo-late": ({"echo": _late}, "L7TOUT", "no C-ECHO response"),
    "other-message": ({"echo": lambda request: response(request, message_id=2)}, "L7RSP",
                      "no C-ECHO response"),
    "wrong-status": ({"echo": lambda request: response(request, 0x0122)}, "L7RSP",
                     "C-ECHO status is not Success"),
    "unreleased": ({"release": lambda _: b"end"}, "L7RSP", "no A-RELEASE-RP"),
    "dead": (None, "L4CON", "Connection refused"),
}  # fmt: skip


def _bare(_: bytes) -> bytes:
    """A C-ECHO-RSP without group length and SOP class, and with an error comment after its status."""
    elements = us(0x0100, 0x8030), us(0x0120, 1), us(0x0800, 0x0101), us(0x0900, 0), ui(0x0902, "fine")
    return p_data(pdv(b"".join(elements)))


def _check(title: str) -> str:
    """The lines that the program prints for an SCP with this title."""
    done = run_to_its_end("--probe", "--haproxy-check", "-aec", title)
    assert (done.returncode, done.stderr) == (OK, "")
    return done.stdout


@pytest.fixture(scope="module")
def told(
    haproxy_path: str, storescp_path: str, pki: PKI, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """The first result of the check of every server."""
    folder = tmp_path_factory.mktemp("haproxy")
    title = ("-aet", "ECHOSCP", "--require-called-ae-title")
    values = TLSSettings(mode="require").values(pki, free_port())
    own = pki["both-uses"]
    (folder / "both.pem").write_bytes(own.file.read_bytes() + own.key.read_bytes())
    with ExitStack() as stack:
        scp = Daemon(*title, *as_options(values), directory=folder)
        stack.callback(scp.stop)
        seed = Seed(directory=folder)
        stack.callback(seed.stop)
        port = free_port()
        storescp = subprocess.Popen([storescp_path, "-od", str(folder), str(port)])
        stack.callback(storescp.wait)
        stack.callback(storescp.kill)
        assert wait_until(lambda: not refused(port)), "storescp does not listen"
        acceptors = {
            "odd-items": {"associate": accept}, "slow": {"dribble": 0.0005}, "bare": {"echo": _bare},
            **{name: answers for name, (answers, _, _) in BAD.items()},
        }  # fmt: skip
        ports = {
            name: free_port() if answers is None else stack.enter_context(Acceptor(**answers)).port  # type: ignore[arg-type]
            for name, answers in acceptors.items()
        }
        ports |= {"echoscpd": scp.port, "pynetdicom": seed.port, "storescp": port}
        servers = {name: str(number) for name, number in ports.items()}
        servers["echoscpd-tls"] = (
            f"{values['tls-port']} check-ssl verify required ca-file {pki['ca'].file} "
            f"verifyhost localhost crt {folder / 'both.pem'}"
        )
        balancer = stack.enter_context(
            run_balancer(haproxy_path, folder, servers, _check("ECHOSCP"))
        )
        results: Told = {}

        def all_told() -> bool:
            for name, row in balancer.servers().items():
                # An asterisk marks a check in progress.
                if re.match("[A-Z]", row["check_status"]) and row["check_status"] != "INI":
                    results.setdefault(name, (row["check_status"], row["last_chk"]))
            time.sleep(0.02)
            return len(results) == len(servers)

        assert wait_until(all_told, 2 * PATIENCE), set(servers) - set(results)
        return results


@pytest.mark.parametrize("name", GOOD)
def test_an_scp_that_answers_is_up(told: Told, name: str) -> None:
    assert told[name][0] == "L7OK", told[name]


@pytest.mark.parametrize("name", BAD)
def test_a_server_that_is_down_has_its_reason(told: Told, name: str) -> None:
    _, status, reason = BAD[name]
    print(name, *told[name])
    assert told[name][0] == status and reason in told[name][1]


HEADERS = [
    "send-proxy",
    "send-proxy-v2",
    "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority",
]
"""The kinds of headers that HAProxy sends."""


@pytest.mark.parametrize("options", HEADERS)
def test_headers_and_checks_of_haproxy(
    echoscpd: Callable[..., Daemon], journal: Journal, haproxy_path: str, tmp_path: Path, options: str
) -> None:
    """The address of each client is in its record, and the checks are not those of a device."""
    one = Proxied(echoscpd, "--log-target", "journal", wrapper=journal.wrapper)
    server = {"node": f"{one.port} {options} check-send-proxy"}
    lines = f"unique-id-format dicom-%[uuid()]\n{_check('ECHOSCP')}"
    with run_balancer(haproxy_path, tmp_path, server, lines) as balancer:
        assert wait_until(lambda: balancer.servers()["node"]["check_status"] == "L7OK")
        for source in ("127.0.0.9", "127.2.0.9"):
            with Peer(balancer.port, source=source) as peer:
                peer.associate(called="ECHOSCP", calling="CT1")
                peer.echo()
                peer.release()
            entry = journal.wait_for(MESSAGE_ID=ASSOCIATION_RELEASED, DICOM_PEER_ADDRESS=source)
            assert entry["ECHOSCP_PROXY_ADDRESS"] == ["127.0.0.1"]
            assert ("ECHOSCP_PROXY_ID" in entry) == ("unique-id" in options)
    journal.wait_for(ECHOSCP_CAUSE="health-check", DICOM_PEER_ADDRESS="127.0.0.1")
    assert not journal.find(MESSAGE_ID=ASSOCIATION_RELEASED, DICOM_PEER_ADDRESS="127.0.0.1")


def test_draining_a_node_as_in_the_guide(haproxy_path: str, tmp_path: Path) -> None:
    """An open association continues, and a new one goes to the other node."""
    drain, again = re.findall(r"echo '(set server [^']*)' \| socat", GUIDE.read_text())
    with ExitStack() as stack:
        nodes = {name: Daemon("-v", directory=tmp_path) for name in ("node1", "node2")}
        for node in nodes.values():
            stack.callback(node.stop)
        ports = {name: str(node.port) for name, node in nodes.items()}
        balancer = stack.enter_context(
            run_balancer(haproxy_path, tmp_path, ports, _check("ECHOSCP"))
        )
        peer = stack.enter_context(Peer(balancer.port))
        peer.associate()
        assert balancer.servers()["node1"]["scur"] == "1"
        assert balancer.ask(drain).strip() == ""
        assert balancer.servers()["node1"]["status"].startswith("DRAIN")
        others = [stack.enter_context(Peer(balancer.port)) for _ in range(3)]
        for other in others:
            other.associate()
        assert balancer.servers()["node2"]["scur"] == "3"
        peer.echo()
        peer.release()
        names = list(balancer.servers()["node1"])
        shown = [
            [names[int(field) - 1] for field in fields.split(",")]
            for fields in re.findall(r"cut -d, -f(\S+)", GUIDE.read_text())
        ]
        assert shown == [
            ["pxname", "svname", "status", "check_status", "last_chk"],
            ["pxname", "svname", "scur", "status"],
        ]
        assert balancer.ask(again).strip() == ""
        assert balancer.servers()["node1"]["status"].startswith("UP")


def test_the_commands_of_the_guide_ask_this_program(echoscpd: Callable[..., Daemon]) -> None:
    """Those for Kubernetes and keepalived, which are told a port."""
    scp = echoscpd()
    commands = re.findall(r"/usr/sbin/echoscpd(,? --probe.*)$", GUIDE.read_text(), re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        words = re.sub(r'[],"}]', "", command).replace("11112", str(scp.port)).split()
        done = run_to_its_end(*words)
        assert (done.returncode, done.stdout, done.stderr) == (OK, "", "")


def test_the_configuration_is_valid_and_has_the_check(
    haproxy_path: str, pki: PKI, tmp_path: Path
) -> None:
    text = FILE.read_text()
    assert _check("ECHOSCP") in text
    own = pki["server"]
    (tmp_path / "dicom.pem").write_bytes(own.file.read_bytes() + own.key.read_bytes())
    for name in ("device-ca.pem", "node-ca.pem"):
        shutil.copy(pki["ca"].file, tmp_path / name)
    here = re.sub(r"/etc/haproxy/(?=[a-z-]+\.pem)", f"{tmp_path}/", text)
    (tmp_path / "haproxy.cfg").write_text(here)
    done = subprocess.run(
        [haproxy_path, "-c", "-f", str(tmp_path / "haproxy.cfg")],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == OK and "[WARNING]" not in done.stderr, done.stderr
