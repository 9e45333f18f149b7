"""Container engines take the file of the image, run it, and find it healthy.

Each engine keeps its images in a folder of its own, and its state in the /run of the sandbox, so that it touches
no other containers. Its containers share the network of the sandbox, where the tests call them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from archive import PROGRAM, Image
from container import PORT, RELOADED, accepts, strict
from daemon import OK, echo, one_echo, refused, wait_until
from peer import PATIENCE
from sandbox import GROUP, Running, Sandbox, tool

Run = Callable[..., subprocess.CompletedProcess[str]]

NAME = "dicom"
RESTRICTED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
"""The restrictions that the guide advises."""


def answers() -> None:
    """Waits until the container listens, and asks it."""
    assert wait_until(lambda: Sandbox.listens(PORT), 2 * PATIENCE), "does not listen"
    echo(PORT)


def engine(
    sandbox: Sandbox, folder: Path, *words: str | Path, ready: Sequence[str | Path]
) -> Running:
    """Starts the daemon of an engine; it is ready when the command `ready` succeeds."""
    running = sandbox.start(*words, log=folder / "log")

    def is_ready() -> bool:
        assert running.process.poll() is None, running.text()[-2000:]
        return sandbox.run(*ready, check=False).returncode == 0

    assert wait_until(is_ready, 3 * PATIENCE), running.text()[-2000:]
    return running


def finish(running: Running) -> None:
    """Ends the daemon of an engine."""
    try:
        running.send_signal(signal.SIGTERM)
        running.wait(2 * PATIENCE)
    finally:
        running.kill()


@pytest.fixture
def podman(sandbox: Sandbox, tmp_path: Path) -> Iterator[Run]:
    """Runs podman: `podman("run", "echoscpd")`."""
    command: Sequence[str | Path] = [
        tool("podman", "podman"), "--root", tmp_path, "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs",
        "--events-backend", "file", "--runtime", tool("runc", "runc"),
    ]  # fmt: skip

    def run(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        return sandbox.run(*command, *words, check=check)

    yield run
    run("rm", "--force", "--all", "--time", "0", check=False)


def test_podman(podman: Run, image: Image) -> None:
    loaded = podman("load", "--input", image.path).stdout.strip()
    reference = image.entry["RepoTags"][0]
    print(loaded)
    assert loaded.endswith(f"/{reference}")
    # Where the hard limits are lower than those that podman sets, it fails without these two.
    limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=512:512")
    podman("run", "--detach", "--name", NAME, "--network", "host", "--cgroup-parent", GROUP, *limits,
           *RESTRICTED, reference)  # fmt: skip
    answers()
    check = podman("healthcheck", "run", NAME)
    health = podman("inspect", "--format", "{{.State.Health.Status}}", NAME).stdout.strip()
    print(f"{reference}: {health}")
    assert (check.returncode, health) == (OK, "healthy")
    podman("stop", NAME)
    state = podman("inspect", "--format", "{{.State.ExitCode}}", NAME).stdout.strip()
    log = podman("logs", NAME).stderr.splitlines()
    assert state == "0"
    assert log == one_echo() * 2


@pytest.fixture
def ctr(sandbox: Sandbox, tmp_path: Path) -> Iterator[Run]:
    """Runs ctr, the client of a containerd: `ctr("images", "list")`."""
    client, server = tool("ctr", "containerd"), tool("containerd", "containerd")
    tool("runc", "runc")
    (tmp_path / "config.toml").write_text(
        'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
    )
    command = (client, "--address", "/run/containerd/containerd.sock")
    running = engine(
        sandbox, tmp_path, server, "--config", tmp_path / "config.toml", "--root", tmp_path / "root",
        ready=(*command, "version"),
    )  # fmt: skip

    def run(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        return sandbox.run(*command, *words, check=check)

    yield run
    run("task", "kill", "--signal", "KILL", NAME, check=False)
    run("task", "delete", "--force", NAME, check=False)
    finish(running)


def test_containerd(ctr: Run, image: Image, tmp_path: Path) -> None:
    """Kubernetes and nerdctl use containerd."""
    ctr("images", "import", image.path)
    (name,) = ctr("images", "list", "--quiet").stdout.split()
    print(name)
    assert name == f"docker.io/library/{image.entry['RepoTags'][0]}"
    log = tmp_path / "container.log"
    ctr("run", "--detach", "--net-host", "--read-only", "--cap-drop", "CAP_NET_BIND_SERVICE",
        "--cgroup", f"{GROUP}/{NAME}", "--log-uri", f"file://{log}", name, NAME)  # fmt: skip
    answers()
    probe = ctr("task", "exec", "--exec-id", "probe", NAME, f"/{PROGRAM}", "--probe")
    print(probe.stdout.splitlines()[0])
    ctr("task", "kill", "--signal", "SIGTERM", NAME)
    assert wait_until(lambda: refused(PORT))
    # The status is that of the container.
    ended = ctr("task", "delete", NAME, check=False)
    assert ended.returncode == OK, ended
    assert log.read_text().splitlines() == one_echo() * 2


@pytest.fixture
def docker(
    sandbox: Sandbox, tmp_path: Path, docker_path: Path | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Runs docker, the client of a Docker engine: `docker("run", "echoscpd")`."""
    if docker_path:
        path = os.environ["PATH"]
        monkeypatch.setenv("PATH", f"{docker_path}/usr/sbin:{docker_path}/usr/bin:{path}")
    server, client = tool("dockerd", "docker.io"), tool("docker", "docker.io")
    tool("runc", "runc")
    (tmp_path / "daemon.json").write_text("{}")
    address = "unix:///run/docker.sock"
    command = (client, "--config", tmp_path / "client", "--host", address)
    running = engine(
        sandbox, tmp_path, server, "--config-file", tmp_path / "daemon.json", "--host", address,
        "--data-root", tmp_path / "root", "--storage-driver", "vfs", "--bridge", "none", "--iptables=false",
        "--ip6tables=false", "--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", GROUP,
        ready=(*command, "version"),
    )  # fmt: skip

    def run(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        return sandbox.run(*command, *words, check=check)

    yield run
    run("rm", "--force", NAME, check=False)
    finish(running)


def becomes(docker: Run, state: str) -> bool:
    """Whether the health of the container becomes this one, as `docker ps` shows it."""
    shown = ("inspect", "--format", "{{.State.Health.Status}}", NAME)
    return wait_until(lambda: docker(*shown).stdout.strip() == state, 2 * PATIENCE)


def test_docker(docker: Run, image: Image) -> None:
    """The container becomes healthy, unhealthy when it hangs, and healthy again."""
    reference = image.entry["RepoTags"][0]
    loaded = docker("load", "--input", image.path).stdout.strip()
    print(loaded)
    assert loaded == f"Loaded image: {reference}"
    (shown,) = json.loads(docker("image", "inspect", reference).stdout)
    assert shown["Config"]["Healthcheck"]["Test"][:3] == ["CMD", f"/{PROGRAM}", "--probe"]
    hurry = ("--health-interval", "200ms", "--health-timeout", "500ms", "--health-retries", "1",
             "--health-start-period", "0s")  # fmt: skip
    docker("run", "--detach", "--name", NAME, "--network", "host", *hurry, *RESTRICTED, reference)
    answers()
    states = []
    for sent, state in (None, "healthy"), ("STOP", "unhealthy"), ("CONT", "healthy"):
        if sent:
            docker("kill", "--signal", sent, NAME)
        assert becomes(docker, state), f"not {state}: {docker('inspect', NAME).stdout}"
        states.append(state)
    checks = json.loads(docker("inspect", "--format", "{{json .State.Health.Log}}", NAME).stdout)
    print(f"{', '.join(states)}; {checks[-1]['Output'].splitlines()[0]}")
    assert checks[-1]["Output"].startswith("OK: ECHOSCP at ")
    docker("stop", NAME)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", NAME).stdout.strip() == "0"
    assert docker("logs", NAME).stderr.splitlines()[:3] == one_echo()


def test_docker_with_an_init_process_options_and_a_file(
    docker: Run, image: Image, tmp_path: Path
) -> None:
    docker("load", "--input", image.path)
    file = tmp_path / "echoscp.conf"
    file.write_text(strict("FILED"))
    docker("run", "--detach", "--init", "--name", NAME, "--network", "host", *RESTRICTED,
           "--volume", f"{file}:/etc/echoscp.conf:ro", image.entry["RepoTags"][0], "11113")  # fmt: skip
    assert wait_until(lambda: Sandbox.listens(11113), 2 * PATIENCE), docker("logs", NAME)
    assert accepts("FILED", 11113) and not accepts("OTHER", 11113)
    probe = docker("exec", NAME, f"/{PROGRAM}", "--probe")
    print(probe.stdout.splitlines()[0])
    assert probe.stdout.startswith("OK: FILED at ")
    file.write_text(strict("CHANGED"))
    docker("kill", "--signal", "HUP", NAME)
    assert wait_until(lambda: RELOADED in docker("logs", NAME).stderr)
    assert accepts("CHANGED", 11113)
    docker("stop", NAME)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", NAME).stdout.strip() == "0"
