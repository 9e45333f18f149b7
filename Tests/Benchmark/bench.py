"""make bench: compares echoscpd with the limit and third-party programs in one run.

All are measured with the same load, one after the other and round by round, so that other activity of the
machine affects each alike. The results are written as Markdown, SVG and JSON.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from balanced import balanced
from certificates import Certificates
from chart import chart
from client import Client
from figures import (
    AT_INFO,
    DIRECT,
    DIRECT_LIMIT,
    ECHOSCPD,
    MODES,
    ONE_WORKER,
    OPERATIONS,
    TLS_OPERATIONS,
    TWO_WORKERS,
    Figures,
    Measured,
)
from host import HARD_LIMIT, Cores, description
from machine import Obstacle
from measuring import RESERVE, memory, start, turn
from report import number, report, summary, verdicts
from running import FAILURES
from servers import (
    HERE,
    Server,
    echoscpd,
    echoscpd_at_info,
    echoscpd_over_tls,
    limit,
    limit_over_tls,
    peers,
)
from targets import FEW, MANY, MOST, MOST_OF_ALL
from unit import UNITS, Services

REPOSITORY = HERE.parents[1]
BUILT, SCRATCH = REPOSITORY / ".build/release", REPOSITORY / ".build-bench"
BEGINNING, END = "<!-- written by make bench -->\n", "<!-- to here -->\n"


@dataclass(frozen=True)
class Plan:
    """The durations of the measurements, and the number of rounds for each number of clients."""

    seconds: float
    warm_up: float
    peer_seconds: float
    rounds: dict[int, int]
    rounds_at_info: dict[int, int]
    peer_rounds: dict[int, int]
    workers_rounds: int
    unit_rounds: int
    tls_rounds: dict[int, int]
    tls_seconds: float
    """Over TLS, clients wait for one another's handshakes, so that short turns would hold few operations."""
    tls_warm_up: float
    balanced_rounds: dict[int, int]
    starts: int
    idle_of_others: tuple[int, ...]
    """The numbers of idle associations that the limit and the peers hold; empty to skip this."""

    def times(self, server: Server, clients: int) -> int:
        if server.is_peer:
            return self.peer_rounds.get(clients, 0)
        rounds = self.rounds_at_info if server.key == AT_INFO else self.rounds
        return rounds.get(clients, 0)


FULL = Plan(
    seconds=1.5, warm_up=0.3, peer_seconds=1.0,
    rounds={1: 5, 8: 7, 64: 7, 512: 5},
    rounds_at_info={1: 3, 8: 7, 64: 7, 512: 3},
    peer_rounds={1: 2, 8: 2, 64: 3, 512: 1},
    workers_rounds=5, unit_rounds=9, tls_rounds={8: 5, 64: 5}, tls_seconds=1.5,
    tls_warm_up=0.3, balanced_rounds={8: 5, 64: 5}, starts=15, idle_of_others=(FEW, MANY),
)  # fmt: skip
QUICK = Plan(
    seconds=0.25, warm_up=0.05, peer_seconds=0.4,
    rounds={8: 5, 64: 5, 512: 3},
    rounds_at_info={8: 5, 64: 5},
    peer_rounds={64: 1},
    workers_rounds=3, unit_rounds=3, tls_rounds={64: 3}, tls_seconds=0.8,
    tls_warm_up=0.3, balanced_rounds={64: 3}, starts=5, idle_of_others=(),
)  # fmt: skip


def say(text: str) -> None:
    print(text, flush=True)


def compiler() -> str:
    beside_swift = Path(shutil.which("swift") or "swift").resolve().parent
    for name in "cc", "gcc", "clang":
        found = shutil.which(name) or shutil.which(name, path=str(beside_swift))
        if found:
            return found
    raise SystemExit("bench: no C compiler for the limits; install cc, gcc or clang")


def compile_limit(with_compiler: str, program: Path, *libraries: str) -> Path:
    """Compiles the source file in this folder that is named like the program."""
    program.parent.mkdir(exist_ok=True)
    subprocess.run(
        [with_compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(program),
         str(HERE / f"{program.name}.c"), *(f"-l{library}" for library in libraries)],
        check=True,
        timeout=60,
    )  # fmt: skip
    return program


