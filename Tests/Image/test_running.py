"""A container of the image answers as the program does, without rights, and stops and reloads on signals.

runc runs it as an engine would; the tests call it over the network.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import PROGRAM
from container import FILE, FOLDER, PORT, RELOADED, USER, Bundle, Container, accepts, strict
from daemon import (
    ABORTED_LINE, ACCEPTING, CONFIGURATION, OK, REJECTING, echo, one_echo, refused, wait_until,
)  # fmt: skip
from peer import PATIENCE, SLACK, Peer
from pki import PKI
from places import Places
from replies import EchoResponse
from sandbox import Sandbox
from secure import TLSPeer, client_context, serve
from wire import echo_command, p_data, pdv

Start = Callable[..., Container]

LOWEST = 64
"""The lowest limit of descriptors that still leaves places for some devices."""
WARNING_AS_ROOT = "running as root"


def test_it_answers_and_logs_without_an_option(container: Start) -> None:
    one = container().listening()
    echo(PORT)
    shown = one.status()
    names = ("Uid", "Gid", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "VmRSS")
    print(f"root {shown['root']}, " + ", ".join(f"{x} {shown[x].split()[0]}" for x in names))
    assert shown["root"] == "ro" and shown["NoNewPrivs"] == "1"
    assert {shown[x] for x in names if x.startswith("Cap")} == {"0" * 16}
    assert set(shown["Uid"].split() + shown["Gid"].split()) == {str(USER)}
    lines = one.stop()
    for line in lines:
        print(line)
    assert lines == one_echo()
    assert one.first.output() == ""


def test_the_arguments_of_a_container_are_options(container: Start) -> None:
    one = container("11113", "-aet", "X", "--require-called-ae-title").listening(11113)
    assert refused(PORT)
    assert accepts("X", 11113) and not accepts("OTHER", 11113)
    print(one.wait_for_line("W: "))


@pytest.mark.parametrize("place", [FILE, FOLDER], ids=["file", "folder"])
def test_mounted_settings(place: str, container: Start, tmp_path: Path) -> None:
    """The log level of the image stays unless they have another."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    file = folder / "test.conf"
    mounts = {place: file if place == FILE else folder}
    file.write_text(strict("MOUNTED"))
    one = container(mounts=mounts).listening()
    assert accepts("MOUNTED") and not accepts("OTHER")
    assert [line for line in one.stop() if line in (ACCEPTING, REJECTING)] == [ACCEPTING, REJECTING]
    file.write_text(f"[general]\nlog-level = warning\n{strict('MOUNTED')}")
    one = container(mounts=mounts).listening()
    assert accepts("MOUNTED") and not accepts("OTHER")
    (line,) = one.stop()
    print(f"log-level = warning: {line}")
    assert line.startswith("W: ")


def test_an_option_overrides_the_log_level(container: Start) -> None:
    one = container("--log-level", "error").listening()
    echo(PORT)
    assert one.stop() == []


@pytest.mark.parametrize("user", [12345, 0], ids=["12345", "root"])
def test_any_user(user: int, container: Start) -> None:
    one = container(user=user).listening()
    echo(PORT)
    assert one.status()["Uid"].split() == [str(user)] * 4
    probe = one.execute(f"/{PROGRAM}", "--probe")
    warnings = one.warnings()
    print(f"user {user}: {probe.stdout.splitlines()[0].partition(' in ')[0]}; warnings: {warnings}")
    assert probe.returncode == OK, probe
    assert len(warnings) == (user == 0)
    assert all(WARNING_AS_ROOT in line for line in warnings)


@pytest.mark.parametrize("descriptors", [1024, LOWEST])
def test_a_limit_of_descriptors(descriptors: int, container: Start) -> None:
    one = container("--workers", "1", descriptors=descriptors).listening()
    places = Places(descriptors, 1)
    peers = [Peer(PORT) for _ in range(min(places.associations, 100))]
    for peer in peers:
        peer.associate()
    for peer in peers:
        peer.echo()
    for peer in peers:
        peer.release()
        peer.close()
    echo(PORT)
    print(f"{descriptors} descriptors: {len(peers)} of {places.associations} associations at once")
    assert one.execute(f"/{PROGRAM}", "--probe").returncode == OK


def test_no_limit_of_descriptors(container: Start, descriptor_limit: Path) -> None:
    """LimitNOFILE=infinity, as many engines have it: the program must not take memory for a billion places."""
    one = container(
        mounts={"/tmp": descriptor_limit.parent},
        environment=[f"LD_PRELOAD=/tmp/{descriptor_limit.name}"],
    ).listening()
    echo(PORT)
    memory = {name: int(one.status()[name].split()[0]) / 1024 for name in ("VmSize", "VmRSS")}
    print(", ".join(f"{name} {value:.0f} MiB" for name, value in memory.items()))
    assert memory["VmRSS"] < 30 and memory["VmSize"] < 1024
    assert one.execute(f"/{PROGRAM}", "--probe").returncode == OK
    assert one.warnings() == []


