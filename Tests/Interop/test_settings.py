"""Every setting has its effect, given by each of its options and by the file, as observed from outside.

A key or an option of `--help` without a row here fails `test_every_key_has_a_row` or
`test_every_option_has_a_row`; a row whose effect is the same as that of the default fails
`test_the_default_looks_different`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from configured import sections, serving, write
from daemon import free_port, run_to_its_end
from journal import Journal
from observations import (
    TIMEOUT,
    aborts_in_time_when_stopped,
    addresses_that_answer,
    answers_in_many_pieces,
    associations_at_once,
    called_titles_that_are_taken,
    calling_titles_that_are_taken,
    connections_in_a_second,
    ends_a_message_without_end,
    ends_a_silent_peer,
    ends_an_idle_association,
    has_no_memory_for_a_long_request,
    has_evidence,
    letters_of_the_log,
    longest_pdu,
    may_leave_a_core,
    ports_that_answer,
    silent_peers_that_stay,
    sources_that_are_served,
    transfer_syntaxes,
    unread_answers_are_few,
    user_it_runs_as,
    worker_threads,
)
from wire import EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE


@dataclass(frozen=True)
class Row:
    """A value of a setting, the ways to give it, and its observable effect."""

    key: str
    value: str
    """The value as written in a file; {0} and {1} stand for free ports."""
    observe: Callable[..., object]
    expected: object
    short: str = ""
    switches: tuple[str, ...] = ()
    """Options without a value that set this value."""
    needs_equals_sign: bool = False
    """Whether the value of its option is optional, and so must follow an equals sign."""
    is_operand: bool = False
    others: tuple[str, ...] = ()
    """Other options that are needed to observe the effect."""


def _log(value: str, letters: str, *switches: str) -> Row:
    return Row("log-level", value, letters_of_the_log, letters, "-ll", switches)


def _prefer(value: str, expected: list[str | None], *switches: str) -> Row:
    return Row("prefer", value, transfer_syntaxes, expected, switches=switches)


NOBODY = 65534
SOMEBODY = ("--user", "nobody") if os.geteuid() == 0 else ()
STRICT = ("--require-called-ae-title",)

ROWS = [
    _log("info", "EIW", "-v", "--verbose"),
    _log("debug", "DEIW", "-d", "--debug"),
    _log("error", "E"),
    _log("warning", "EW"),
    _log("warn", "EW"),
    _log("critical", ""),
    _log("none", "", "-q", "--quiet"),
    _log("auto", "EW"),
    Row("log-target", "journal", letters_of_the_log, ""),
    Row("log-target", "stderr", letters_of_the_log, "EW"),
    Row("log-target", "auto", letters_of_the_log, "EW"),
    Row("log-pdus", "no", has_evidence, False, needs_equals_sign=True,
        others=("--log-target", "journal")),
    Row("user", "nobody", user_it_runs_as, NOBODY),
    Row("core-dumps", "yes", may_leave_a_core, True, needs_equals_sign=True,
        switches=("--core-dumps",), others=SOMEBODY),
    Row("port", "{0}, {1}", ports_that_answer, [True, True], is_operand=True),
    Row("port", "{0} {1}", ports_that_answer, [True, True], is_operand=True),
    Row("port", "{0}", ports_that_answer, [True, False], is_operand=True),
    Row("ae-title", "MYAE", called_titles_that_are_taken, ["MYAE"], "-aet", others=STRICT),
    Row("acse-timeout", str(TIMEOUT), ends_a_silent_peer, True, "-ta"),
    Row("dimse-timeout", str(TIMEOUT), ends_a_message_without_end, True, "-td"),
    Row("network-timeout", str(TIMEOUT), ends_an_idle_association, True, "-tn"),
    Row("max-pdu", "1024", longest_pdu, (1024, True, False), "-pdu"),
    Row("max-pdu", "0", longest_pdu, (0, True, True), "-pdu"),
    Row("bind-address", "127.0.0.2, 127.0.0.1", addresses_that_answer,
        ["127.0.0.1", "127.0.0.2"], "-ba"),
    Row("bind-address", "127.0.0.1", addresses_that_answer, ["127.0.0.1"], "-ba"),
    Row("bind-address", "all", addresses_that_answer,
        ["127.0.0.1", "127.0.0.2", "127.0.0.3"], "-ba"),
    Row("workers", "7", worker_threads, 7),
    Row("workers", "1", worker_threads, 1),
    Row("drain-timeout", str(TIMEOUT), aborts_in_time_when_stopped, True),
    _prefer("big", [EXPLICIT_BIG, EXPLICIT_BIG, EXPLICIT_BIG], "-xb", "--prefer-big"),
    _prefer("little", [EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_LITTLE], "-xe",
            "--prefer-little"),
    _prefer("uncompressed", [EXPLICIT_LITTLE, EXPLICIT_BIG, EXPLICIT_LITTLE], "-x=",
            "--prefer-uncompr"),
    _prefer("implicit", [IMPLICIT_LITTLE, IMPLICIT_LITTLE, None], "-xi", "--implicit"),
    _prefer("none", [IMPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_LITTLE]),
    Row("require-called-ae-title", "yes", called_titles_that_are_taken, ["ECHOSCP"],
        switches=STRICT, needs_equals_sign=True),
    Row("require-called-ae-title", "no", called_titles_that_are_taken,
        ["ECHOSCP", "MYAE", "OTHER"], needs_equals_sign=True),
    Row("allow-calling-ae-titles", "MR1, CT2", calling_titles_that_are_taken, ["CT2", "MR1"]),
    Row("allow-calling-ae-titles", "all", calling_titles_that_are_taken, ["CT1", "CT2", "MR1"]),
    Row("allow-addresses", "192.0.2.0/24, 127.0.0.2", sources_that_are_served, ["127.0.0.2"]),
    Row("allow-addresses", "all", sources_that_are_served, ["127.0.0.1", "127.0.0.2"]),
    Row("deny-addresses", "192.0.2.0/24 127.0.0.2/32", sources_that_are_served, ["127.0.0.1"]),
    Row("deny-addresses", "none", sources_that_are_served, ["127.0.0.1", "127.0.0.2"]),
    Row("max-associations", "2", associations_at_once, 2),
    Row("max-associations", "auto", associations_at_once, 4),
    Row("max-associations-per-address", "1", associations_at_once, 1),
    Row("max-pending", "2", silent_peers_that_stay, 2),
    Row("max-pending-per-address", "1", silent_peers_that_stay, 1),
    Row("max-connection-rate", "3", connections_in_a_second, 3),
    Row("partial-pdu-memory", "64K", has_no_memory_for_a_long_request, True),
    Row("max-pdus-per-wakeup", "10", answers_in_many_pieces, True),
    Row("max-bytes-per-wakeup", "4K", answers_in_many_pieces, True),
    Row("max-unread", "256K", unread_answers_are_few, False),
]  # fmt: skip

FILE = "file"


def _first_rows() -> Iterator[Row]:
    seen: set[str] = set()
    for row in ROWS:
        if row.key not in seen:
            yield row
        seen.add(row.key)


def _ways(row: Row) -> Iterator[tuple[str, ...]]:
    """The arguments that set it; some forms are tried with only the first value of each key."""
    long = f"--{row.key}"
    yield (FILE,)
    yield from ((switch,) for switch in row.switches)
    if row.is_operand:
        yield (row.value,)
    elif row.key != "prefer":
        yield (f"{long}={row.value}",)
    if row not in _first_rows() or row.is_operand or row.key == "prefer":
        return
    if not row.needs_equals_sign:
        yield (long, row.value)
    if row.short:
        yield (row.short, row.value)
        yield (f"{row.short}={row.value}",)


def _observed(row: Row, arguments: tuple[str, ...], directory: Path) -> object:
    if row.key == "user" and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    ports = [free_port(), free_port()]
    words = [word.format(*ports) for word in arguments]
    if arguments == (FILE,):
        content = f"[{sections()[row.key]}]\n{row.key} = {row.value.format(*ports)}\n"
        words = ["--config", write(directory / "file.conf", content)]
    if row.key != "bind-address":
        words += ["-ba", "127.0.0.1"]
    if row.key != "port" or not arguments:
        words.append(str(ports[0]))
    if row.key == "log-pdus":
        journal = Journal(directory / "journal")
        with serving(
            *row.others, *words, directory=directory, port=ports[0], wrapper=journal.wrapper
        ) as scp:
            return row.observe(scp, journal)
    with serving(*row.others, *words, directory=directory, port=ports[0]) as scp:
        return row.observe(scp, ports) if row.key == "port" else row.observe(scp)


CASES = [(row, way) for row in ROWS for way in _ways(row)]


@pytest.mark.parametrize(
    ("row", "way"), CASES, ids=[f"{row.key}={row.value} by {' '.join(way)}" for row, way in CASES]
)
def test_a_setting_acts(tmp_path: Path, row: Row, way: tuple[str, ...]) -> None:
    assert _observed(row, way, tmp_path) == row.expected


@pytest.mark.parametrize("row", list(_first_rows()), ids=lambda row: row.key)
def test_the_default_looks_different(tmp_path: Path, row: Row) -> None:
    assert _observed(row, (), tmp_path) != row.expected


def test_every_key_has_a_row() -> None:
    """Those of the sections `[tls]` and `[proxy]` have theirs in `test_tls_settings` and `test_proxy`."""
    keys = {key for key, section in sections().items() if section not in ("tls", "proxy")}
    assert {row.key for row in ROWS} == keys


def test_every_option_has_a_row() -> None:
    """The options in `--help`, and the keys that it leaves to the manual, are those tried here, plus those for
    other actions."""
    text = run_to_its_end("--help").stdout
    assert "--KEY value" in text
    listed: set[str] = set()
    for line in text.splitlines():
        if found := re.match(r" +(?:(-[^ -]\S*), )?(--[a-z-]+)", line):
            listed |= {option for option in found.groups() if option}
    other = {"-h", "--help", "-V", "--version", "--config", "--check-config", "--dump-config"}
    other |= {"--reload", "--probe", "-aec", "--called-ae-title", "--calling-ae-title"}
    other |= {"--count", "--interval", "--json", "--tls", "--server-name", "--devices"}
    other |= {"-w", "--warning", "-c", "--critical"}
    other |= {f"--{key}" for key, section in sections().items() if section in ("tls", "proxy")}
    tried = {switch for row in ROWS for switch in row.switches}
    tried |= {row.short for row in ROWS if row.short}
    tried |= {f"--{row.key}" for row in ROWS if not row.is_operand and row.key != "prefer"}
    assert listed <= tried | other
    assert tried - listed <= {f"--{key}" for key in sections()}
