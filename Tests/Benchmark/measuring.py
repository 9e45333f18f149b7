"""Measures one server: its rate under load, its memory with idle associations, its start."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

from balanced import running as started
from client import Client, Idle
from figures import ECHO, Measured, Memory, Start
from host import HARD_LIMIT, Cores, seconds_in_use
from running import FAILURES, Running, Trouble, program_of
from servers import Server

RESERVE = 200
"""Descriptors that a server and the load need in addition to those of the associations."""
SETTLED_AFTER = 0.2


def turn(
    server: Server, client: Client, cores: Cores, mode: str, clients: int, number: int,
    *, seconds: float, warm_up: float,
) -> Measured:  # fmt: skip
    """Runs a load on a freshly started server. The result has the reason if there are no figures."""
    try:
        with started(server, cores) as running:
            before, begin = running.cpu_seconds(), time.monotonic()
            balancer_before = running.balancer_seconds() or 0.0
            used_before = seconds_in_use(cores.server)
            report = client.run(
                mode, running.port, clients=clients, seconds=seconds, warm_up=warm_up,
                patience=_patience(server, mode),
                options=server.certificates.options("client") if server.certificates else (),
            )  # fmt: skip
            spent, passed = running.cpu_seconds() - before, time.monotonic() - begin
            used_by_all = seconds_in_use(cores.server) - used_before
            balancer = running.balancer_seconds()
    except FAILURES as trouble:
        return Measured(server.key, mode, clients, number, 0.0, trouble=str(trouble))
    in_all, latency = report["operations_in_all"], report["latency_us"]
    answered = report["operations"] > 0
    expected = _lines(server, report)
    return Measured(
        server.key,
        mode,
        clients,
        number,
        rate=report["operations_per_second"],
        cpu=spent / in_all if in_all else None,
        balancer_cpu=(balancer - balancer_before) / in_all if in_all and balancer is not None else None,
        p50=latency["p50"] if answered else None,
        p99=latency["p99"] if answered else None,
        busy=spent / passed,
        client_busy=report["cpu_seconds"] / passed,
        errors=report["errors"],
        disturbed=max(0.0, used_by_all - spent) / passed if cores.server else None,
        lines_lost=0 if running.lines is None else max(0, expected - running.lines),
    )


def _patience(server: Server, mode: str) -> float:
    """The seconds that the load waits for an answer: few for a server with one association at a time, which
    does not answer the others meanwhile anyway."""
    return 1.0 if server.is_one_at_a_time and mode == ECHO else 5.0


def _lines(server: Server, report: dict[str, int]) -> int:
    """The expected number of log lines at info: two per association and one per echo, including those of the
    readiness check."""
    if not server.is_read:
        return 0
    return 2 * (report["associations_in_all"] + 1) + report["echoes_in_all"] + 1


def memory(
    server: Server, client: Client, cores: Cores, counts: list[int], within: float
) -> Memory:
    """Measures its private memory at each number of idle associations, with a new process for each."""
    found = Memory(server.key)
    for count in counts:
        if count + RESERVE > HARD_LIMIT:
            found.trouble = f"{count:,} skipped: at most {HARD_LIMIT:,} descriptors here"
            break
        try:
            with Running(server, cores) as running:
                if not found.bytes_at:
                    found.bytes_at[0] = running.memory("RssAnon")
                if server.is_one_at_a_time:
                    raise Trouble("holds one association at a time")
                with Idle(client, running.port, count, within) as idle:
                    time.sleep(SETTLED_AFTER)
                    found.bytes_at[count] = running.memory("RssAnon")
                    report = idle.finish()
                    wrong = report["error_total"]
                    found.all_echoed[count] = wrong == 0 and report["operations"] >= count
        except FAILURES as trouble:
            found.trouble = str(trouble)
            break
    return found


def start(server: Server, cores: Cores, times: int) -> Start:
    """Measures how soon it answers after its start, and its sizes in memory and on disk."""
    found = Start(server.key)
    try:
        for _ in range(times):
            with Running(server, cores) as running:
                found.seconds.append(running.answered_after)
                found.resident = max(found.resident, running.memory("VmRSS"))
                program = program_of(running.command)
                files = running.files()
                packages = sum(map(_package_size, server.size_of))
                found.program = packages or program.stat().st_size
                found.with_libraries = packages + sum(files.values())
    except FAILURES as trouble:
        found.trouble = str(trouble)
    return found


def _package_size(name: str) -> int:
    specification = importlib.util.find_spec(name)
    if specification is None or specification.origin is None:
        return 0
    folder = Path(specification.origin).parent
    return sum(x.stat().st_size for x in folder.rglob("*") if x.is_file())
