"""The chart of a run: groups of bars on a logarithmic scale, as SVG written by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from figures import (
    AT_INFO,
    ECHOSCPD,
    LIMIT,
    MODES,
    OPERATIONS,
    OVER_TLS,
    TLS_ECHOSCPD,
    TLS_LIMIT,
    TLS_OPERATIONS,
    Figures,
    rate,
)

CLIENTS = 64
WIDTH, LABELS, VALUES = 720, 150, 90
BAR, STEP, HEAD, GAP = 16, 24, 40, 20

# Readable on both white and black.
INK = "#768390"
COLORS = {
    LIMIT: "#8b949e", ECHOSCPD: "#2da44e", AT_INFO: "#57ab5a",
    TLS_LIMIT: "#8b949e", TLS_ECHOSCPD: "#2da44e",
}  # fmt: skip
OTHER = "#539bf5"


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _text(x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight} fill="{INK}">'
        f"{escape(text)}</text>"
    )


def _scale(values: list[float]) -> tuple[int, int]:
    """The powers of ten at which the axis begins and ends."""
    # Begin low enough that the shortest bar is visible.
    first = math.floor(math.log10(min(values) / 2))
    last = math.ceil(math.log10(max(values)))
    return first, max(last, first + 1)


def _bars(
    figures: Figures, mode: str, servers: Sequence[str], operations: str, top: float
) -> Iterator[str]:
    found = {x: value for x in servers if (value := figures.median(x, mode, CLIENTS, rate))}
    if not found:
        return
    first, last = _scale(list(found.values()))
    room = WIDTH - LABELS - VALUES

    def place(value: float) -> float:
        return LABELS + room * max(0.0, math.log10(value) - first) / (last - first)

    title = f"{operations[0].upper()}{operations[1:]} a second, {CLIENTS} clients (logarithmic)"
    yield _text(0, top + 14, title, bold=True)
    bottom = top + HEAD + STEP * len(found)
    for power in range(first, last + 1):
        x = place(10.0**power)
        yield (
            f'<line x1="{x:.1f}" y1="{top + HEAD - 4}" x2="{x:.1f}" y2="{bottom}" '
            f'stroke="{INK}" stroke-opacity="0.35"/>'
        )
        yield _text(x, top + HEAD - 8, _amount(10.0**power), anchor="middle")
    for row, (server, value) in enumerate(found.items()):
        y = top + HEAD + STEP * row + (STEP - BAR) / 2
        width = max(1.0, place(value) - LABELS)
        yield _text(LABELS - 8, y + 12, figures.names[server], anchor="end")
        yield (
            f'<rect x="{LABELS}" y="{y:.1f}" width="{width:.1f}" height="{BAR}" rx="2" '
            f'fill="{COLORS.get(server, OTHER)}"/>'
        )
        yield _text(LABELS + width + 6, y + 12, _amount(value))


def chart(figures: Figures) -> str:
    """The whole drawing, with a transparent background."""
    groups = [(mode, figures.servers(), OPERATIONS[mode]) for mode in MODES]
    if figures.of(TLS_ECHOSCPD, MODES[0], CLIENTS):
        groups += [(mode, list(OVER_TLS), TLS_OPERATIONS[mode]) for mode in MODES]
    heights = [HEAD + STEP * len(servers) + GAP for _, servers, _ in groups]
    height = sum(heights)
    label = f"Associations and echoes a second at {CLIENTS} clients, on a logarithmic scale"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{label}" '
        'font-family="system-ui, sans-serif" font-size="12">',
    ]
    for index, (mode, servers, operations) in enumerate(groups):
        lines += _bars(figures, mode, servers, operations, sum(heights[:index]))
    return "\n".join([*lines, "</svg>"]) + "\n"
