"""The measurements of a run, as stored in benchmark.json, and queries on them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ASSOCIATE, ECHO = "associate", "echo"
MODES = (ASSOCIATE, ECHO)
OPERATIONS = {ASSOCIATE: "associations", ECHO: "echoes"}
OPERATION = {ASSOCIATE: "association", ECHO: "echo"}

LIMIT, ECHOSCPD, AT_INFO = "limit", "echoscpd", "echoscpd-info"
ONE_WORKER, TWO_WORKERS = "one-worker", "two-workers"
UNIT, UNIT_WITHOUT_OWN, UNIT_UNFILTERED = "unit", "unit-without-own", "unit-unfiltered"
UNDER_THE_UNIT = (UNIT, UNIT_WITHOUT_OWN, UNIT_UNFILTERED)
TLS_LIMIT, TLS_ECHOSCPD = "limit-tls", "echoscpd-tls"
OVER_TLS = (TLS_LIMIT, TLS_ECHOSCPD)
TLS_OPERATIONS = {ASSOCIATE: "TLS handshakes", ECHO: "TLS echoes"}
"""What a mode measures over TLS: with an association, the handshake takes nearly all of the time."""
TLS_OPERATION = {ASSOCIATE: "TLS handshake", ECHO: "TLS echo"}
DIRECT_LIMIT, DIRECT = "limit-direct", "echoscpd-direct"
BALANCED_LIMIT, BALANCED = "limit-balanced", "echoscpd-balanced"
BEHIND_HAPROXY = {BALANCED_LIMIT: DIRECT_LIMIT, BALANCED: DIRECT}
"""The set-ups with HAProxy, and what each is compared with."""
APART = (
    ONE_WORKER, TWO_WORKERS, *UNDER_THE_UNIT, *OVER_TLS, *BEHIND_HAPROXY, *BEHIND_HAPROXY.values()
)  # fmt: skip
"""Servers that are only compared with each other."""


@dataclass(frozen=True)
class Measured:
    """One turn of one server."""

    server: str
    mode: str
    clients: int
    round: int
    rate: float
    """Operations per second."""
    cpu: float | None = None
    """Seconds of the server's CPU time per operation, or None without operations."""
    balancer_cpu: float | None = None
    """The part of it that is a balancer's, or None without one."""
    p50: float | None = None
    p99: float | None = None
    """Latencies in microseconds."""
    busy: float = 0.0
    client_busy: float = 0.0
    """The shares of the time in which the server and the load ran on their cores."""
    disturbed: float | None = None
    """The share of the time in which others used the server's cores, or None if it is not pinned."""
    errors: dict[str, int] = field(default_factory=dict)
    lines_lost: int = 0
    """The number of lost lines of its log, if a reader counts them."""
    trouble: str = ""
    """The reason why there are no figures."""


Figure = Callable[[Measured], float | None]


@dataclass(frozen=True)
class Spread:
    """The spread of a figure over several rounds."""

    median: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, values: list[float]) -> Spread | None:
        if not values:
            return None
        return cls(statistics.median(values), min(values), max(values), len(values))


@dataclass
class Memory:
    """The memory of a server for idle associations."""

    server: str
    bytes_at: dict[int, int] = field(default_factory=dict)
    """Its private user-space memory (RssAnon) by the number of idle associations."""
    all_echoed: dict[int, bool] = field(default_factory=dict)
    """Whether each association was still answered at the end, by their number."""
    trouble: str = ""
    """The reason why there are no further figures."""

    def each(self, few: int, many: int) -> float | None:
        """Bytes per association: the slope between two numbers of associations."""
        if few not in self.bytes_at or many not in self.bytes_at:
            return None
        return (self.bytes_at[many] - self.bytes_at[few]) / (many - few)


@dataclass
class Start:
    """The start of a server, from exec to the first answered echo."""

    server: str
    seconds: list[float] = field(default_factory=list)
    resident: int = 0
    """Its memory in bytes after the first echo (VmRSS)."""
    program: int = 0
    """The program's size on disk in bytes."""
    with_libraries: int = 0
    """The size on disk including every loaded library and package."""
    trouble: str = ""


