"""Unusable outputs and bare environments at the start of the program.

From a user's report: `echoscpd --dump-config > /dev/full` wrote nothing and succeeded;
swiftlang/swift#71781: without /proc, a Swift program has no arguments; and too few file descriptors.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from daemon import PROGRAM, SANITIZER, Daemon, free_port, one_line, refused, wait_until

OUTPUT, CRITICAL, UNKNOWN = 74, 2, 3
USAGE, UNAVAILABLE, SYSTEM, CONFIGURATION = 64, 69, 71, 78
SAYING = {
    "--dump-config": (("--dump-config",), OUTPUT),
    "--check-config": (("--check-config",), OUTPUT),
    "--help": (("--help",), OUTPUT),
    "--version": (("--version",), OUTPUT),
    "--probe": (("--probe", "127.0.0.1:1"), CRITICAL),
    "--json": (("--probe", "127.0.0.1:1", "--json"), CRITICAL),
}
"""The options that write to standard output, and the exit status if it cannot be written."""

each = pytest.mark.parametrize(("words", "status"), SAYING.values(), ids=SAYING)


@each
def test_a_full_disk(words: tuple[str, ...], status: int) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [str(PROGRAM), *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=30,
            check=False,
        )  # fmt: skip
    assert done.returncode == status
    assert done.stderr == (
        "echoscpd: standard output cannot be written: No space left on device\n"
    )


@each
def test_a_closed_descriptor(words: tuple[str, ...], status: int) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", str(PROGRAM), *words],
        stderr=subprocess.PIPE, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == status
    assert done.stderr == "echoscpd: standard output cannot be written: Bad file descriptor\n"


either_action = pytest.mark.parametrize(
    "action", [signal.SIG_DFL, signal.SIG_IGN], ids=["default", "ignored"]
)
"""The action for SIGPIPE that a program starts with; by default, the signal ends it."""


def with_a_broken_pipe(
    stream: str, words: Sequence[str], action: signal.Handlers
) -> subprocess.CompletedProcess[bytes]:
    """Runs the program with stdout or stderr connected to a pipe whose reader has closed it."""
    reader, writer = os.pipe()
    os.close(reader)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writer}
    try:
        return subprocess.run(
            [str(PROGRAM), *words], **streams, timeout=30, check=False, restore_signals=False,
            preexec_fn=lambda: signal.signal(signal.SIGPIPE, action),
        )  # fmt: skip
    finally:
        os.close(writer)


@each
@either_action
def test_a_broken_pipe_is_quiet(
    words: tuple[str, ...], status: int, action: signal.Handlers
) -> None:
    done = with_a_broken_pipe("stdout", words, action)
    assert done.returncode == status
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--nonsense",), USAGE),
        (("--probe", "--nonsense"), UNKNOWN),
        (("--config", "/nowhere"), CONFIGURATION),
        (("-ba", "192.0.2.1"), UNAVAILABLE),
        (("--reload", str(os.getpid())), USAGE),
    ],
)
@either_action
def test_a_broken_pipe_as_standard_error(
    words: tuple[str, ...], status: int, action: signal.Handlers
) -> None:
    """The exit status is the same whether or not the message can be written."""
    assert with_a_broken_pipe("stderr", words, action).returncode == status


@pytest.fixture
def good_probe(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    scp = Daemon(directory=tmp_path)
    try:
        assert wait_until(lambda: not refused(scp.port))
        yield "--probe", f"127.0.0.1:{scp.port}"
    finally:
        scp.stop()


def test_a_good_probe_that_cannot_be_told(good_probe: tuple[str, ...]) -> None:
    """A result that cannot be written is unknown to the caller."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [str(PROGRAM), *good_probe], stdout=full, stderr=subprocess.PIPE, timeout=30, check=False
        )
    assert done.returncode == UNKNOWN
    assert done.stderr == b"echoscpd: standard output cannot be written: No space left on device\n"


@either_action
def test_a_good_probe_that_nobody_reads(
    good_probe: tuple[str, ...], action: signal.Handlers
) -> None:
    done = with_a_broken_pipe("stdout", good_probe, action)
    assert (done.returncode, done.stderr) == (UNKNOWN, b"")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A root folder with only the program and its libraries: no /proc, no /dev, no /etc."""
    if os.geteuid() != 0 or SANITIZER:
        pytest.skip("chroot(2) needs root, and a sanitizer needs /proc")
    root = tmp_path / "root"
    listed = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=True).stdout
    for word in listed.split():
        if word.startswith("/"):
            target = root / word.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(word, target)
    shutil.copy(PROGRAM, root / "echoscpd")
    return root


def test_options_count_without_proc(bare: Path) -> None:
    done = subprocess.run(
        ["chroot", bare, "/echoscpd", "--version"], capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.startswith("echoscpd "), done
    port = free_port()
    words = ["chroot", bare, "/echoscpd", "-ba", "127.0.0.2", "--require-called-ae-title", str(port)]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        try:
            assert wait_until(lambda: not refused(port, "127.0.0.2"))
            assert refused(port), "the program also listens on another address"
            answer = subprocess.run(
                [str(PROGRAM), "--probe", f"127.0.0.2:{port}", "-aec", "OTHER"],
                capture_output=True, text=True, timeout=30, check=False,
            )  # fmt: skip
            assert answer.returncode == CRITICAL and "called AE title" in answer.stdout
        finally:
            process.kill()


@pytest.mark.skipif(bool(SANITIZER), reason="a sanitizer needs additional descriptors")
@pytest.mark.parametrize("limit", [8, 12, 14, 20, 32])
def test_few_descriptors(limit: int) -> None:
    """From a user's report: with 14, the program ran but answered no peer."""
    begin = time.monotonic()
    done = subprocess.run(
        [str(PROGRAM), "-ba", "127.0.0.1", str(free_port())],
        stderr=subprocess.PIPE, text=True, timeout=30, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )  # fmt: skip
    assert done.returncode == SYSTEM and time.monotonic() - begin < 10
    numbers = [int(number) for number in re.findall(r"\d+", one_line(done.stderr))]
    assert limit in numbers and max(numbers) > limit, done.stderr
