"""Formats a run as text and tables: the report in Markdown, and the part of it that the README shows."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence

from figures import (
    AT_INFO,
    BALANCED,
    BEHIND_HAPROXY,
    ECHO,
    ECHOSCPD,
    LIMIT,
    MODES,
    OPERATION,
    OPERATIONS,
    OVER_TLS,
    TLS_ECHOSCPD,
    TLS_LIMIT,
    TLS_OPERATIONS,
    UNDER_THE_UNIT,
    UNIT,
    UNIT_UNFILTERED,
    Figures,
    Measured,
    balancer_cpu,
    cpu,
    p50,
    p99,
    rate,
)
from targets import NOT_REACHED, REACHED, SKIPPED, shown, targets


def table(heads: list[str], rows: Iterable[list[str]], words: tuple[int, ...] = (0,)) -> list[str]:
    """A Markdown table, padded to be readable as plain text. Columns are right-aligned, except `words`."""
    lines = [[cell.replace("|", "\\|") for cell in cells] for cells in (heads, *rows)]
    widths = [max(3, *(len(line[x]) for line in lines)) for x in range(len(heads))]

    def row(cells: list[str]) -> str:
        padded = [
            text.ljust(width) if column in words else text.rjust(width)
            for column, (text, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    alignment = [
        "-" * width if column in words else "-" * (width - 1) + ":"
        for column, width in enumerate(widths)
    ]
    return [row(lines[0]), row(alignment), *map(row, lines[1:])]


def number(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _share(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def milliseconds(microseconds: float | None) -> str:
    return "–" if microseconds is None else number(microseconds / 1000)


def _remarks(turns: list[Measured]) -> str:
    """The errors in the rounds of a row."""
    total: dict[str, int] = {}
    for turn in turns:
        for kind, count in turn.errors.items():
            total[kind] = total.get(kind, 0) + count
        if turn.lines_lost:
            total["lines lost"] = total.get("lines lost", 0) + turn.lines_lost
    remarks = [f"{kind}: {count:,}" for kind, count in sorted(total.items())]
    remarks += sorted({turn.trouble for turn in turns if turn.trouble})
    return "; ".join(remarks)


def _absolute(
    figures: Figures, mode: str, servers: Sequence[str], operations: Mapping[str, str]
) -> Iterator[str]:
    heads = [
        "", "clients", f"{operations[mode]}/s", "p50 ms", "p99 ms", "CPU s per 10,000",
        "server busy", "load busy", "errors",
    ]  # fmt: skip
    rows = []
    for clients in figures.clients(mode):
        for server in servers:
            turns = figures.of(server, mode, clients)
            if not turns:
                continue
            spent = figures.median(server, mode, clients, cpu)
            rows.append([
                figures.names[server],
                str(clients),
                number(figures.median(server, mode, clients, rate)),
                milliseconds(figures.median(server, mode, clients, p50)),
                milliseconds(figures.median(server, mode, clients, p99)),
                number(None if spent is None else spent * 10_000),
                f"{statistics.median(x.busy for x in turns):.0%}",
                f"{statistics.median(x.client_busy for x in turns):.0%}",
                _remarks(turns) or "none",
            ])  # fmt: skip
    yield from table(heads, rows, (0, len(heads) - 1))
    yield ""


def _over_tls(figures: Figures) -> Iterator[str]:
    yield "### Over TLS"
    yield ""
    yield (
        "Each association begins with a whole handshake of TLS 1.3 in which both sides present a certificate "
        "with a key on P-256, and nothing is resumed: a TLS handshake is one association with one echo, from "
        "connect to close. TLS echoes are made on associations that stay open. A turn takes "
        f"{figures.plan['tls_seconds']:g} s."
    )
    yield ""
    for mode in MODES:
        yield from _absolute(figures, mode, OVER_TLS, TLS_OPERATIONS)


def _behind_haproxy(figures: Figures) -> Iterator[str]:
    """Compares HAProxy in front of two servers with one of them alone."""
    heads = [
        "", "clients", "rate", "against one alone", "p50 ms", "p99 ms", "CPU µs", "of which HAProxy",
        "errors",
    ]  # fmt: skip
    rows = []
    for mode in MODES:
        for balanced, alone in BEHIND_HAPROXY.items():
            for clients in figures.clients(mode):
                for server in (alone, balanced):
                    turns = figures.of(server, mode, clients)
                    if not turns:
                        continue
                    ratio = figures.ratio(server, alone, mode, clients, rate)
                    rows.append([
                        f"{figures.names[server]}: {OPERATIONS[mode]}/s",
                        str(clients),
                        number(figures.median(server, mode, clients, rate)),
                        shown(ratio) if ratio and server == balanced else "–",
                        milliseconds(figures.median(server, mode, clients, p50)),
                        milliseconds(figures.median(server, mode, clients, p99)),
                        *[number(None if x is None else x * 1e6) for x in (
                            figures.median(server, mode, clients, cpu),
                            figures.median(server, mode, clients, balancer_cpu),
                        )],
                        _remarks(turns) or "none",
                    ])  # fmt: skip
    yield "### Behind HAProxy"
    yield ""
    yield (
        "HAProxy and both servers behind it share the core on which one server runs alone, so that the rate "
        "shows what the set-up costs, not what two machines would gain. The row with the limits shows the "
        "cost of HAProxy itself, in front of servers that cost next to nothing."
    )
    yield ""
    yield from table(heads, rows, (0, len(heads) - 1))
    yield ""


def _ratios(figures: Figures) -> Iterator[str]:
    heads = ["against the limit", "clients", "rate", "CPU per operation", "p99", "rounds"]
    rows = []
    compared = [(x, LIMIT, OPERATIONS[mode], mode) for mode in MODES for x in (ECHOSCPD, AT_INFO)]
    compared += [(TLS_ECHOSCPD, TLS_LIMIT, TLS_OPERATIONS[mode], mode) for mode in MODES]
    for server, reference, operations, mode in compared:
        for clients in figures.clients(mode):
            found = [
                figures.ratio(server, reference, mode, clients, figure)
                for figure in (rate, cpu, p99)
            ]
            if not found[0]:
                continue
            name = ECHOSCPD if server in OVER_TLS else server
            rows.append([
                f"{figures.names[name]}: {operations}",
                str(clients),
                *[shown(x) if x else "–" for x in found],
                str(found[0].rounds),
            ])  # fmt: skip
    yield from table(heads, rows)
    yield ""


def _unit(figures: Figures) -> Iterator[str]:
    """Compares the service with itself without filters."""
    heads = ["64 clients each", "CPU s per 10,000", "against the last", "rounds", "errors"]
    rows = []
    for mode in MODES:
        for server in UNDER_THE_UNIT:
            turns = figures.of(server, mode, 64)
            if not turns:
                continue
            spent = figures.median(server, mode, 64, cpu)
            ratio = figures.ratio(server, UNIT_UNFILTERED, mode, 64, cpu)
            rows.append([
                f"{figures.names[server]}: {OPERATIONS[mode]}",
                number(None if spent is None else spent * 10_000),
                shown(ratio) if ratio else "–",
                str(len(turns)),
                _remarks(turns) or "none",
            ])  # fmt: skip
    yield "### Under the unit"
    yield ""
    yield (
        "The service as run by systemd, in a freshly booted Debian. All three variants run at the "
        "same time on one core, each under its own load, so that any disturbance affects all of "
        "them. Their rates mean nothing; the CPU per operation shows the cost of the system call "
        "filters."
    )
    yield ""
    yield from table(heads, rows, (0, len(heads) - 1))
    yield ""


def _resources(figures: Figures) -> Iterator[str]:
    counts = sorted({n for memory in figures.memory.values() for n in memory.bytes_at})
    heads = [
        "", *[f"MiB at {n:,} idle" for n in counts], "first answer ms", "MiB resident then",
        "MiB on disk", "with its libraries",
    ]  # fmt: skip
    rows, remarks = [], []
    for server in figures.servers():
        memory, start = figures.memory.get(server), figures.starts.get(server)
        if memory is None and start is None:
            continue
        bytes_at = memory.bytes_at if memory else {}
        row = [figures.names[server]]
        row += [number(bytes_at[n] / (1 << 20)) if n in bytes_at else "–" for n in counts]
        if start and start.seconds:
            row.append(number(statistics.median(start.seconds) * 1000))
            sizes = (start.resident, start.program, start.with_libraries)
            row += [number(size / (1 << 20)) for size in sizes]
        else:
            row += ["–"] * 4
        rows.append(row)
        for one in memory, start:
            if one and one.trouble:
                remarks.append(f"- {figures.names[server]}: {one.trouble}")
    yield from table(heads, rows)
    yield ""
    if remarks:
        yield from [*sorted(set(remarks)), ""]


def _disturbance(figures: Figures) -> str:
    shares = [x.disturbed for x in figures.measured if x.disturbed is not None]
    if not shares:
        return "Nothing was pinned, so it is unknown how busy the machine was otherwise."
    return (
        "Other programs, and the host of a virtual machine, used the server's core for "
        f"{statistics.median(shares):.0%} of the time in the median turn, and for "
        f"{max(shares):.0%} in the worst: the lower, the more reliable the figures."
    )


def verdicts(figures: Figures) -> list[str]:
    """The table of targets, and the numbers of those reached, not reached and skipped."""
    all_of_them = targets(figures)
    rows = [[x.what, x.wanted, x.measured, x.verdict] for x in all_of_them]
    counts = [
        f"{sum(x.verdict == verdict for x in all_of_them)} {verdict}"
        for verdict in (REACHED, NOT_REACHED, SKIPPED)
    ]
    return [
        *table(["target", "wanted", "measured", ""], rows, (0, 1, 2, 3)),
        "",
        ", ".join(counts) + ".",
    ]


def report(figures: Figures) -> str:
    """The whole report."""
    plan = figures.plan
    lines = [
        "# Benchmark of echoscpd",
        "",
        "Written by `make bench`; the raw figures are in [benchmark.json](benchmark.json). Ratios "
        "are calculated round by round, from consecutive turns on the same machine; the tables show "
        "the median of the rounds, with the minimum and maximum in parentheses.",
        "",
        f"A turn takes {plan['seconds']:g} s after a warm-up of {plan['warm_up']:g} s, on a freshly "
        f"started server; for third-party programs {plan['peer_seconds']:g} s. The order is reversed "
        "in each round. Associations come from several addresses, since one address would soon run "
        "out of ports. CPU is the time of the server's process, its threads and ended children; for "
        "an echo, it includes a share of opening the associations. If the server is not busy, its "
        "rate only shows what the load generator can do, and the CPU per operation is the figure to "
        "compare: waking a sleeping server costs the load generator time, so a server with slightly "
        "more work can even have the higher rate.",
        "",
        _disturbance(figures),
        "",
        "![Associations and echoes a second at 64 clients](benchmark.svg)",
        "",
        "## Where",
        "",
        *table(["", ""], [list(x) for x in figures.machine.items()], (0, 1)),
        "",
        "## Who",
        "",
        *[
            f"- **{figures.names[x]}**: {figures.about[x]}"
            for x in (*figures.servers(), *OVER_TLS, *BEHIND_HAPROXY, *UNDER_THE_UNIT)
            if x in figures.names
        ],
        *[f"- {reason}, skipped" for reason in figures.left_out],
        *([f"- over TLS: {figures.tls_obstacle}, skipped"] if figures.tls_obstacle else []),
        *(
            [f"- behind HAProxy: {figures.balancer_obstacle}, skipped"]
            if figures.balancer_obstacle
            else []
        ),
        *([f"- the unit: {figures.unit_obstacle}, skipped"] if figures.unit_obstacle else []),
        "",
        "## Targets",
        "",
        *verdicts(figures),
        "",
        "## Ratios",
        "",
        *_ratios(figures),
        "## Figures",
        "",
    ]
    for mode in MODES:
        lines += [f"### {OPERATIONS[mode].capitalize()}", ""]
        lines += _absolute(figures, mode, figures.servers(), OPERATIONS)
    if figures.of(TLS_ECHOSCPD, ECHO, 64):
        lines += _over_tls(figures)
    if figures.of(BALANCED, ECHO, 64):
        lines += _behind_haproxy(figures)
    if figures.of(UNIT, ECHO, 64):
        lines += _unit(figures)
    lines += ["### Memory, start and size", "", *_resources(figures)]
    return "\n".join(lines).rstrip() + "\n"


def summary(figures: Figures) -> str:
    """The few figures that the README shows."""
    clients = 64
    heads = [f"{clients} clients"]
    for mode in MODES:
        heads += [f"{OPERATIONS[mode]}/s", "of the limit", f"CPU µs per {OPERATION[mode]}"]
    rows = []
    for server in figures.servers():
        row = [figures.names[server]]
        for mode in MODES:
            ratio = figures.ratio(server, LIMIT, mode, clients, rate)
            spent = figures.median(server, mode, clients, cpu)
            row += [
                number(figures.median(server, mode, clients, rate)),
                _share(ratio.median) if ratio else "–",
                number(None if spent is None else spent * 1e6),
            ]
        rows.append(row)
    where = ", ".join(figures.machine.get(x, "") for x in ("processor", "kernel", "date"))
    how = f"{figures.names[ECHOSCPD]}: {figures.about[ECHOSCPD]}; {figures.names[AT_INFO]}: "
    how += figures.about[AT_INFO]
    apart = " ".join([*_summary_over_tls(figures), *_summary_behind_haproxy(figures)])
    lines = [*table(heads, rows), "", *([apart, ""] if apart else []), f"{where}.", f"{how}."]
    return "\n".join(lines) + "\n"


def _summary_over_tls(figures: Figures) -> Iterator[str]:
    """A sentence about TLS, if that was measured."""
    parts = []
    for mode in MODES:
        ratio = figures.ratio(TLS_ECHOSCPD, TLS_LIMIT, mode, 64, rate)
        if ratio:
            made = number(figures.median(TLS_ECHOSCPD, mode, 64, rate))
            parts.append(f"{made} {TLS_OPERATIONS[mode]}/s, {_share(ratio.median)} of the limit")
    if parts:
        yield f"Over TLS 1.3 with certificates on both sides (P-256): {'; '.join(parts)}."


def _summary_behind_haproxy(figures: Figures) -> Iterator[str]:
    """A sentence about the set-up with HAProxy, if that was measured."""
    parts = []
    for mode in MODES:
        spent = figures.median(BALANCED, mode, 64, cpu)
        own = figures.median(BALANCED, mode, 64, balancer_cpu)
        if spent is not None and own is not None:
            parts.append(f"{number(spent * 1e6)} µs per {OPERATION[mode]}, {number(own * 1e6)} of them HAProxy's")
    if parts:
        yield f"Two echoscpd behind HAProxy take {'; '.join(parts)}."
