"""Scenarios of the differential test: proposed contexts, and the names of their UIDs in the log."""

from __future__ import annotations

from pydicom._uid_dict import UID_dictionary

from scenario import Scenario, table
from wire import (
    CT_IMAGE_STORAGE,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    TRANSFER_SYNTAXES,
    UNKNOWN_SYNTAX,
    VERIFICATION,
    associate_rq,
    context,
    echo_rq,
    release_rq,
    usual_items,
)

NAMED = (
    "SOP Class",
    "Meta SOP Class",
    "Transfer Syntax",
    "Service Class",
    "Application Context Name",
    "Application Hosting Model",
    "Well-known SOP Instance",
)
"""The kinds of UIDs in PS3.6 that a requestor may propose."""

PREFERENCES = ("-x=", "-xe", "-xb", "-xi")

REVERSED = TRANSFER_SYNTAXES[::-1]
ROTATED = TRANSFER_SYNTAXES[7:] + TRANSFER_SYNTAXES[:7]
COMPRESSED = TRANSFER_SYNTAXES[4:]


def request(*contexts: bytes) -> bytes:
    return associate_rq(*usual_items(*contexts))


def _sets() -> dict[str, tuple[str, ...]]:
    """Sets of transfer syntaxes to propose together, by name."""
    alone = {f"{syntax} alone": (syntax,) for syntax in TRANSFER_SYNTAXES}
    return alone | {
        "all transfer syntaxes": TRANSFER_SYNTAXES,
        "all, reversed": REVERSED,
        "all, rotated": ROTATED,
        "both explicit": (EXPLICIT_BIG, EXPLICIT_LITTLE),
        "implicit last": (EXPLICIT_LITTLE, EXPLICIT_BIG, IMPLICIT_LITTLE),
        "little endian": (EXPLICIT_LITTLE, IMPLICIT_LITTLE),
        "compressed": COMPRESSED,
        "compressed, reversed": COMPRESSED[::-1],
        "twice the same": (EXPLICIT_BIG, EXPLICIT_BIG),
    }


def _syntaxes() -> list[Scenario]:
    """Proposes each set in its own association, then all of them as contexts of one."""
    single = {
        f"syntaxes: {name}": [request(context(1, syntaxes=syntaxes)), release_rq()]
        for name, syntaxes in _sets().items()
    }
    together = request(*(
        context(2 * number + 1, syntaxes=syntaxes)
        for number, syntaxes in enumerate(_sets().values())
    ))  # fmt: skip
    preferred = [
        Scenario(f"syntaxes with {option}", [together, release_rq()], (option,))
        for option in PREFERENCES
    ]
    return table(single) + preferred


def _private(count: int) -> list[str]:
    return [f"1.2.826.0.1.3680043.9.9999.{number}" for number in range(count)]


CONTEXTS = {
    "contexts: three, echoes on each": [
        request(context(1), context(3), context(5, syntaxes=[EXPLICIT_BIG])),
        echo_rq(1, 3), echo_rq(2, 1), echo_rq(3, 5), release_rq(),
    ],
    "contexts: verification and storage": [
        request(context(1, CT_IMAGE_STORAGE), context(3), context(5, CT_IMAGE_STORAGE)),
        echo_rq(1, 3), release_rq(),
    ],
    "contexts: storage": [request(context(1, CT_IMAGE_STORAGE)), release_rq()],
    "contexts: storage, two syntaxes": [
        request(context(1, CT_IMAGE_STORAGE, [EXPLICIT_BIG, EXPLICIT_LITTLE])), release_rq(),
    ],
    "contexts: private": [
        request(context(1, "1.2.3.4.5"), context(3, "2.25.123456789")), release_rq(),
    ],
    "contexts: descending IDs": [
        request(context(5), context(3, CT_IMAGE_STORAGE), context(1)),
        echo_rq(1, 5), release_rq(),
    ],
    "contexts: ID 255": [request(context(255)), echo_rq(1, 255), release_rq()],
    "contexts: even ID": [request(context(2)), echo_rq(1, 2), release_rq()],
    "contexts: ID 0": [request(context(0)), release_rq()],
    "contexts: ID twice": [request(context(1), context(1)), echo_rq(), release_rq()],
    "contexts: ID twice, another abstract syntax": [
        request(context(1), context(1, CT_IMAGE_STORAGE)), release_rq(),
    ],
    "contexts: unknown syntax only": [
        request(context(1, syntaxes=[UNKNOWN_SYNTAX + ".1"])), release_rq(),
    ],
    "contexts: private syntax and a known one": [
        request(context(1, syntaxes=["1.2.3.4", EXPLICIT_LITTLE])), echo_rq(), release_rq(),
    ],
    "contexts: 128": [
        request(*(context(2 * number + 1) for number in range(128))), echo_rq(1, 255), release_rq(),
    ],
    "contexts: 128, all syntaxes": [
        request(*(context(2 * number + 1, syntaxes=REVERSED) for number in range(128))),
        echo_rq(1, 255), release_rq(),
    ],
    "contexts: 128, one of verification": [
        request(
            *(context(2 * number + 1, uid) for number, uid in enumerate(_private(127))),
            context(255),
        ),
        echo_rq(1, 255), release_rq(),
    ],
    "contexts: a UID padded with a NUL": [
        request(context(1, VERIFICATION.encode() + b"\0")), echo_rq(), release_rq(),
    ],
    "contexts: a UID of 64 characters": [
        request(context(1, "1.2." + "3" * 60), context(3)), release_rq(),
    ],
    "contexts: a UID of 65 characters": [
        request(context(1, "1.2." + "3" * 61), context(3)), release_rq(),
    ],
    "contexts: an invalid UID": [request(context(1, "1.2.abc"), context(3)), release_rq()],
    "contexts: a UID with leading zeros": [request(context(1, "1.02.3"), context(3)), release_rq()],
    "contexts: no abstract syntax": [request(context(1, None), context(3)), release_rq()],
    "contexts: no transfer syntax": [request(context(1, syntaxes=()), context(3)), release_rq()],
}  # fmt: skip


def _named() -> list[Scenario]:
    """Proposes every UID that has a name, as an abstract syntax and as a transfer syntax."""
    rows = {}
    uids = sorted(uid for uid, entry in UID_dictionary.items() if entry[1] in NAMED)
    for start in range(0, len(uids), 127):
        contexts = (context(2 * at + 1, uid) for at, uid in enumerate(uids[start : start + 127]))
        rows[f"names: abstract syntaxes from {start}"] = [
            request(*contexts, context(255)), release_rq(),
        ]
    known = set(TRANSFER_SYNTAXES)
    others = [uid for uid in uids if UID_dictionary[uid][1] == "Transfer Syntax"]
    # The seed would accept some of these for Verification, so they are proposed for storage.
    rows["names: transfer syntaxes"] = [
        request(
            context(1, CT_IMAGE_STORAGE, others),
            context(3, syntaxes=sorted(known)),
        ),
        release_rq(),
    ]
    return table(rows)  # type: ignore[arg-type]  # fmt: skip


SCENARIOS = _syntaxes() + table(CONTEXTS) + _named()  # type: ignore[arg-type]
