"""Compares the outcomes of two programs as lines of text, and knows which differences are intended.

An outcome is the replies that the requestor got and the log with `-v` and with `-d`, made comparable:
identities and versions are replaced, and remarks are dropped. `differences.md` lists the intended
differences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from replies import AssociateAC, AssociateRJ, PData, Abort, EndOfStream, ReleaseRP, Reply

LIST = Path(__file__).with_name("differences.md")

_LINE = re.compile(r"[CEWID]: ")
_IDENTITIES = [
    (re.compile(r"^D: echoscp(\.py|d) v\S+$"), "D: (program and version)"),
    (re.compile(r"^(D: Our Implementation Class UID: +)\S+$"), r"\1(ours)"),
    (re.compile(r"\bat 0x[0-9a-f]+>$"), "at (address)>"),
    (re.compile(r"^(D: Our Implementation Version Name: +)\S+$"), r"\1(ours)"),
]
_REMARKS = ("W: ", "E: ", "D: pydicom.read_dataset()")


def comparable(text: str) -> list[str]:
    """The lines of a log that both programs should have.

    Lines without a level continue a multi-line message, usually a traceback, and are dropped.
    """
    lines = [line for line in text.split("\n") if _LINE.match(line)]
    for pattern, replacement in _IDENTITIES:
        lines = [pattern.sub(replacement, line) for line in lines]
    return [line for line in lines if not line.startswith(_REMARKS)]


def _elements(octets: bytes) -> str:
    """A command set, element by element; other bytes as they are."""
    at, parts = 0, []
    while at + 8 <= len(octets):
        length = int.from_bytes(octets[at + 4 : at + 8], "little")
        tag = f"{octets[at + 1]:02X}{octets[at]:02X},{octets[at + 3]:02X}{octets[at + 2]:02X}"
        parts.append(f"{tag}={octets[at + 8 : at + 8 + length].hex()}")
        at += 8 + length
    return " ".join(parts) if at == len(octets) else octets.hex()


def describe(reply: Reply) -> list[str]:
    """A PDU, field by field, without the identity of the acceptor."""
    match reply:
        case AssociateAC():
            contexts = sorted(reply.contexts, key=lambda each: each.context_id)
            order = [each.context_id for each in reply.contexts]
            return [
                f"A-ASSOCIATE-AC, maximum length {reply.maximum_length}",
                f"  titles {reply.repeated[:32]!r}, reserved {reply.repeated[32:].hex()}",
                *(
                    f"  context {each.context_id}: result {each.result}, {each.transfer_syntax}"
                    for each in contexts
                ),
                *([] if order == sorted(order) else [f"  in the order {order}"]),
            ]
        case AssociateRJ():
            return [f"A-ASSOCIATE-RJ {reply.result}, {reply.source}, {reply.reason}"]
        case PData():
            return [
                f"P-DATA-TF of {reply.length}: context {pdv.context_id}, "
                f"command {pdv.command:d}, last {pdv.last:d}: {_elements(pdv.fragment)}"
                for pdv in reply.pdvs
            ]
        case ReleaseRP():
            return ["A-RELEASE-RP"]
        case Abort():
            return [f"A-ABORT {reply.source}, {reply.reason}"]
        case EndOfStream():
            return ["closed"]


@dataclass
class Outcome:
    """The replies to a requestor, and the log at each level of detail."""

    parts: dict[str, list[str]]
    """The lines by part: the answers, and the log at each level."""

    def __sub__(self, other: Outcome) -> list[str]:
        """The lines that only one of them has: `-` for those of self (the seed), `+` for those of other."""
        changes: list[str] = []
        for name in sorted(self.parts.keys() | other.parts.keys()):
            ours, theirs = self.parts.get(name, []), other.parts.get(name, [])
            for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, False).get_opcodes():
                if tag != "equal":
                    changes += [f"-{line}" for line in ours[a:b]]
                    changes += [f"+{line}" for line in theirs[c:d]]
        return changes

    def show(self, other: Outcome) -> str:
        """A unified diff of both, for a person."""
        parts = (
            "\n".join(unified_diff(
                self.parts.get(name, []), other.parts.get(name, []),
                f"seed {name}", f"echoscpd {name}", lineterm="", n=2,
            ))
            for name in sorted(self.parts.keys() | other.parts.keys())
        )  # fmt: skip
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class Difference:
    """One entry of `differences.md`."""

    identifier: str
    scenarios: tuple[str, ...]
    """The names of the scenarios with this difference; `*` stands for anything."""
    changes: tuple[str, ...]
    """The lines that differ: `-` for the seed's, `+` for ours; `*` stands for anything."""

    def concerns(self, scenario: str) -> bool:
        return any(fnmatchcase(scenario, pattern) for pattern in self.scenarios)

    def explains(self, change: str) -> list[str]:
        """Those of its patterns that match the line."""
        return [pattern for pattern in self.changes if _pattern(pattern).fullmatch(change)]


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)


@cache
def intended() -> tuple[Difference, ...]:
    """The entries of the list. If one is incomplete, the tests do not start."""
    entries = []
    for section in re.split(r"^## ", LIST.read_text(), flags=re.MULTILINE)[1:]:
        identifier = section.split("\n", 1)[0].strip()
        for word in ("Seed", "echoscpd", "Reason", "Scenarios"):
            assert f"\n- **{word}**: " in section, f"{identifier} has no item {word!r}"
        named = re.search(r"^- \*\*Scenarios\*\*: (.*?)(?=\n\n|\n- )", section, re.S | re.M)
        block = re.search(r"^```diff\n(.*?)^```$", section, re.S | re.M)
        assert named and block, f"{identifier} names no scenarios or has no diff block"
        changes = tuple(block[1].splitlines())
        assert all(change[:1] in ("-", "+") for change in changes), identifier
        entries.append(Difference(identifier, tuple(re.findall(r"`(.*?)`", named[1])), changes))
    return tuple(entries)