def test_a_stop_lets_an_association_finish(container: Start) -> None:
    one = container().listening()
    with Peer(PORT) as busy:
        busy.associate()
        busy.send(p_data(pdv(echo_command(7)[:30], last=False)))
        time.sleep(0.1)
        begin = time.monotonic()
        one.kill("TERM")
        assert wait_until(lambda: refused(PORT), 1 + SLACK)
        time.sleep(0.2)
        busy.send(p_data(pdv(echo_command(7)[30:])))
        assert busy.receive_echo() == EchoResponse(7)
        busy.echo(8)
        busy.release()
    assert one.first.wait() == OK
    print(f"finished its echo and one more; ended with 0 after {time.monotonic() - begin:.1f} s")
    assert ABORTED_LINE not in one.lines()


def test_a_stop_ends_an_idle_container_at_once(container: Start) -> None:
    one = container().listening()
    begin = time.monotonic()
    one.stop()
    print(f"ended after {(time.monotonic() - begin) * 1000:.0f} ms")
    assert time.monotonic() - begin < 1 + SLACK


def test_a_signal_reloads_a_mounted_file(container: Start, tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    file.write_text(strict("BEFORE"))
    one = container(mounts={FILE: file}).listening()
    with Peer(PORT) as old:
        old.associate(called="BEFORE")
        file.write_text(strict("AFTER"))
        one.kill("HUP")
        print(one.wait_for_line(RELOADED))
        assert accepts("AFTER") and not accepts("BEFORE")
        old.echo()
        old.release()
    file.write_text(f"{strict('WRONG')}[network]\nport = many\n")
    one.kill("HUP")
    print(one.wait_for_line(f"{FILE}:6: "))
    assert accepts("AFTER") and not accepts("WRONG")


def test_mounted_certificates(
    container: Start, bundle: Bundle, pki: PKI, tmp_path: Path
) -> None:
    """OpenSSL needs nothing but its two libraries: the image has no configuration of it and no module."""
    names = {path.name for path in bundle.root.rglob("*") if path.is_file()}
    assert {"libssl.so.3", "libcrypto.so.3"} <= names
    assert not names & {"openssl.cnf", "openssl", "legacy.so", "cert.pem", "ca-certificates.crt"}
    folder = tmp_path / "mounted"
    folder.mkdir()
    for name, file in ("own.pem", pki["server"].file), ("own.key", pki["server"].key):
        (folder / name).write_text(file.read_text())
    (folder / "ca.pem").write_text(pki["ca"].file.read_text())
    (folder / "tls.conf").write_text(
        f"[tls]\ntls-port = 2762\ntls-certificate = {FOLDER}/own.pem\ntls-private-key = {FOLDER}/own.key\n"
        f"tls-ca-certificates = {FOLDER}/ca.pem\ntls-client-certificate = require\n"
    )
    one = container(mounts={FOLDER: folder}).listening(2762)
    with TLSPeer(2762, client_context(pki, pki["CT1"])) as peer:
        serve(peer)
        print(f"{peer.socket.version()}, {peer.socket.cipher()[0]}")
    echo(PORT)
    assert one.warnings() == []


def test_a_wrong_file_ends_the_container(container: Start, tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    file.write_text("[network]\nae-title = ONE\nport = many\n")
    one = container(mounts={FILE: file})
    status = one.first.wait()
    (line,) = one.lines()
    print(f"{status}: {line}")
    assert status == CONFIGURATION
    assert f"{FILE}:3: " in line and "many" in line


def test_checking_a_file_first(container: Start, tmp_path: Path) -> None:
    """`docker run --rm -v FILE IMAGE --check-config`, as the guide has it."""
    file = tmp_path / "echoscp.conf"
    for content, status in (strict("ONE"), OK), ("[network]\nae-titel = ONE\n", CONFIGURATION):
        file.write_text(content)
        one = container("--check-config", mounts={FILE: file})
        assert one.first.wait() == status
        (line,) = one.lines() + one.first.output().splitlines()
        print(line)
        assert line.startswith("configuration OK") if status == OK else f"{FILE}:2: " in line


def test_the_version_without_proc(sandbox: Sandbox, bundle: Bundle) -> None:
    done = sandbox.run("chroot", bundle.root, f"/{PROGRAM}", "--version")
    print(done.stdout.strip())
    assert re.fullmatch(r"echoscpd \d+\.\d+\.\d+\n", done.stdout)


def test_options_hold_without_proc(sandbox: Sandbox, bundle: Bundle, tmp_path: Path) -> None:
    port = 11177
    one = sandbox.start(
        "chroot", f"--userspec={USER}:{USER}", bundle.root, f"/{PROGRAM}",
        str(port), "-aet", "NOPROC", "--require-called-ae-title", log=tmp_path / "log",
    )  # fmt: skip
    try:
        assert wait_until(lambda: Sandbox.listens(port), PATIENCE), one.lines()
        assert refused(PORT)
        assert accepts("NOPROC", port) and not accepts("OTHER", port)
        probe = sandbox.run("chroot", bundle.root, f"/{PROGRAM}", "--probe", check=False)
        print(probe.stderr.strip())
        assert probe.returncode == 3 and "/proc is not mounted" in probe.stderr
        probe = sandbox.run(
            "chroot", bundle.root, f"/{PROGRAM}", "--probe", str(port), "-aec", "NOPROC"
        )
        print(probe.stdout.splitlines()[0])
        one.send_signal(signal.SIGTERM)
        assert one.wait() == OK
    finally:
        one.kill()
    assert one.lines()[:3] == one_echo()
