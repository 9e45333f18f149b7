"""A container of the image, run by runc as a container engine does, with no more rights than it needs."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import PROGRAM
from daemon import OK, wait_until
from peer import PATIENCE, Peer
from places import ask
from replies import AssociateAC, AssociateRJ
from sandbox import GROUP, Running, Sandbox
from wire import associate_rq

PORT = 11112
USER = 10104
FILE, FOLDER = "/etc/echoscp.conf", "/etc/echoscp.conf.d"
RELOADED = "I: configuration reloaded"
_NUMBERS = itertools.count(1)
_TITLE = "[network]\nae-title = {}\n[access]\nrequire-called-ae-title = yes\n"


def strict(title: str) -> str:
    """A configuration that accepts only one called AE title."""
    return _TITLE.format(title)


def accepts(called: str, port: int = PORT) -> bool:
    """Whether a container answers an echo to this called AE title; otherwise it rejects the association."""
    with Peer(port) as peer:
        reply = ask(peer, associate_rq(called=called))
        if isinstance(reply, AssociateRJ):
            return False
        assert isinstance(reply, AssociateAC), reply
        peer.echo()
        peer.release()
        return True


@dataclass(frozen=True)
class Bundle:
    """The image as umoci unpacks it for a runtime."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "rootfs"

    def configured(
        self,
        name: str,
        options: Sequence[str],
        *,
        user: int,
        mounts: Mapping[str, Path],
        descriptors: int,
        environment: Sequence[str],
        init: Path | None,
    ) -> dict[str, Any]:
        """The configuration for the runtime: as umoci writes it, without capabilities or a writable file, and
        in the network of the sandbox."""
        configuration: dict[str, Any] = json.loads((self.folder / "config.json").read_text())
        configuration["root"] = {"path": str(self.root), "readonly": True}
        process = configuration["process"]
        assert process["args"] == [f"/{PROGRAM}"]
        process["args"] += options
        if init:
            mounts = {**mounts, "/tmp": init.parent}
            process["args"].insert(0, f"/tmp/{init.name}")
        process["env"] += environment
        process["terminal"] = False
        process["noNewPrivileges"] = True
        process["capabilities"] = {}
        process["user"] = {"uid": user, "gid": user}
        process["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": descriptors, "hard": descriptors}]
        configuration["mounts"] += [
            {"destination": place, "type": "bind", "source": str(path), "options": ["bind", "ro"]}
            for place, path in mounts.items()
        ]
        configuration["linux"]["cgroupsPath"] = f"{GROUP}/{name}"
        spaces = configuration["linux"]["namespaces"]
        configuration["linux"]["namespaces"] = [x for x in spaces if x["type"] != "network"]
        return configuration


class Container:
    """A container with the program as its first process, or as the child of `init`."""

    def __init__(
        self,
        sandbox: Sandbox,
        bundle: Bundle,
        folder: Path,
        *options: str,
        user: int = USER,
        mounts: Mapping[str, Path] | None = None,
        descriptors: int = 1024,
        environment: Sequence[str] = (),
        init: Path | None = None,
    ) -> None:
        """Starts it. `mounts` has the folder or file to mount at each path."""
        self._sandbox = sandbox
        self.name = f"echoscpd-{next(_NUMBERS)}"
        self._runc = ("runc", "--root", sandbox.folder / "runc")
        place = folder / self.name
        place.mkdir()
        configuration = bundle.configured(
            self.name, options, user=user, mounts=mounts or {}, descriptors=descriptors,
            environment=environment, init=init,
        )  # fmt: skip
        (place / "config.json").write_text(json.dumps(configuration))
        self.first: Running = sandbox.start(
            *self._runc, "run", "--bundle", place, self.name, log=place / "log"
        )

    def listening(self, port: int = PORT) -> Container:
        """Waits until the program listens, and returns the container."""

        def listens() -> bool:
            assert self.first.process.poll() is None, f"ended: {self.lines()}"
            return self._sandbox.listens(port)

        assert wait_until(listens, 2 * PATIENCE), f"does not listen: {self.lines()}"
        return self

    def lines(self) -> list[str]:
        """What the log of the container has."""
        return self.first.lines()

    def warnings(self) -> list[str]:
        return [line for line in self.lines() if line.startswith("W: ")]

    def wait_for_line(self, text: str, count: int = 1) -> str:
        return self.first.wait_for_line(text, count)

    def execute(
        self, *words: str, within: float = 2 * PATIENCE
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command in the container, as `docker exec` does."""
        return self._sandbox.run(*self._runc, "exec", self.name, *words, check=False, within=within)

    def kill(self, name: str) -> None:
        """Sends its first process a signal."""
        self._sandbox.run(*self._runc, "kill", self.name, name)

    def _id(self) -> int:
        """The number of its first process in the sandbox."""
        return int(json.loads(self._sandbox.run(*self._runc, "state", self.name).stdout)["pid"])

    def signal_service(self, name: str) -> None:
        """Sends the program a signal, also if it is not the first process."""
        first = str(self._id())
        children = self._sandbox.run("cat", f"/proc/{first}/task/{first}/children").stdout.split()
        self._sandbox.run("sh", "-c", f"kill -{name} {(children or [first])[0]}")

    def status(self) -> dict[str, str]:
        """What the kernel says about the rights of its first process, and about its root."""
        folder = f"/proc/{self._id()}"
        shown = self._sandbox.run("cat", f"{folder}/status").stdout
        mounts = self._sandbox.run("cat", f"{folder}/mounts").stdout.splitlines()
        (root,) = [line.split()[3] for line in mounts if line.split()[1] == "/"]
        return {
            "root": root.split(",")[0],
            **dict(line.split(":\t", 1) for line in shown.splitlines() if ":\t" in line),
        }

    def stop(self) -> list[str]:
        """Stops it as an engine does, unless the test has waited for its end; it must end by itself with
        success. Returns the log."""
        if self.first.status is None:
            assert self.first.process.poll() is None, f"died: {self.lines()}"
            self.kill("TERM")
            status = self.first.wait()
            assert status == OK, f"exit status {status}: {self.lines()}"
        return self.lines()

    def destroy(self) -> None:
        """Kills whatever is left of it."""
        if self.first.process.poll() is None:
            self._sandbox.run(*self._runc, "delete", "--force", self.name, check=False)
            self.first.wait()
