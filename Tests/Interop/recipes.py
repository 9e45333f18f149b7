"""The recipes of echoscpd-journal(7), read out of the page: what is tried is what is printed."""

from __future__ import annotations

import re

_ESCAPES = {
    r"\-": "-", r"\(aq": "'", r"\(dq": '"', r"\(rs": "\\", r"\(ga": "`", r"\(ha": "^",
    r"\(ti": "~", r"\&": "", r"\fB": "", r"\fR": "", r"\fI": "",
}  # fmt: skip

_RECIPE = re.compile(
    r"^\.PP\n((?:[^.\n][^\n]*\n)+)\.PP\n\.RS 4\n\.EX\n((?:(?!\.EE)[^\n]*\n)*)\.EE$", re.MULTILINE
)


def _text(roff: str) -> str:
    """What roff(7) prints for text without requests."""
    return re.sub(r"\\(?:\(..|f.|.)", lambda match: _ESCAPES[match[0]], roff)


def recipes_of(page: str) -> dict[str, str]:
    """What the page tells to type, by what it is for."""
    return {
        " ".join(_text(purpose).split()): _text(commands).rstrip("\n")
        for purpose, commands in _RECIPE.findall(page)
    }
