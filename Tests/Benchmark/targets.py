"""The targets of echoscpd, and whether this run reached them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from figures import (
    APART,
    ASSOCIATE,
    AT_INFO,
    ECHO,
    ECHOSCPD,
    LIMIT,
    MODES,
    ONE_WORKER,
    OPERATION,
    OPERATIONS,
    TLS_ECHOSCPD,
    TLS_LIMIT,
    TLS_OPERATION,
    TLS_OPERATIONS,
    TWO_WORKERS,
    UNIT,
    UNIT_UNFILTERED,
    UNIT_WITHOUT_OWN,
    Figures,
    Spread,
    cpu,
    p99,
    rate,
)

REACHED, NOT_REACHED, SKIPPED = "reached", "not reached", "skipped"

AS_FAST = 0.95
"""The ratio that still counts as the same rate."""
AT_INFO_AT_LEAST = 0.8
OVER_TLS_AT_LEAST = 0.9
MOST_CPU, MOST_CPU_AT_INFO, MOST_CPU_OF_TWO_WORKERS = 1.05, 1.25, 1.1
MOST_CPU_OVER_TLS = 1.1
MOST_P99 = 1.5
MOST_CPU_FILTERED = 1.02
"""The allowed CPU cost of the system call filters."""
MOST_BYTES_EACH = 512
SAME_BYTES = 1.1
MOST_SECONDS, MOST_RESIDENT, MOST_ON_DISK = 0.010, 8 << 20, 8 << 20
FEW, MANY = 1_000, 10_000
MOST, MOST_OF_ALL = 14_000, 100_000


@dataclass(frozen=True)
class Target:
    what: str
    wanted: str
    measured: str
    verdict: str


def shown(spread: Spread) -> str:
    return f"{spread.median:.3f} ({spread.least:.3f}–{spread.most:.3f})"


def mebibytes(size: float) -> str:
    return f"{size / (1 << 20):.1f} MiB"


def _verdict(reached: bool) -> str:
    return REACHED if reached else NOT_REACHED


def _at_least(what: str, wanted: str, spread: Spread | None, bound: float) -> Target:
    if spread is None:
        return Target(what, wanted, "–", SKIPPED)
    return Target(what, wanted, shown(spread), _verdict(spread.median >= bound))


def _at_most(what: str, spread: Spread | None, bound: float) -> Target:
    wanted = f"at most {bound:g}"
    if spread is None:
        return Target(what, wanted, "–", SKIPPED)
    return Target(what, wanted, shown(spread), _verdict(spread.median <= bound))


def _answers(figures: Figures) -> Iterator[Target]:
    """The target that every answer is correct, without which speed means nothing."""
    ours = [x for x in figures.measured if x.server in (ECHOSCPD, AT_INFO, *APART) and x.server != TLS_LIMIT]
    wrong = sum(sum(x.errors.values()) + bool(x.trouble) for x in ours)
    yield Target(
        f"answers of echoscpd, in {len(ours)} turns",
        "all right",
        "all right" if wrong == 0 else f"{wrong:,} errors",
        _verdict(wrong == 0),
    )


def _against_the_limit(figures: Figures) -> Iterator[Target]:
    for server, at_level, wanted, least in (
        (ECHOSCPD, "", f"1, at least {AS_FAST:g}", AS_FAST),
        (AT_INFO, ", log-level info", f"at least {AT_INFO_AT_LEAST:g}", AT_INFO_AT_LEAST),
    ):
        for mode in MODES:
            for clients in 8, 64:
                yield _at_least(
                    f"{OPERATIONS[mode]}/s against the limit, {clients} clients{at_level}",
                    wanted,
                    figures.ratio(server, LIMIT, mode, clients, rate),
                    least,
                )
    for clients in 8, 64:
        yield _at_most(
            f"CPU per association against the limit, {clients} clients, log-level info",
            figures.ratio(AT_INFO, LIMIT, ASSOCIATE, clients, cpu),
            MOST_CPU_AT_INFO,
        )
    for mode in MODES:
        for clients in 8, 64:
            yield _at_most(
                f"CPU per {OPERATION[mode]} against the limit, {clients} clients",
                figures.ratio(ECHOSCPD, LIMIT, mode, clients, cpu),
                MOST_CPU,
            )
    for mode in MODES:
        yield _at_most(
            f"p99 of {OPERATIONS[mode]} against the limit, 512 clients",
            figures.ratio(ECHOSCPD, LIMIT, mode, 512, p99),
            MOST_P99,
        )


def _over_tls(figures: Figures) -> Iterator[Target]:
    """The targets against the limit over TLS. The rate depends on the load as well, which makes as many
    handshakes; the CPU shows what the server alone needs."""
    if figures.tls_obstacle:
        wanted = f"at least {OVER_TLS_AT_LEAST:g}"
        yield Target("over TLS, against the limit", wanted, figures.tls_obstacle, SKIPPED)
        return
    for mode in MODES:
        for clients in 8, 64:
            yield _at_least(
                f"{TLS_OPERATIONS[mode]}/s against the limit, {clients} clients",
                f"at least {OVER_TLS_AT_LEAST:g}",
                figures.ratio(TLS_ECHOSCPD, TLS_LIMIT, mode, clients, rate),
                OVER_TLS_AT_LEAST,
            )
    for mode in MODES:
        for clients in 8, 64:
            yield _at_most(
                f"CPU per {TLS_OPERATION[mode]} against the limit, {clients} clients",
                figures.ratio(TLS_ECHOSCPD, TLS_LIMIT, mode, clients, cpu),
                MOST_CPU_OVER_TLS,
            )


def _against_others(figures: Figures) -> Iterator[Target]:
    """The targets against peers: as far ahead of a peer as the limit is."""
    for peer in figures.peers():
        for mode in MODES:
            what = f"{OPERATIONS[mode]}/s against {figures.names[peer]}, 64 clients"
            theirs = figures.median(peer, mode, 64, rate)
            best = figures.median(LIMIT, mode, 64, rate)
            # Ours is derived from the rounds with the limit: there are more of them, and a
            # disturbance of a round affects both.
            ours = figures.ratio(ECHOSCPD, LIMIT, mode, 64, rate)
            if not theirs or ours is None or best is None:
                yield Target(what, "as far ahead as the limit", "–", SKIPPED)
                continue
            lead = best / theirs
            times, least, most = (x * lead for x in (ours.median, ours.least, ours.most))
            yield Target(
                what,
                f"as far ahead as the limit: {lead:.1f} times",
                f"{times:.1f} times ({least:.1f}–{most:.1f})",
                _verdict(ours.median >= AS_FAST),
            )
    for reason in figures.left_out:
        name, _, why = reason.partition(": ")
        yield Target(f"against {name}", "as far ahead as the limit", why, SKIPPED)


def _memory(figures: Figures) -> Iterator[Target]:
    wanted = f"at most {MOST_BYTES_EACH} bytes"
    what = f"memory for an idle association, {FEW:,} to {MANY:,}"
    memory = figures.memory.get(ECHOSCPD)
    each = memory.each(FEW, MANY) if memory else None
    if memory is None or each is None:
        yield Target(what, wanted, memory.trouble if memory else "–", SKIPPED)
        return
    yield Target(what, wanted, f"{each:.0f} bytes", _verdict(each <= MOST_BYTES_EACH))
    most = max(memory.bytes_at)
    if most > MANY:
        echoed = memory.all_echoed.get(most, False)
        each_then = memory.each(FEW, most) or 0
        yield Target(
            f"{most:,} idle associations",
            "all echo, the same bytes each",
            f"{'all' if echoed else 'not all'} echo, {each_then:.0f} bytes each",
            _verdict(echoed and each_then <= max(SAME_BYTES * each, 0)),
        )
    if most < MOST_OF_ALL:
        yield Target(
            f"{MOST_OF_ALL:,} idle associations",
            "all echo, the same bytes each",
            f"the hard limit of descriptors is {figures.hard_limit:,} here",
            SKIPPED,
        )


def _program(figures: Figures) -> Iterator[Target]:
    start = figures.starts.get(ECHOSCPD)
    if start and start.seconds:
        seconds = statistics.median(start.seconds)
        least, most = min(start.seconds), max(start.seconds)
        yield Target(
            "from exec to the first answered echo",
            f"at most {MOST_SECONDS * 1000:.0f} ms",
            f"{seconds * 1000:.1f} ms ({least * 1000:.1f}–{most * 1000:.1f})",
            _verdict(seconds <= MOST_SECONDS),
        )
        yield Target(
            "resident memory then",
            f"at most {mebibytes(MOST_RESIDENT)}",
            mebibytes(start.resident),
            _verdict(start.resident <= MOST_RESIDENT),
        )
    for mode in MODES:
        yield _at_most(
            f"CPU per {OPERATION[mode]} of two workers against one, 64 clients",
            figures.ratio(TWO_WORKERS, ONE_WORKER, mode, 64, cpu),
            MOST_CPU_OF_TWO_WORKERS,
        )
    if figures.installed:
        yield Target(
            f"size as installed ({figures.installed_from})",
            f"at most {mebibytes(MOST_ON_DISK)}",
            mebibytes(figures.installed),
            _verdict(figures.installed <= MOST_ON_DISK),
        )


def _filters(figures: Figures) -> Iterator[Target]:
    for reference, filters in (UNIT_WITHOUT_OWN, "the daemon's own filter"), (UNIT_UNFILTERED, "any"):
        what = f"CPU per echo under the unit against the same without {filters}, 64 clients"
        if figures.unit_obstacle:
            wanted = f"at most {MOST_CPU_FILTERED:g}"
            yield Target(what, wanted, figures.unit_obstacle, SKIPPED)
            continue
        yield _at_most(what, figures.ratio(UNIT, reference, ECHO, 64, cpu), MOST_CPU_FILTERED)


def targets(figures: Figures) -> list[Target]:
    """All targets with their measurements."""
    return [
        *_answers(figures),
        *_against_the_limit(figures),
        *_over_tls(figures),
        *_against_others(figures),
        *_memory(figures),
        *_program(figures),
        *_filters(figures),
    ]
