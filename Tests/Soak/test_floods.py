"""The floods of the interop suite, each for a minute: longer than any of the default timeouts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from abuse import FLOODS, endure
from daemon import Daemon


@pytest.mark.parametrize("kind", FLOODS)
def test_long_flood(echoscpd: Callable[..., Daemon], kind: str, seconds: float) -> None:
    endure(echoscpd, kind, seconds)
