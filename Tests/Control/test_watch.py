"""watch: each attempt as it comes."""

import signal
import subprocess
import time
from contextlib import contextmanager

from conftest import PROGRAM, Control, valid
from journals import HOUR, JOURNAL_REMOTE, SECOND, Journal, echoed, rejected, started

# The longest time from a record to its line, in seconds.
LATEST = 0.5


class Growing:
    """A journal to which records are added while it is read."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.file = folder / "remote-pacs.journal"
        self.process = subprocess.Popen(
            [JOURNAL_REMOTE, "--split-mode=none", "-o", self.file, "-"], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.journal = Journal()

    def add(self, fields, **trusted):
        self.journal.parts.clear()
        self.journal.add(int(time.time() * SECOND), fields, **trusted)
        self.process.stdin.write(self.journal.parts[0].encode())
        self.process.stdin.flush()

    def close(self):
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        self.process.wait(timeout=10)


@contextmanager
def watching(growing, *words):
    """echoscpctl watch, once it waits."""
    watch = subprocess.Popen(
        [PROGRAM, "watch", *words, "--directory", growing.folder], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, bufsize=1, env=Control.environment(),
    )
    try:
        yield watch
    finally:
        watch.kill()
        watch.wait(timeout=10)
        watch.stdout.close()
        watch.stderr.close()
        growing.close()


def prepared(tmp_path):
    growing = Growing(tmp_path / "journal")
    growing.add(started())
    deadline = time.monotonic() + 10
    while not growing.file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    return growing


def test_a_line_comes_within_half_a_second(tmp_path):
    growing = prepared(tmp_path)
    with watching(growing) as watch:
        assert watch.stdout.readline() == "waiting for any device; press Ctrl-C to stop\n"
        delays = []
        for number in range(10):
            time.sleep(0.11)
            began = time.monotonic()
            growing.add(echoed(f"CT{number}", "192.0.2.7"))
            line = watch.stdout.readline()
            delays.append(time.monotonic() - began)
            assert f" ok CT{number} at 192.0.2.7:40112 called MYPACS: 1 echo answered" in line
        print(f"watch: a line after {sorted(delays)[5] * 1000:.0f} ms, at most {max(delays) * 1000:.0f} ms")
        assert max(delays) < LATEST
        growing.add(rejected("CT1", "192.0.2.7"))
        assert " FAILED called-ae-title: CT1 at 192.0.2.7:40112 called MYPAC" in watch.stdout.readline()
        rest = [watch.stdout.readline() for _ in range(2)]
        assert any("on the device: Enter this host's AE title" in line for line in rest), rest
        watch.send_signal(signal.SIGINT)
        assert watch.wait(timeout=5) == 0


def test_only_one_device(tmp_path):
    growing = prepared(tmp_path)
    with watching(growing, "CT1", "--json") as watch:
        time.sleep(0.5)
        growing.add(echoed("CT2", "192.0.2.8"))
        growing.add(echoed("CT1", "192.0.2.7"), _SYSTEMD_UNIT="mallory.service")
        # A handshake fails before there is a title.
        growing.add({
            "MESSAGE": "192.0.2.7:40112: TLS handshake failed: sent no certificate", "PRIORITY": 4,
            "MESSAGE_ID": "d9722de071d24a48a80d4e505cb690c4", "DICOM_PEER_ADDRESS": "192.0.2.7",
            "ECHOSCP_CAUSE": "certificate-missing",
        })
        attempt = valid(watch.stdout.readline())
        assert (attempt["calling_ae_title"], attempt["failure"]["cause"]) == (None, "certificate-missing")
        growing.add(echoed("CT1", "192.0.2.7", echoes=2))
        attempt = valid(watch.stdout.readline())
        assert (attempt["calling_ae_title"], attempt["echoes"], attempt["outcome"]) == ("CT1", 2, "echoed")
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(timeout=5) == 0


def test_earlier_records_are_not_shown(tmp_path):
    growing = prepared(tmp_path)
    growing.add(echoed("OLD", "192.0.2.8"))
    time.sleep(0.5)
    with watching(growing, "--json") as watch:
        time.sleep(0.5)
        growing.add(echoed("NEW", "192.0.2.8"))
        assert valid(watch.stdout.readline())["calling_ae_title"] == "NEW"


def test_a_journal_that_is_rotated_meanwhile(tmp_path):
    growing = prepared(tmp_path)
    with watching(growing, "--json") as watch:
        time.sleep(0.3)
        growing.close()
        growing.file.rename(growing.folder / "archived.journal")
        journal = Journal()
        journal.count = 10
        journal.add(int(time.time() * SECOND), echoed("NEXT", "192.0.2.8"))
        journal.write(tmp_path / "new")
        (tmp_path / "new" / "remote-pacs.journal").rename(growing.file)
        assert valid(watch.stdout.readline())["calling_ae_title"] == "NEXT"


def test_a_reader_that_is_gone(tmp_path):
    growing = prepared(tmp_path)
    with watching(growing) as watch:
        watch.stdout.readline()
        watch.stdout.close()
        deadline = time.monotonic() + 5
        while watch.poll() is None and time.monotonic() < deadline:
            growing.add(echoed("CT1", "192.0.2.7"))
            time.sleep(0.1)
        assert watch.poll() == 3 and watch.stderr.read() == ""
