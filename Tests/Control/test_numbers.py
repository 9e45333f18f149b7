"""How long reports take, and how much memory: 200 devices that echo once a minute, for a day, unfolded."""

import os
import pty
import re
import resource
import signal
import subprocess
import time

import pytest

from conftest import Control, valid
from journals import HOUR, SECOND, Journal, echoed, rejected, started

DEVICES = 200
MINUTES = 24 * 60
# Each of so many attempts fails.
FAILS = 33


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A journal with 288,000 records."""
    now = int(time.time()) * SECOND
    journal = Journal()
    journal.add(now - 25 * HOUR, started())
    for minute in range(MINUTES):
        for device in range(DEVICES):
            number = minute * DEVICES + device
            make = rejected if number % FAILS == 0 else echoed
            at = now - 24 * HOUR + minute * 60 * SECOND + device * 300_000 + 60 * SECOND // 2
            journal.add(at, make(f"CT{device}", f"192.0.2.{device + 1}", DICOM_ASSOCIATION=f"798e-{number}"))
    assert journal.count == 1 + DEVICES * MINUTES
    return Control(journal.write(tmp_path_factory.mktemp("busy") / "journal"))


# The memory that a report may take besides the mapped journal, in MiB: rows are bounded, records do not count.
MOST_MEMORY = 96
MIB = 1 << 20


def limited():
    """Bounds the memory of a process that is about to run, but for files that it maps."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY * MIB, MOST_MEMORY * MIB))


def measured(control, *words):
    """The shortest of three times that a report takes, in seconds, and its output."""
    times, output = [], ""
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run(
            control.command(*words), stdout=subprocess.PIPE, text=True, env=control.environment(),
            preexec_fn=limited, timeout=60,
        )
        times.append(time.monotonic() - began)
        output = done.stdout
    return min(times), output


@pytest.mark.parametrize(
    ("words", "limit"), [(["peers"], 3.0), (["status"], 0.3), (["peer", "CT7"], 0.1)], ids=lambda x: str(x)
)
def test_a_report_is_quick(busy, words, limit):
    seconds, output = measured(busy, *words)
    print(f"{' '.join(words)}: {seconds:.3f} s of {limit} s")
    assert output
    assert seconds < limit


def test_made_up_titles_take_no_memory(tmp_path):
    """Three times as many titles as there are rows: the least recently seen go, and are counted."""
    titles, rows = 60_000, 20_000
    now = int(time.time()) * SECOND
    journal = Journal()
    for number in range(titles):
        journal.add(now - HOUR + number, rejected(f"X{number}", "192.0.2.66"))
    control = Control(journal.write(tmp_path / "journal"))
    seconds, output = measured(control, "peers", "--json")
    report = valid(output)
    print(f"{titles} titles in {seconds:.1f} s, within {MOST_MEMORY} MiB: {len(report['peers'])} rows")
    assert len(report["peers"]) + report["rows_left_out"] == titles and len(report["peers"]) <= rows
    assert report["peers"][0]["calling_ae_title"] == f"X{titles - 1}"
    seconds, output = measured(control, "status", "--json")
    assert valid(output)["failures"] == titles
    seconds, output = measured(control, "peer", "192.0.2.66", "--json")
    assert valid(output)["failures"] == titles


def test_reading_that_takes_long_shows_how_far_it_is(busy):
    """The program is stopped for longer than a second, as if the journal were large or the disk slow."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        busy.command("peers"), stdout=subprocess.DEVNULL, stderr=theirs, env=busy.environment()
    )
    os.close(theirs)
    time.sleep(0.2)
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.2)
    process.send_signal(signal.SIGCONT)
    process.wait(timeout=60)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    print(repr(shown))
    assert re.search(r"\rreading the journal: [0-9]+ records, at [0-9: -]+ ", shown)
    assert shown.endswith("\r\x1b[K")


def test_the_numbers_are_exact(busy):
    report = busy.json("status", "--since", "25h")
    failures = -(-DEVICES * MINUTES // FAILS)
    assert (report["echoes"], report["failures"]) == (DEVICES * MINUTES - failures, failures)
    peers = busy.json("peers", "--since", "25h")["peers"]
    assert len(peers) == DEVICES
    assert sum(row["echoes"] for row in peers) == report["echoes"]
    assert sum(row["failures"] for row in peers) == failures
