"""Extracts the recipes from the guides, so that tests run exactly what they print."""

from __future__ import annotations

import re

GUIDES = ("asking-the-journal.md", "a-device-gets-no-answer.md", "dicom-tls.md", "monitoring.md")
"""The guides with recipes, in packaging/docs."""

CERTIFICATES = "openssl "
"""How the recipes begin that make certificates. They need no installed system."""

_RECIPE = re.compile(r"((?:^(?!#|```).+\n)+)\n```sh\n([\s\S]*?)\n```$", re.MULTILINE)


_DISPLAY = re.compile(r"^\.Bd -literal[^\n]*\n([\s\S]*?)^\.Ed$", re.MULTILINE)
_ESCAPES = {r"\-": "-", r"\(aq": "'", r"\(dq": '"', r"\e": "\\", r"\&": ""}


_FILE = re.compile(r"^```\w+\n((?:#![^\n]*\n)?# (/\S+)\n[\s\S]*?)^```$", re.MULTILINE)


def files_of(text: str) -> dict[str, str]:
    """The files that a guide prints, by the path in the comment that each begins with."""
    return {path: content for content, path in _FILE.findall(text)}


def lines_of(page: str) -> list[str]:
    """The lines that a manual page displays as they are typed or printed."""
    text = "".join(_DISPLAY.findall(page))
    return re.sub(r"\\(?:\(..|.)", lambda match: _ESCAPES[match[0]], text).splitlines()


def recipes_of(text: str) -> dict[str, str]:
    """The commands of each `sh` block of a guide, by the paragraph in front of it."""
    recipes = {" ".join(purpose.split()): commands for purpose, commands in _RECIPE.findall(text)}
    assert len(recipes) == text.count("```sh"), "a block has no paragraph of its own in front of it"
    return recipes
