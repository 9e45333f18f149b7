"""echoscpctl in the machine, and what devices do to get into its reports."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from machine import Machine
from peer import PATIENCE, Peer
from replies import AssociateRJ
from reports import valid
from wire import associate_rq

PORT = 11112
OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = "OK", "WARNING", "CRITICAL", "UNKNOWN"


class Control:
    """Runs echoscpctl in the machine, once everything that was written has arrived in the journal."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def run(self, *words: str, user: str = "") -> subprocess.CompletedProcess[str]:
        """Runs it as root, or as another user."""
        self._machine.events()
        become = ["runuser", "-u", user, "--"] if user else []
        return self._machine.run(*become, "echoscpctl", *words, check=False)

    def lines(self, *words: str, status: int, user: str = "") -> list[str]:
        """A report as text, whose first line begins with the word for `status`."""
        done = self.run(*words, user=user)
        assert not done.stderr, done.stderr
        assert done.returncode == status, done.stdout
        lines = done.stdout.splitlines()
        assert lines[0].startswith(f"{WORDS[status]}: "), lines
        return lines

    def report(self, *words: str, status: int | None = None) -> dict:
        """A report as JSON, which is as the schema says."""
        done = self.run(*words, "--json")
        assert not done.stderr, done.stderr
        assert status is None or done.returncode == status, done.stdout
        return valid(done.stdout)

    def row(self, address: str, title: str | None = "", *words: str) -> dict:
        """The only row of `peers` with this address and, unless that is empty, this title."""
        rows = [
            row for row in self.report("peers", *words)["peers"]
            if row["address"] == address and title in ("", row["calling_ae_title"])
        ]  # fmt: skip
        assert len(rows) == 1, (address, title, rows)
        return rows[0]

    def refusal(self, *words: str, user: str = "") -> str:
        """The reason why there is no report."""
        done = self.run(*words, user=user)
        assert (done.returncode, done.stdout) == (UNKNOWN, ""), done
        return done.stderr

    @contextmanager
    def watch(self, *words: str) -> Iterator[Watch]:
        """`watch` during the block, once it waits for records."""
        command = self._machine.command("sh", "-c", 'echo $$; exec echoscpctl watch "$@"', "sh", *words)
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        ) as process:  # fmt: skip
            try:
                watch = Watch(self._machine, process)
            except BaseException:
                process.kill()
                raise
            try:
                watch.headline = watch.line()
                # It goes to the end of the journal after it has printed that.
                time.sleep(0.2)
                yield watch
            finally:
                watch.signal("KILL")


class Watch:
    """A running `watch`. No wait is longer than `PATIENCE`."""

    headline = ""
    """Its first line."""

    def __init__(self, machine: Machine, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        self._machine, self._process, self._output = machine, process, process.stdout.fileno()
        self._buffer = b""
        self._pid = self.line().strip()

    def line(self) -> str:
        """The next line."""
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([self._output], [], [], left)[0], self._buffer
            octets = os.read(self._output, 1 << 16)
            assert octets, self._buffer
            self._buffer += octets
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()

    def signal(self, name: str) -> None:
        # The process that was started here is only the one that has entered the machine.
        self._machine.shell(f"kill -{name} {self._pid}", check=False)

    def end(self) -> int:
        """Does what Ctrl-C does; returns the exit status."""
        self.signal("INT")
        return self._process.wait(PATIENCE)


@contextmanager
def own_journal(machine: Machine) -> Iterator[None]:
    """Removes the records of the tests before, whose troubles would be in every report; afterwards, removes what is left
    of users that were added, and of systemd-journal-upload."""
    machine.shell("journalctl --rotate && rm -f /var/log/journal/*/*@*.journal")
    machine.forget_journal()
    machine.shell("mkdir /tmp/users && cp -a /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /tmp/users")
    yield
    machine.shell("cp -a /tmp/users/. /etc && rm -r /tmp/users")
    machine.shell("if [ -d /var/lib/private/systemd ]; then rmdir /var/lib/private/systemd; fi")


def counts(report: dict) -> dict[str, int]:
    """The causes of a report of `status`."""
    return {cause["cause"]: cause["count"] for cause in report["causes"]}


def echo_from(address: str, title: str, called: str = "ECHOSCP") -> float:
    """An association with one echo; returns the time when its release was answered."""
    with Peer(PORT, source=address) as peer:
        peer.associate(calling=title, called=called)
        peer.echo()
        peer.release()
        return time.monotonic()


def be_rejected(address: str, title: str, called: str = "ARCHIVE", times: int = 1) -> bytes:
    """Requests that the service rejects; returns the last one."""
    request = associate_rq(calling=title, called=called)
    for _ in range(times):
        with Peer(PORT, source=address) as peer:
            peer.send(request)
            reply = peer.receive()
            assert isinstance(reply, AssociateRJ), reply
    return request