def installed_size(daemon: Path) -> tuple[int, str]:
    """The program's size in bytes in the package, or as it would be there, and where that size is from."""
    packages = sorted(REPOSITORY.glob(".build-deb/echoscpd_*.deb"), key=lambda x: x.stat().st_mtime)
    if packages and shutil.which("dpkg-deb"):
        listed = subprocess.run(
            ["dpkg-deb", "--contents", str(packages[-1])],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout  # fmt: skip
        for line in listed.splitlines():
            fields = line.split()
            if fields[-1].endswith("/sbin/echoscpd"):
                return int(fields[2]), packages[-1].name
    if shutil.which("strip"):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "echoscpd"
            command = ["strip", "--strip-unneeded", "-R", ".comment", "-R", ".note"]
            subprocess.run([*command, "-o", str(copy), str(daemon)], timeout=60, check=True)
            return copy.stat().st_size, "stripped"
    return daemon.stat().st_size, "not stripped"


def _secured(with_compiler: str, daemon: Path) -> tuple[list[Server], str]:
    """The servers that are asked over TLS, or the reason why there are none."""
    try:
        certificates = Certificates.made(SCRATCH / "certificates")
        program = compile_limit(with_compiler, SCRATCH / "limit_tls", "ssl", "crypto")
    except FAILURES as problem:
        return [], str(problem)
    return [limit_over_tls(program, certificates), echoscpd_over_tls(daemon, certificates)], ""


class Bench:
    """One run of the benchmark."""

    def __init__(self, plan: Plan, daemon: Path, client: Client, cores: Cores) -> None:
        self.plan, self.client, self.cores = plan, client, cores
        self.compiler = cc = compiler()
        others, left_out = peers()
        self.servers = [
            limit(compile_limit(cc, SCRATCH / "limit")),
            echoscpd(daemon),
            echoscpd_at_info(daemon),
            *others,
        ]
        self.workers = [
            echoscpd(daemon, ONE_WORKER, "--workers", "1"),
            echoscpd(daemon, TWO_WORKERS, "--workers", "2"),
        ]
        self.secured, tls_obstacle = _secured(cc, daemon)
        self.balanced, balancer_obstacle = balanced(daemon, self.servers[0])
        if self.balanced:
            # Each has its turn directly before or after the same without HAProxy.
            self.balanced = [
                replace(self.servers[0], key=DIRECT_LIMIT), self.balanced[0],
                echoscpd(daemon, DIRECT, "--workers", "1"), self.balanced[1],
            ]  # fmt: skip
        installed, installed_from = installed_size(daemon)
        everybody = [*self.servers, *self.workers, *self.secured, *self.balanced, *UNITS]
        self.figures = Figures(
            machine=description(daemon, cc, cores),
            plan={
                "seconds": plan.seconds,
                "warm_up": plan.warm_up,
                "peer_seconds": plan.peer_seconds,
                "tls_seconds": plan.tls_seconds,
            },
            names={x.key: x.name for x in everybody},
            about={x.key: x.about for x in everybody},
            left_out=left_out,
            hard_limit=HARD_LIMIT,
            installed=installed,
            installed_from=installed_from,
            tls_obstacle=tls_obstacle,
            balancer_obstacle=balancer_obstacle,
        )

    def run(self) -> Figures:
        for name, value in self.figures.machine.items():
            say(f"{name}: {value}")
        for reason in self.figures.left_out:
            say(f"{reason}, skipped")
        for clients in self.plan.rounds:
            for mode in MODES:
                self._rounds(self.servers, mode, clients, self.plan.rounds[clients])
        for mode in MODES:
            self._rounds(self.workers, mode, 64, self.plan.workers_rounds)
        self._over_tls()
        self._behind_haproxy()
        self._memory()
        self._starts()
        self._units()
        return self.figures

    def _over_tls(self) -> None:
        if self.figures.tls_obstacle:
            say(f"over TLS: {self.figures.tls_obstacle}, skipped")
            return
        for clients, rounds in self.plan.tls_rounds.items():
            for mode in MODES:
                self._rounds(self.secured, mode, clients, rounds)

    def _behind_haproxy(self) -> None:
        if self.figures.balancer_obstacle:
            say(f"behind HAProxy: {self.figures.balancer_obstacle}, skipped")
            return
        for clients, rounds in self.plan.balanced_rounds.items():
            for mode in MODES:
                self._rounds(self.balanced, mode, clients, rounds)

    def _units(self) -> None:
        """Measures the service as installed by the package."""
        try:
            with Services(self.compiler, self.cores) as services:
                for mode in MODES:
                    for round_ in range(self.plan.unit_rounds):
                        found = services.turn(
                            self.client, mode, 64, round_,
                            seconds=self.plan.seconds, warm_up=self.plan.warm_up,
                        )  # fmt: skip
                        self.figures.measured += found
                    say(f"under the unit, {OPERATIONS[mode]}, 64 clients: "
                        f"{self.plan.unit_rounds} rounds")  # fmt: skip
        # Keep the earlier measurements if the machine fails.
        except (Obstacle, AssertionError, *FAILURES) as problem:
            self.figures.unit_obstacle = str(problem)
            say(f"the unit: {problem}, skipped")

    def _rounds(self, servers: list[Server], mode: str, clients: int, rounds: int) -> None:
        """Measures all servers in each round, alternately forwards and backwards."""
        for round_ in range(rounds):
            in_order = servers if round_ % 2 == 0 else servers[::-1]
            heard = []
            for server in in_order:
                is_apart = server in (*self.workers, *self.secured, *self.balanced)
                times = rounds if is_apart else self.plan.times(server, clients)
                if round_ >= times:
                    continue
                one = self._turn(server, mode, clients, round_)
                self.figures.measured.append(one)
                rate = "no figures" if one.trouble else f"{number(one.rate)}/s"
                heard.append(f"{server.name} {rate}")
            unit = "client" if clients == 1 else "clients"
            what = (TLS_OPERATIONS if servers is self.secured else OPERATIONS)[mode]
            say(f"{what}, {clients} {unit}, round {round_ + 1} of {rounds}: "
                + ", ".join(heard))  # fmt: skip

    def _turn(self, server: Server, mode: str, clients: int, round_: int) -> Measured:
        seconds = self.plan.peer_seconds if server.is_peer else self.plan.seconds
        warm_up = self.plan.warm_up
        if server in self.secured:
            seconds, warm_up = self.plan.tls_seconds, self.plan.tls_warm_up
        cores = self.cores.for_two_workers() if server in self.workers else self.cores
        return turn(
            server, self.client, cores, mode, clients, round_,
            seconds=seconds, warm_up=warm_up,
        )  # fmt: skip

    def _memory(self) -> None:
        most = MOST_OF_ALL if HARD_LIMIT >= MOST_OF_ALL + RESERVE else MOST
        for server in self.servers:
            is_ours = server.key == ECHOSCPD
            counts = [FEW, MANY, most] if is_ours else list(self.plan.idle_of_others)
            if not counts:
                continue
            within = 10.0 if server.is_peer else 30.0
            found = memory(server, self.client, self.cores, counts, within)
            self.figures.memory[server.key] = found
            held = ", ".join(
                f"{size / (1 << 20):.1f} MiB at {count:,}" for count, size in found.bytes_at.items()
            )
            say(f"memory, {server.name}: {'; '.join(filter(None, (held, found.trouble)))}")

    def _starts(self) -> None:
        for server in self.servers:
            times = 3 if server.is_peer else self.plan.starts
            found = start(server, self.cores, times)
            self.figures.starts[server.key] = found
            least = f"{min(found.seconds) * 1000:.1f} ms at best" if found.seconds else ""
            say(f"start, {server.name}: {'; '.join(filter(None, (least, found.trouble)))}")


def publish(figures: Figures, folder: Path, readme: Path | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    figures.save(folder / "benchmark.json")
    (folder / "benchmark.md").write_text(report(figures))
    (folder / "benchmark.svg").write_text(chart(figures))
    if readme:
        text = readme.read_text()
        before, found, rest = text.partition(BEGINNING)
        _, found_too, after = rest.partition(END)
        if found and found_too:
            readme.write_text(f"{before}{BEGINNING}{summary(figures)}{END}{after}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="See `make bench`.")
    parser.add_argument("--daemon", type=Path, default=BUILT / "echoscpd")
    parser.add_argument("--load", type=Path, default=BUILT / "echobench")
    parser.add_argument("--quick", action="store_true", help="shorter and fewer measurements")
    parser.add_argument("--again", action="store_true", help="write the report of the last full run again")
    arguments = parser.parse_args()
    results, readme = HERE / "results", REPOSITORY / "README.md"
    if arguments.again:
        return publish(Figures.load(results / "benchmark.json"), results, readme)
    cores = Cores.found()
    client = Client(arguments.load.resolve(), cores)
    begin = time.monotonic()
    plan = QUICK if arguments.quick else FULL
    figures = Bench(plan, arguments.daemon.resolve(), client, cores).run()
    folder = results / "quick" if arguments.quick else results
    publish(figures, folder, None if arguments.quick else readme)
    say("")
    say("\n".join(verdicts(figures)))
    passed = time.monotonic() - begin
    say(f"{passed:.0f} s; full report: {(folder / 'benchmark.md').relative_to(REPOSITORY)}")


if __name__ == "__main__":
    main()