@dataclass
class Figures:
    """All figures of one run."""

    machine: dict[str, str]
    plan: dict[str, float]
    names: dict[str, str]
    about: dict[str, str]
    left_out: list[str]
    hard_limit: int
    installed: int = 0
    """The program's size in bytes as the package installs it."""
    installed_from: str = ""
    unit_obstacle: str = ""
    """The reason why nothing was measured under the unit."""
    tls_obstacle: str = ""
    """The reason why nothing was measured over TLS."""
    balancer_obstacle: str = ""
    """The reason why nothing was measured behind HAProxy."""
    measured: list[Measured] = field(default_factory=list)
    memory: dict[str, Memory] = field(default_factory=dict)
    starts: dict[str, Start] = field(default_factory=dict)

    def of(self, server: str, mode: str, clients: int) -> list[Measured]:
        return [
            x for x in self.measured if (x.server, x.mode, x.clients) == (server, mode, clients)
        ]

    def spread(self, server: str, mode: str, clients: int, figure: Figure) -> Spread | None:
        values = [figure(x) for x in self.of(server, mode, clients)]
        return Spread.of([x for x in values if x is not None])

    def median(self, server: str, mode: str, clients: int, figure: Figure) -> float | None:
        spread = self.spread(server, mode, clients, figure)
        return spread.median if spread else None

    def ratio(
        self, server: str, reference: str, mode: str, clients: int, figure: Figure
    ) -> Spread | None:
        """The ratio of two servers' figures, round by round, so that other activity affects both alike."""
        others = {x.round: figure(x) for x in self.of(reference, mode, clients)}
        ratios = []
        for one in self.of(server, mode, clients):
            own, other = figure(one), others.get(one.round)
            if own is not None and other:
                ratios.append(own / other)
        return Spread.of(ratios)

    def clients(self, mode: str) -> list[int]:
        return sorted({x.clients for x in self.measured if x.mode == mode})

    def servers(self) -> list[str]:
        """The compared servers, in the order in which they are shown."""
        return [x for x in self.names if x not in APART]

    def peers(self) -> list[str]:
        return [x for x in self.servers() if x not in (LIMIT, ECHOSCPD, AT_INFO)]

    def save(self, path: Path) -> None:
        """Writes the figures as JSON, with one turn per line for readability."""
        found = asdict(self)
        turns = [json.dumps(_without_defaults(x)) for x in found.pop("measured")]
        text = json.dumps(found, indent=1).removesuffix("\n}")
        path.write_text(f'{text},\n "measured": [\n  ' + ",\n  ".join(turns) + "\n ]\n}\n")

    @classmethod
    def load(cls, path: Path) -> Figures:
        found = json.loads(path.read_text())
        found["measured"] = [Measured(**x) for x in found["measured"]]
        found["starts"] = {key: Start(**x) for key, x in found["starts"].items()}
        for memory in found["memory"].values():
            for name in ("bytes_at", "all_echoed"):
                # The keys of a JSON object are strings.
                memory[name] = {int(key): value for key, value in memory[name].items()}
        found["memory"] = {key: Memory(**x) for key, x in found["memory"].items()}
        return cls(**found)


def _without_defaults(turn: dict[str, Any]) -> dict[str, Any]:
    """A turn without default values, and with figures rounded to six digits."""
    usual = asdict(Measured("", "", 0, 0, 0.0))
    needed = ("server", "mode", "clients", "round", "rate")
    return {
        name: float(f"{value:.6g}") if isinstance(value, float) else value
        for name, value in turn.items()
        if name in needed or value != usual[name]
    }


def rate(one: Measured) -> float | None:
    return None if one.trouble else one.rate


def cpu(one: Measured) -> float | None:
    return one.cpu


def balancer_cpu(one: Measured) -> float | None:
    return one.balancer_cpu


def p50(one: Measured) -> float | None:
    return one.p50


def p99(one: Measured) -> float | None:
    return one.p99
