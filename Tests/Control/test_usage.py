"""The command line, permissions, and what a terminal gets."""

import os
import pty
import re
import select
import subprocess
import time

import pytest

from conftest import PROGRAM, Control, refusal
from journals import HOUR, SECOND, Journal, echoed, rejected


def test_version_and_help():
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, timeout=10)
    assert re.fullmatch(r"echoscpctl [0-9.]+\n", version.stdout) and version.returncode == 0
    help_ = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=10)
    assert help_.returncode == 0
    for command in ("status", "peers", "peer", "watch", "verify"):
        assert re.search(rf"^  {command} ", help_.stdout, re.MULTILINE)
        page = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, timeout=10)
        assert page.returncode == 0 and page.stdout.startswith("OVERVIEW: ")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["statsu"], '"statsu" is not a command: expected status, peers, peer, watch and verify'),
        (["peers", "--sinse", "1h"], "Unknown option '--sinse'"),
        (["peer"], "Missing expected argument '<device>'"),
        (["peers", "--file", "/nowhere", "--directory", "/"], "exclude each other: use one of them"),
        (["peers", "--directory", "/nowhere"], "/nowhere cannot be read: No such file or directory"),
        (["peers", "--file", "/nowhere"], "/nowhere cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_ends_with_3(words, answer):
    assert answer in refusal(PROGRAM, *words)


def test_a_file_that_is_not_a_journal(tmp_path):
    file = tmp_path / "x.journal"
    file.write_bytes(b"not a journal" * 100)
    assert "cannot be read: " in refusal(PROGRAM, "peers", "--file", str(file))


def on_a_terminal(command, **more):
    """What a command prints on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=Control.environment(TERM="xterm", **more)
    )
    os.close(theirs)
    output = b""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                output += os.read(ours, 4096)
            except OSError:
                break
        elif process.poll() is not None:
            break
    os.close(ours)
    process.wait(timeout=10)
    return output.decode()


def test_colors_are_for_terminals(control, now):
    journal = Journal()
    journal.add(now - HOUR, rejected("CT1", "192.0.2.7"))
    journal.add(now - HOUR, echoed("CT2", "192.0.2.8"))
    read = control(journal)
    colored = on_a_terminal(read.command("peers"))
    assert "\x1b[31mfailing\x1b[0m" in colored and "\x1b[32mok\x1b[0m" in colored
    assert "\x1b" not in on_a_terminal(read.command("peers"), NO_COLOR="1")
    plain = read("peers")
    assert "\x1b" not in "".join(plain)


def test_who_may_not_read_is_told_which_group_to_join(tmp_path):
    """In a mount namespace with a journal of this machine that only root may read."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    machine = "00112233445566778899aabbccddeeff"
    script = f"""
    set -e
    mount --make-rprivate /
    mount -t tmpfs none /var/log
    mkdir -p /var/log/journal/{machine}
    touch /var/log/journal/{machine}/system.journal
    chmod 0640 /var/log/journal/{machine}/system.journal
    echo {machine} > {tmp_path}/machine-id
    touch /etc/machine-id
    mount --bind {tmp_path}/machine-id /etc/machine-id
    cp {PROGRAM} /var/log/echoscpctl
    chmod 0755 /var/log/echoscpctl
    exec setpriv --reuid=65534 --regid=65534 --clear-groups /var/log/echoscpctl peers
    """
    answer = refusal("unshare", "--mount", "sh", "-c", script)
    assert "permission denied" in answer and "usermod -aG systemd-journal" in answer


def test_verify_needs_the_daemon(tmp_path):
    if os.path.exists("/usr/sbin/echoscpd"):
        pytest.skip("echoscpd is installed here")
    assert "there is no /usr/sbin/echoscpd" in refusal(PROGRAM, "verify", "CT1")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_name_the_commands(shell):
    script = subprocess.run(
        [PROGRAM, "--generate-completion-script", shell], capture_output=True, text=True, timeout=10
    )
    assert script.returncode == 0 and "peers" in script.stdout and "failing" in script.stdout
