"""Runs a pynetdicom program like `python -m pynetdicom`, but without its race (see `reactor`)."""

from __future__ import annotations

import runpy

from pynetdicom.association import Association

from reactor import hold


def _holding(association: Association, *arguments: object, **keywords: object) -> object:
    hold(association)
    return _send_c_echo(association, *arguments, **keywords)


_send_c_echo = Association.send_c_echo

if __name__ == "__main__":
    Association.send_c_echo = _holding  # type: ignore[method-assign]
    runpy.run_module("pynetdicom", run_name="__main__")
