"""`--probe` with several targets, as a monitoring system calls it: time, order, thresholds, performance data."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from acceptor import Acceptor, response
from daemon import PROGRAM, Daemon, free_port, run_to_its_end
from peer import PATIENCE, SLACK
from test_probe import CRITICAL, UNKNOWN, answering, probe, server
from test_probe_addresses import unanswering

Start = Callable[..., Daemon]

WARNING = 1

LABEL = r"(?:'[^'=|]+'|[^'=|\s;]+)"
NUMBER = r"\d+(?:\.\d+)?"
ITEM = rf"{LABEL}={NUMBER}(?:ms)?(?:;(?:{NUMBER})?(?:;(?:{NUMBER})?(?:;(?:{NUMBER})?)?)?)?"
"""One item of performance data (Monitoring Plugins Development Guidelines): 'label'=value[UOM];[warn];[crit];[min]."""


def data_of(lines: list[str]) -> dict[str, str]:
    """The performance data, by label, which must be right and only in the first line."""
    text, bar, data = lines[0].partition(" | ")
    assert bar and "|" not in text and not any("|" in line for line in lines[1:])
    assert re.fullmatch(rf"{ITEM}(?: {ITEM})*", data), data
    found = [item.group().rsplit("=", 1) for item in re.finditer(ITEM, data)]
    assert len({label for label, _ in found}) == len(found)
    return {label.strip("'"): value for label, value in found}


@contextmanager
def dead(address: str) -> Iterator[int]:
    """A port of this address where a full queue keeps a listener from answering a SYN."""
    port = free_port()
    with unanswering(address, port):
        yield port


def test_two_hundred_of_which_half_are_dead(echoscpd: Start) -> None:
    """One call takes no longer than one dead device does."""
    scp = echoscpd("--max-pending-per-address", "0", "--max-pending", "1000")
    limit = 2
    with dead("127.0.0.2") as port:
        words = [f"D{n}@127.0.0.2:{port}" if n % 2 else f"D{n}@{scp.host}:{scp.port}" for n in range(200)]
        began = time.monotonic()
        lines = probe(*words, "-tn", str(limit), status=CRITICAL)
        took = time.monotonic() - began
    print(f"{took:.2f} s for 200 targets, of which 100 do not answer within {limit} s")
    assert limit <= took < limit + 1 + SLACK
    assert lines[0].startswith("CRITICAL: 100 of 200 SCPs do not answer: D1 at 127.0.0.2:")
    assert " more | " in lines[0] and len(lines[0].split(" | ")[0]) < 600
    data = data_of(lines)
    assert (data["ok"], data["warning"], data["critical"]) == ("100", "0", "100")
    assert len(data) == 103
    states = [line.split(":")[0] for line in lines[1:] if not line.startswith(" ")]
    assert states == ["CRITICAL"] * 100 + ["OK"] * 100
    assert sum(line.startswith("  to do: ") for line in lines) == 100


def test_silent_ones_cost_one_timeout_and_each_has_one_association() -> None:
    """Accepted connections without an answer; the echoes to one target follow each other."""
    with ExitStack() as stack:
        silent = [stack.enter_context(Acceptor(associate=lambda _: b"")) for _ in range(5)]
        good = stack.enter_context(Acceptor())
        places = [f"127.0.0.1:{scp.port}" for scp in [*silent, good]]
        began = time.monotonic()
        lines = probe(*places, "-ta", "1", status=CRITICAL)
        assert time.monotonic() - began < 2 + SLACK
    assert lines[0].startswith("CRITICAL: 5 of 6 SCPs do not answer: ANY-SCP at 127.0.0.1:")


def test_one_association_at_a_time() -> None:
    open_now, most = [0], [0]
    lock = threading.Lock()

    def slow(request: bytes) -> bytes:
        with lock:
            open_now[0] += 1
            most[0] = max(most[0], open_now[0])
        time.sleep(0.05)
        with lock:
            open_now[0] -= 1
        return response(request)

    with Acceptor(echo=slow) as scp:
        place = f"127.0.0.1:{scp.port}"
        # The same target twice is one target.
        lines = probe(place, place, f"A@{place}", "--count", "3", "--interval", "0")
        alone = probe(place, place)
    assert most[0] <= 2 and lines[0].startswith("OK: 2 SCPs answered C-ECHO; the slowest is ")
    assert sum(line.startswith("  3 probes, 0 failed; min ") for line in lines) == 2
    assert alone[1].startswith("  address: ")


def test_a_host_with_several_dead_addresses_takes_one_timeout(tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    port = free_port()
    with ExitStack() as stack:
        for n in range(2, 6):
            stack.enter_context(unanswering(f"127.0.0.{n}", port))
        file.write_text(
            f"[network]\nport = {port}\nbind-address = 127.0.0.2, 127.0.0.3, 127.0.0.4, 127.0.0.5\n"
        )
        began = time.monotonic()
        lines = probe("--config", str(file), "-tn", "2", status=CRITICAL)
        took = time.monotonic() - began
    assert 1.9 < took < 3 + SLACK
    assert sum(": no connection within 0.5 s" in line for line in lines[1:]) == 4


@pytest.mark.parametrize(
    ("options", "status", "word", "text"),
    [
        (("-w", "30", "-c", "60"), 0, "OK", " answered C-ECHO in "),
        (("-w", "0.1", "-c", "60"), WARNING, "WARNING", ", more than the warning threshold of 100 ms ("),
        (("-w", "0.01", "-c", "0.1"), CRITICAL, "CRITICAL", ", more than the critical threshold of 100 ms ("),
        (("--critical=0.1",), CRITICAL, "CRITICAL", ", more than the critical threshold of 100 ms ("),
    ],
)
def test_thresholds(options: tuple[str, ...], status: int, word: str, text: str) -> None:
    def slow(request: bytes) -> bytes:
        time.sleep(0.2)
        return response(request)

    with Acceptor(echo=slow) as scp:
        lines = probe(f"127.0.0.1:{scp.port}", *options, status=status)
        both = probe(f"127.0.0.1:{scp.port}", f"B@127.0.0.1:{scp.port}", *options, status=status)
        done = json.loads(probe(f"127.0.0.1:{scp.port}", *options, "--json", status=status)[0])
    assert lines[0].startswith(f"{word}: ANY-SCP at 127.0.0.1:") and text in lines[0]
    assert any(line.startswith("  to do: most of the time was spent on echo: ") for line in lines) == (status > 0)
    assert both[0].startswith(f"{word}: ")
    assert done["ok"] and done["status"] == word.lower() and done["failures"] == []
    data = data_of(lines)
    assert list(data) == ["total", "resolve", "connect", "associate", "echo", "release"]
    assert all(value.startswith(("0.", "1.", "2")) or "ms" in value for value in data.values())
    limits = {"-w": "", "-c": ""}
    for option, value in zip(options[::2], options[1::2], strict=False):
        limits[option] = f"{float(value) * 1000:.0f}"
    if options[0].startswith("--critical"):
        limits["-c"] = "100"
    assert data["total"].split("ms;")[1] == f"{limits['-w']};{limits['-c']};0"
    assert set(data_of(both)) >= {"ok", "warning", "critical", f"B@127.0.0.1:{scp.port} total"}


def test_titles_and_answers_break_no_performance_data(echoscpd: Start) -> None:
    scp = echoscpd()
    with server(answering(b"HTTP/1.1 200 |'x'=1;;;;\r\n")) as port:
        lines = probe(f"A|B='C@127.0.0.1:{scp.port}", f"D'='|@127.0.0.1:{port}", status=CRITICAL)
    data = data_of(lines)
    assert f"A\\x7cB\\x3d\\x27C@127.0.0.1:{scp.port} total" in data
    assert "D'='\\x7c at " in lines[0] and len(data) == 4


def test_ipv6_in_a_label_is_no_prefix(echoscpd: Start, ipv6: None) -> None:
    """Icinga takes `::` in a label for the end of a prefix of all labels that follow."""
    scp = echoscpd(host="::1")
    data = data_of(probe(f"[::1]:{scp.port}", f"A@[::1]:{scp.port}"))
    assert f"[:\\x3a1]:{scp.port} total" in data


def test_json_and_quiet(echoscpd: Start) -> None:
    scp = echoscpd()
    places = [f"A@127.0.0.1:{scp.port}", f"127.0.0.1:{free_port()}", f"B@127.0.0.1:{scp.port}"]
    results = [json.loads(line) for line in probe(*places, "--json", "--count", "2", "--interval", "0", status=CRITICAL)]
    seen = {(done["called_ae_title"], done["number"], done["ok"]) for done in results}
    assert len(results) == 6
    assert seen == {(title, n, title != "ANY-SCP") for title in ("A", "B", "ANY-SCP") for n in (1, 2)}
    assert probe(*places, "-q", status=CRITICAL) == []
    assert probe(*places[:1], *places[2:], "-q") == []


def test_this_service_among_others(echoscpd: Start) -> None:
    scp = echoscpd("-aet", "MYSCP", "--require-called-ae-title")
    with Acceptor() as other:
        lines = probe(str(scp.port), f"127.0.0.1:{other.port}", "--config", "/dev/null", "-aet", "MYSCP")
    assert lines[1].startswith(f"OK: MYSCP at localhost:{scp.port} ")
    assert lines[2].startswith(f"OK: ANY-SCP at 127.0.0.1:{other.port} ")
    assert set(data_of(lines)) >= {f"MYSCP@localhost:{scp.port} total", f"127.0.0.1:{other.port} total"}


def test_devices(echoscpd: Start, tmp_path: Path) -> None:
    scp = echoscpd("-d")
    file = tmp_path / "echoscp.conf"
    file.write_text(
        f"[device CT1]\nprobe = 127.0.0.1:{scp.port}\n"
        f"[device \"MR 1\"]\naddress = 192.0.2.7\nprobe = 127.0.0.1:{free_port()}\n"
        "[device XA1]\naddress = 192.0.2.8\n"
    )
    ask = ("--config", str(file), "--devices")
    lines = probe(*ask, status=CRITICAL)
    assert lines[0].startswith("CRITICAL: 1 of 2 SCPs does not answer: MR 1 at 127.0.0.1:")
    assert set(data_of(lines)) == {"ok", "warning", "critical", "CT1 total"}
    assert probe(*ask, "CT1")[0].startswith(f"OK: CT1 at 127.0.0.1:{scp.port} answered C-ECHO in ")
    done = run_to_its_end("--probe", *ask, "XA1", "CT1")
    assert done.returncode == UNKNOWN and done.stdout == ""
    assert done.stderr == "UNKNOWN: --devices: [device XA1] has no key probe; add probe = HOST:PORT to it\n"
    done = run_to_its_end("--probe", *ask, "CT2")
    assert done.stderr == 'UNKNOWN: --devices: there is no [device CT2]: expected CT1, "MR 1"\n'
    done = run_to_its_end("--probe", "--config", "/dev/null", "--devices")
    assert done.returncode == UNKNOWN and "no [device TITLE] section has the key probe" in done.stderr
    # The titles are those of the sections.
    assert "D: Called Application Name:     CT1" in scp.stop()


def test_a_device_with_another_title_as_an_scp(echoscpd: Start, tmp_path: Path) -> None:
    """Its label in performance data is the title of the section, and the remedy for a wrong one is in the file."""
    scp = echoscpd("-aet", "CT1SCP", "--require-called-ae-title")
    place = f"127.0.0.1:{scp.port}"
    file = tmp_path / "echoscp.conf"
    file.write_text(f"[device CT1]\nprobe = CT1SCP@{place}\n[device CT2]\nprobe = {place}\n")
    lines = probe("--config", str(file), "--devices", status=CRITICAL)
    assert set(data_of(lines)) == {"ok", "warning", "critical", "CT1 total"}
    assert lines[2] == (
        f"  to do: put the SCP's own AE title and an @ before {place} in the key probe of the device's "
        'section instead of "CT2"'
    )
    assert lines[3].startswith(f"OK: CT1SCP at {place} answered C-ECHO in ")
    file.write_text(f"[device CT1]\nprobe = CT1SCP@{place}\n[device CT2]\nprobe = CT1SCP@{place}\n")
    assert probe("--config", str(file), "--devices")[0].startswith("OK: 2 SCPs answered C-ECHO; ")


def test_a_device_to_probe_is_not_bound(echoscpd: Start, tmp_path: Path) -> None:
    """A section with only `probe` admits a requestor with that title from any address."""
    file = tmp_path / "echoscp.conf"
    file.write_text("[device CT1]\nprobe = 192.0.2.7:104\n[device MR1]\naddress = 192.0.2.8\nprobe = 192.0.2.8:1\n")
    scp = echoscpd("--config", str(file))
    place = f"127.0.0.1:{scp.port}"
    assert probe(place, "--calling-ae-title", "CT1")[0].startswith("OK: ")
    assert "calling AE title not recognized" in probe(place, "--calling-ae-title", "MR1", status=CRITICAL)[0]


def test_few_descriptors(echoscpd: Start) -> None:
    """With a low limit, fewer targets are asked at the same time, and still all of them."""
    scp = echoscpd()
    words = [f"D{n}@127.0.0.1:{scp.port}" for n in range(60)]
    done = subprocess.run(
        [PROGRAM, "--probe", *words], capture_output=True, text=True, timeout=4 * PATIENCE, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)),
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.startswith("OK: 60 SCPs answered C-ECHO; "), done


def on_terminal(*arguments: str) -> tuple[str, str]:
    """What a probe writes to standard error, which is a terminal, and to standard output, which is not."""
    leader, follower = pty.openpty()
    with subprocess.Popen([PROGRAM, "--probe", *arguments], stdout=subprocess.PIPE, stderr=follower) as program:
        os.close(follower)
        said = b""
        deadline = time.monotonic() + 4 * PATIENCE
        while time.monotonic() < deadline:
            if select.select([leader], [], [], 0.1)[0]:
                try:
                    piece = os.read(leader, 4096)
                except OSError:
                    break
                if not piece:
                    break
                said += piece
        output, _ = program.communicate(timeout=PATIENCE)
    os.close(leader)
    return said.decode(), output.decode()


def test_progress_on_a_terminal(echoscpd: Start) -> None:
    scp = echoscpd()
    with dead("127.0.0.2") as port:
        words = [f"127.0.0.1:{scp.port}", f"127.0.0.2:{port}", f"127.0.0.1:{free_port()}", "-tn", "2"]
        said, output = on_terminal(*words)
        quiet, nothing = on_terminal(*words, "-q")
    print(repr(said))
    # It is erased at the end.
    assert said == "\r\x1b[Kprobing: 2 of 3 done, 1 with a problem\r\x1b[K"
    assert output.startswith("CRITICAL: 2 of 3 SCPs do not answer: ")
    assert (quiet, nothing) == ("", "")
    # A call that is quick, and one with a single target, show none.
    assert on_terminal(*words[::2][:2])[0] == ""
    with dead("127.0.0.2") as port:
        assert on_terminal(f"127.0.0.2:{port}", "-tn", "1.5")[0] == ""


def test_slow_name_servers_do_not_add_up(tmp_path: Path) -> None:
    """Ten names whose name server is silent take as long as one."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("this test needs unshare(1), ip(8) and root for a namespace")
    file = tmp_path / "resolv.conf"
    file.write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
    silent = (
        "import socket, subprocess, sys; server = socket.socket(type=socket.SOCK_DGRAM); "
        "server.bind(('127.0.0.1', 53)); subprocess.run(sys.argv[1:], check=False)"
    )
    setup = f"ip link set lo up && mount --bind '{file}' /etc/resolv.conf && exec \"$@\""

    def took(*names: str) -> float:
        began = time.monotonic()
        done = subprocess.run(
            [unshare, "-n", "-m", "sh", "-c", setup, "sh", sys.executable, "-c", silent, PROGRAM,
             "--probe", *names],
            capture_output=True, text=True, timeout=6 * PATIENCE, check=False,
        )  # fmt: skip
        if not done.stdout:
            pytest.skip(f"cannot create a namespace here: {done.stderr}")
        assert "no name server answered for" in done.stdout, done.stdout
        return time.monotonic() - began

    one = took("pacs.example:104")
    ten = took(*(f"pacs{n}.example:104" for n in range(10)))
    print(f"{one:.1f} s for one name, {ten:.1f} s for ten")
    assert one > 1.5 and ten < one + 1 + SLACK
