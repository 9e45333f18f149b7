"""The A-ASSOCIATE-AC, byte by byte: the repeated fields, the announced values and the accepted contexts.

PS3.8 §9.3.3 and PS3.7 Annex D.3.2. `replies` checks its form before a test sees it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from daemon import Daemon
from peer import SLACK
from replies import ABORTED, CLOSED, Abort, AssociateAC, AssociateRJ, ContextResult, EchoResponse
from wire import (
    CT_IMAGE_STORAGE,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    TRANSFER_SYNTAXES,
    UNKNOWN_SYNTAX,
    VERIFICATION,
    abort,
    ae_title,
    application_context,
    associate_rq,
    context,
    echo_rq,
    implementation_class,
    implementation_version,
    item,
    maximum_length,
    release_rq,
    user_information,
    usual_items,
)

Start = Callable[..., Daemon]
ACCEPTED, NO_ABSTRACT_SYNTAX, NO_TRANSFER_SYNTAX = 0, 3, 4


def test_what_the_acceptor_says_of_itself(scp: Daemon) -> None:
    accepted = scp.connect().associate()
    assert accepted.maximum_length == 16382
    assert accepted.implementation_class.startswith("2.25.")
    assert accepted.implementation_version.startswith("ECHOSCPD_")
    assert accepted.contexts == (ContextResult(1, ACCEPTED, IMPLICIT_LITTLE),)


@pytest.mark.parametrize("maximum", [0, 16, 17, 16384, 131072, 2**31, 2**32 - 1])
@pytest.mark.parametrize("option", ["-pdu", "--max-pdu"])
def test_the_maximum_length_that_is_announced(echoscpd: Start, option: str, maximum: int) -> None:
    assert echoscpd(option, str(maximum)).connect().associate().maximum_length == maximum


TITLES = {
    "padded with spaces": "MODALITY1",
    "of 16 characters": "ABCDEFGHIJKLMNOP",
    "with leading spaces": "    MODALITY1",
    "padded with NULs": b"MODALITY1" + bytes(7),
    "padded with both": b"MODALITY1 \0 \0 \0 ",
    "blank": " ",
    "of NULs": bytes(16),
    "in lower case": "modality1",
    "with inner spaces": "MO DA LI TY",
    "with punctuation": "!\"#$%&'()*+,-./@",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("which", ["called", "calling"])
def test_titles_come_back_byte_for_byte(scp: Daemon, which: str, title: str | bytes) -> None:
    peer = scp.connect()
    accepted = peer.associate(**{which: title})
    titles = {"called": "ANY-SCP", "calling": "TESTSCU", which: title}
    assert accepted.repeated[:32] == ae_title(titles["called"]) + ae_title(titles["calling"])
    peer.echo()


def test_the_32_reserved_bytes_come_back_too(scp: Daemon) -> None:
    octets = bytearray(associate_rq())
    octets[42:74] = bytes(range(0xE0, 0x100))
    peer = scp.connect()
    peer.send(bytes(octets))
    accepted = peer.receive()
    assert isinstance(accepted, AssociateAC)
    assert accepted.repeated == bytes(octets[10:74])
    peer.echo()


def test_reserved_bytes_are_not_tested(scp: Daemon) -> None:
    """All of them are set in the request; `replies` checks that none are set in the answer."""
    peer = scp.connect()
    accepted = peer.associate(
        application_context(reserved=0xFF),
        context(reserved=0xFF),
        user_information(
            maximum_length(reserved=0xFF),
            implementation_class(reserved=0xFF),
            implementation_version(reserved=0xFF),
            reserved=0xFF,
        ),
        reserved=0xFF,
    )
    assert accepted.contexts == (ContextResult(1, ACCEPTED, IMPLICIT_LITTLE),)
    assert accepted.repeated[32:] == b"\xff" * 32
    peer.echo()
    peer.send(release_rq(reserved=0xFF))
    peer.receive()


def test_an_abort_with_reserved_bytes_set(scp: Daemon) -> None:
    peer = scp.connect()
    peer.associate()
    peer.send(abort(reserved=0xFF))
    assert peer.receive(within=SLACK) == CLOSED


def test_titles_cannot_write_into_the_log(echoscpd: Start) -> None:
    """Whether or not such a title is accepted, the log has no control character and no forged line."""
    scp = echoscpd("-v")
    for title in (b"\x1b[31mRED\x1b[0m\r\n~~", b"A\nW: forged line", bytes(range(16))):
        with scp.connect() as peer:
            items = usual_items(context(1, CT_IMAGE_STORAGE))
            peer.send(associate_rq(*items, called=title, calling=title))
            assert isinstance(peer.receive(), AssociateAC | Abort | AssociateRJ)
    with scp.connect() as peer:
        title = b"%n%s\xe4\xff\x80\x9b31m\x7f\\\"'`"
        peer.send(associate_rq(called=title, calling=title))
        assert isinstance(peer.receive(), AssociateAC | Abort | AssociateRJ)
    scp.stop()
    text = scp.stderr_path.read_bytes().decode("utf-8")
    assert not [mark for mark in text if mark != "\n" and unicodedata.category(mark) == "Cc"]
    assert not [line for line in scp.lines() if not line.startswith(("I: ", "W: "))]
    assert "W: forged line" not in scp.lines()


# ---------------------------------------------------------------------------------------------
# Presentation contexts

CONTEXTS: dict[str, tuple[list[bytes], list[tuple[int, int, str]]]] = {
    "one": (
        [context(1)],
        [(1, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "another ID": (
        [context(255)],
        [(255, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "another abstract syntax": (
        [context(1), context(3, CT_IMAGE_STORAGE)],
        [(1, ACCEPTED, IMPLICIT_LITTLE), (3, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE)],
    ),
    "an abstract syntax that ours begins": (
        [context(1, VERIFICATION + ".1"), context(3)],
        [(1, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE), (3, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "an abstract syntax that begins ours": (
        [context(1, VERIFICATION[:-2]), context(3)],
        [(1, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE), (3, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "another transfer syntax": (
        [context(1, syntaxes=[UNKNOWN_SYNTAX]), context(3)],
        [(1, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE), (3, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "a transfer syntax that begins ours": (
        [context(1, syntaxes=["1.2.840.10008.1.2.4"])],
        [(1, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE)],
    ),
    "a transfer syntax that ours begins": (
        [context(1, syntaxes=["1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.55"])],
        [(1, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE)],
    ),
    "neither known": (
        [context(1, CT_IMAGE_STORAGE, [UNKNOWN_SYNTAX])],
        [(1, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE)],
    ),
    "no abstract syntax": (
        [context(1, None), context(3)],
        [(1, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE), (3, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "no transfer syntax": (
        [context(1, syntaxes=()), context(3)],
        [(1, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE), (3, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "the order of the acceptor": (
        [context(1, syntaxes=[EXPLICIT_BIG, EXPLICIT_LITTLE])],
        [(1, ACCEPTED, EXPLICIT_LITTLE)],
    ),
    "the same syntax twice": (
        [context(1, syntaxes=[EXPLICIT_BIG, EXPLICIT_BIG])],
        [(1, ACCEPTED, EXPLICIT_BIG)],
    ),
    "one ours among a hundred": (
        [context(1, syntaxes=[f"1.2.3.{number}" for number in range(100)] + [EXPLICIT_BIG])],
        [(1, ACCEPTED, EXPLICIT_BIG)],
    ),
    "descending IDs keep their order": (
        [context(5), context(3, CT_IMAGE_STORAGE), context(1)],
        [
            (5, ACCEPTED, IMPLICIT_LITTLE),
            (3, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE),
            (1, ACCEPTED, IMPLICIT_LITTLE),
        ],
    ),
    "even IDs": (
        [context(2), context(0), context(254)],
        [
            (2, ACCEPTED, IMPLICIT_LITTLE),
            (0, ACCEPTED, IMPLICIT_LITTLE),
            (254, ACCEPTED, IMPLICIT_LITTLE),
        ],
    ),
    "an ID twice: the first wins": (
        [context(1), context(1, CT_IMAGE_STORAGE), context(3)],
        [(1, ACCEPTED, IMPLICIT_LITTLE), (3, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "a refused ID twice: the first wins": (
        [context(3, CT_IMAGE_STORAGE), context(1), context(3)],
        [(3, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE), (1, ACCEPTED, IMPLICIT_LITTLE)],
    ),
    "an ID three times": (
        [context(1, syntaxes=[EXPLICIT_BIG]), context(1), context(1)],
        [(1, ACCEPTED, EXPLICIT_BIG)],
    ),
    "nothing acceptable at all": (
        [context(1, CT_IMAGE_STORAGE), context(3, syntaxes=[UNKNOWN_SYNTAX])],
        [(1, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE), (3, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE)],
    ),
}


@pytest.mark.parametrize(("contexts", "expected"), CONTEXTS.values(), ids=CONTEXTS)
def test_context_results(
    scp: Daemon, contexts: list[bytes], expected: list[tuple[int, int, str]]
) -> None:
    peer = scp.connect()
    accepted = peer.associate(*usual_items(*contexts))
    assert accepted.contexts == tuple(ContextResult(*result) for result in expected)
    for context_id, result, _ in expected:
        if result == ACCEPTED:
            peer.echo(context_id, context_id)
    for context_id, result, _ in expected:
        if result != ACCEPTED:
            peer.send(echo_rq(context_id=context_id))
            assert peer.receive() == ABORTED
            break


@pytest.mark.parametrize(
    ("option", "chosen"),
    [("-x=", EXPLICIT_LITTLE), ("-xe", EXPLICIT_LITTLE), ("-xb", EXPLICIT_BIG), ("-xi", None)],
)
def test_a_refused_context_always_names_implicit_little(
    echoscpd: Start, option: str, chosen: str | None
) -> None:
    accepted = echoscpd(option).connect().associate(*usual_items(
        context(1, CT_IMAGE_STORAGE, [EXPLICIT_BIG]),
        context(3, syntaxes=[UNKNOWN_SYNTAX]),
        context(5, syntaxes=[EXPLICIT_BIG, EXPLICIT_LITTLE]),
    ))  # fmt: skip
    assert accepted.contexts == (
        ContextResult(1, NO_ABSTRACT_SYNTAX, IMPLICIT_LITTLE),
        ContextResult(3, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE),
        ContextResult(5, ACCEPTED, chosen)
        if chosen
        else ContextResult(5, NO_TRANSFER_SYNTAX, IMPLICIT_LITTLE),
    )


def test_all_256_context_ids(scp: Daemon) -> None:
    peer = scp.connect()
    accepted = peer.associate(*usual_items(*[context(number) for number in range(256)]))
    assert [each.context_id for each in accepted.contexts] == list(range(256))
    assert {each.result for each in accepted.contexts} == {ACCEPTED}
    peer.send(*[echo_rq(number, number) for number in range(256)])
    for number in range(256):
        assert peer.receive_echo() == EchoResponse(number, number)


def test_a_request_of_156_kilobytes(scp: Daemon) -> None:
    """128 contexts with 45 transfer syntaxes each: long, valid, and not limited by max-pdu."""
    syntaxes = [f"1.2.840.10008.1.2.4.{number}" for number in range(155, 185)]
    contexts = [context(2 * n + 1, syntaxes=[*syntaxes, *TRANSFER_SYNTAXES]) for n in range(128)]
    request = associate_rq(*usual_items(*contexts))
    assert len(request) > 150_000
    peer = scp.connect()
    peer.send(request)
    accepted = peer.receive()
    assert isinstance(accepted, AssociateAC)
    assert {(each.result, each.transfer_syntax) for each in accepted.contexts} == {
        (ACCEPTED, IMPLICIT_LITTLE)
    }
    peer.echo(1, 255)


def test_a_request_of_almost_the_longest_kind(scp: Daemon) -> None:
    filler = [item(0x7F, bytes(65000)) for _ in range(4)]
    request = associate_rq(*filler, *usual_items())
    assert 260_000 < len(request) < 256 << 10
    peer = scp.connect()
    peer.send(request)
    assert isinstance(peer.receive(), AssociateAC)
    peer.echo()
