"""Extracts the recipes from the guides, so that tests run exactly what they print."""

from __future__ import annotations

import re

GUIDES = ("asking-the-journal.md", "a-device-gets-no-answer.md")
"""The guides with recipes, in packaging/docs."""

_RECIPE = re.compile(r"((?:^(?!#|```).+\n)+)\n```sh\n([\s\S]*?)\n```$", re.MULTILINE)


def recipes_of(text: str) -> dict[str, str]:
    """The commands of each `sh` block of a guide, by the paragraph in front of it."""
    recipes = {" ".join(purpose.split()): commands for purpose, commands in _RECIPE.findall(text)}
    assert len(recipes) == text.count("```sh"), "a block has no paragraph of its own in front of it"
    return recipes
