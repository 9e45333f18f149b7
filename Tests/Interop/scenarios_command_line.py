"""Scenarios of the differential test: command lines and exit statuses."""

from __future__ import annotations

import signal

from scenario import Levels, Start

SERVING = {
    "port first": ("PORT", "-v"),
    "port between": ("-v", "PORT", "-xi"),
    "short with values": ("-aet", "OTHER", "-ta", "5", "-td", "5.5", "-tn", "60", "PORT"),
    "more short with values": ("-pdu", "16384", "-ba", "127.0.0.1", "-ll", "error", "PORT"),
    "long with values": ("--ae-title", "OTHER", "--acse-timeout", "5", "--max-pdu", "0", "PORT"),
    "more long with values": (
        "--dimse-timeout", "5", "--network-timeout", "5", "--bind-address", "127.0.0.1", "PORT",
    ),
    "long with equals signs": (
        "--ae-title=OTHER", "--acse-timeout=5", "--log-level=warn", "--bind-address=", "PORT",
    ),
    "no address": ("-ba", "", "PORT"),
    "-x=": ("PORT", "-x="),
    "-xe": ("PORT", "-xe"),
    "-xb": ("PORT", "-xb"),
    "long switches": ("--quiet", "--prefer-uncompr", "PORT"),
    "more long switches": ("--debug", "--prefer-little", "PORT"),
    "other long switches": ("--verbose", "--prefer-big", "PORT"),
    "abbreviated": ("--verb", "--ae-t", "OTHER", "--max-pdu", "16384", "--imp", "PORT"),
    "abbreviated more": ("--max-p", "16384", "PORT"),
    "abbreviated most": ("--ae", "OTHER", "PORT"),
}  # fmt: skip

REFUSED = {
    "an unknown option": ("--colour", "PORT"),
    "an ambiguous option": ("--prefer", "PORT"),
    "no value": ("PORT", "-aet"),
    "an invalid value": ("-ta", "soon", "PORT"),
    "an unknown level": ("-ll", "loud", "PORT"),
    "two levels": ("-v", "-d", "PORT"),
    "two preferences": ("-xe", "-xi", "PORT"),
    "an invalid port": ("dicom",),
    "two ports": ("PORT", "105"),
    "a value for a switch": ("--verbose=1", "PORT"),
}

LEVELS: list[tuple[str, ...]] = [
    (), ("-q",), ("-v",), ("-d",),
    *(("-ll", level) for level in ("critical", "error", "warn", "info", "debug")),
    ("-q", "-ll", "debug"), ("-v", "-ll", "error"), ("-ll", "info", "-d"), ("-d", "-ll", "info"),
]  # fmt: skip

SCENARIOS = (
    [Start(f"start: {name}", words) for name, words in SERVING.items()]
    + [Start(f"usage: {name}", words) for name, words in REFUSED.items()]
    + [
        Start("start: help", ("--help",)),
        Start("start: version", ("--version", "PORT")),
        Start("start: version, no port", ("--version",)),
        Start("start: port in use", ("PORT",), is_taken=True),
        Start("end: SIGTERM", ("PORT",), ends_by=signal.SIGTERM),
        Start("end: SIGINT", ("PORT",), ends_by=signal.SIGINT),
    ]
    + [Levels(f"level: {' '.join(options) or 'no option'}", options) for options in LEVELS]
)
