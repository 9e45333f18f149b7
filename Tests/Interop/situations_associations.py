"""Situations on an established association, including successful ones."""

from __future__ import annotations

import signal
import struct
import time

from daemon import Daemon, wait_until
from replies import ABORTED, EndOfStream
from situations import hear_the_end, said_after_association, situation
from wire import (
    ABORT,
    CT_IMAGE_STORAGE,
    VERIFICATION,
    abort,
    application_context,
    associate_ac,
    associate_rj,
    associate_rq,
    command_set,
    context,
    echo_command,
    echo_rq,
    implementation_class,
    implementation_version,
    maximum_length,
    p_data,
    pdu,
    pdv,
    release_rp,
    release_rq,
    ui,
    us,
    user_information,
    usual_items,
)

OURS = {"called": "ECHOSCP"}
PYNETDICOM = "1.2.826.0.1.3680043.9.3811.3.0.4"


def _request(command: int, sop_class: str = VERIFICATION) -> bytes:
    """A request that announces a data set."""
    return command_set(
        ui(0x0002, sop_class), us(0x0100, command), us(0x0110, 1), us(0x0700, 0), us(0x0800, 1)
    )


for name, title, command in (
    ("c-store", "The device sends a C-STORE-RQ", 0x0001),
    ("c-find", "The device sends a C-FIND-RQ", 0x0020),
    ("n-get", "The device sends an N-GET-RQ", 0x0110),
):
    said_after_association(name, title, p_data(pdv(_request(command))))

said_after_association(
    "echo-announces-a-data-set", "The device's C-ECHO-RQ announces a data set",
    p_data(pdv(echo_command(_0800=us(0x0800, 1)))),
)  # fmt: skip
said_after_association(
    "data-set-fragment", "The device sends a fragment of a data set",
    p_data(pdv(bytes(8), command=False)),
)  # fmt: skip
said_after_association(
    "echo-for-another-class", "The device's C-ECHO-RQ names CT Image Storage as its SOP class",
    p_data(pdv(echo_command(_0002=ui(0x0002, CT_IMAGE_STORAGE)))),
)  # fmt: skip
said_after_association(
    "unknown-context-id", "The device uses a presentation context that it did not propose",
    echo_rq(1, context_id=3),
)  # fmt: skip
said_after_association(
    "malformed-command", "An element of the command is longer than the command itself",
    p_data(pdv(echo_command(_0110=struct.pack("<HHI", 0, 0x0110, 200) + bytes(2)))),
)  # fmt: skip
for name, title, command in (
    ("no-message-id", "The command has no Message ID", echo_command(_0110=b"")),
    ("two-command-fields", "The command has two Command Fields",
     echo_command(_0100=2 * us(0x0100, 0x0030))),
    ("message-id-of-four-bytes", "The Message ID is four bytes long instead of two",
     echo_command(_0110=struct.pack("<HHII", 0, 0x0110, 4, 1))),
    ("command-ends-in-a-header", "The command ends inside an element's header",
     echo_command() + bytes(3)),
    ("echo-for-a-private-class", "The device's C-ECHO-RQ names a private SOP class",
     echo_command(_0002=ui(0x0002, "1.2.826.0.1.3680043.9.9999.1"))),
):  # fmt: skip
    said_after_association(name, title, p_data(pdv(command)))

said_after_association(
    "pdv-too-short", "A PDV is too short for its own header", p_data(pdv(b"", length=0))
)
said_after_association(
    "pdv-too-long", "A PDV is longer than its PDU", p_data(pdv(bytes(4), length=400))
)
said_after_association(
    "pdu-too-long", "The device sends a PDU longer than the maximum", pdu(4, b"", length=1 << 24)
)
said_after_association(
    "unrecognized-pdu-later", "The device sends a PDU of an undefined type on an association",
    pdu(0x3A, bytes(4)),
)  # fmt: skip
said_after_association(
    "request-again", "The device sends a second A-ASSOCIATE-RQ", associate_rq(**OURS)
)
said_after_association(
    "accept-later", "The device sends A-ASSOCIATE-AC on an association", associate_ac()
)
said_after_association(
    "reject-later", "The device sends A-ASSOCIATE-RJ on an association", associate_rj()
)
said_after_association(
    "release-reply", "The device sends an unsolicited A-RELEASE-RP", release_rp()
)

for name, title, octets in (
    ("abort-by-its-user", "The device aborts the association before its echo", abort()),
    ("abort-by-its-provider", "The device aborts, reporting an unexpected PDU", abort(2, 2)),
    ("abort-for-an-invalid-parameter", "The device aborts, reporting an invalid parameter value",
     abort(2, 6)),
    ("abort-of-a-wrong-length", "The device sends an A-ABORT that is too short",
     pdu(ABORT, bytes(2))),
):  # fmt: skip
    said_after_association(name, title, octets)


@situation("abort-after-an-echo")
def _abort_after(scp: Daemon) -> None:
    """The device aborts the association after its echo."""
    peer = scp.connect()
    peer.associate(**OURS)
    peer.echo()
    peer.send(abort())
    hear_the_end(peer)


for name, title, echoes, ends in (
    ("closed-before-an-echo", "The device closes the connection without an echo or a release", 0,
     "close"),
    ("closed-after-an-echo", "The device closes the connection after its echo, without a release",
     1, "close"),
    ("reset-before-an-echo", "The device resets the connection without an echo", 0, "reset"),
    ("reset-after-an-echo", "The device resets the connection after its echo", 1, "reset"),
):  # fmt: skip

    def _ends(scp: Daemon, echoes: int = echoes, ends: str = ends) -> None:
        peer = scp.connect()
        peer.associate(**OURS)
        for _ in range(echoes):
            peer.echo()
        getattr(peer, ends)()
        time.sleep(0.1)

    _ends.__doc__ = title
    situation(name)(_ends)


@situation("idle-without-an-echo", "-tn", "0.3")
def _idle(scp: Daemon) -> None:
    """The device sends nothing after its association is accepted."""
    peer = scp.connect()
    peer.associate(**OURS)
    hear_the_end(peer)


@situation("idle-after-an-echo", "-tn", "0.3")
def _idle_after(scp: Daemon) -> None:
    """The device sends nothing after its echo."""
    peer = scp.connect()
    peer.associate(**OURS)
    peer.echo()
    hear_the_end(peer)


@situation("half-a-message", "-td", "0.3")
def _half_a_message(scp: Daemon) -> None:
    """The device sends only the beginning of a message."""
    peer = scp.connect()
    peer.associate(**OURS)
    peer.send(echo_rq()[:20])
    hear_the_end(peer)


@situation("answers-not-read", "-tn", "1.5", "--max-unread", "16K")
def _not_read(scp: Daemon) -> None:
    """The device sends echoes and reads none of the answers."""
    peer = scp.connect(receive_buffer=4096)
    peer.associate(**OURS)
    sending = peer.send_aside(echo_rq() * 400_000)
    sending.join(20)
    assert not sending.is_alive()
    time.sleep(0.1)


@situation("reads-too-slowly", "-tn", "0.5")
def _too_slow(scp: Daemon) -> None:
    """The device sends echoes continuously and reads the answers too slowly."""
    peer = scp.connect(receive_buffer=2048)
    peer.associate(**OURS)
    peer.send_aside(echo_rq() * 10_000)
    before = scp.descriptors()
    for _ in range(100):
        if scp.descriptors() < before:
            break
        peer.socket.recv(200)
        time.sleep(0.05)
    assert scp.descriptors() < before


def _say_no_more(scp: Daemon) -> None:
    """Kills the program once everything is logged, so that the other peers add no records."""
    time.sleep(0.2)
    scp.send_signal(signal.SIGKILL)
    scp.wait(1)


@situation("nine-do-not-read", "-tn", "5")
def _nine(scp: Daemon) -> None:
    """More connections from one address than allowed leave their answers unread."""
    peers = [scp.connect(receive_buffer=2048) for _ in range(9)]
    for peer in peers:
        peer.associate(**OURS)
    before = scp.descriptors()
    for peer in peers:
        peer.send_aside(echo_rq() * 10_000)
    assert wait_until(lambda: scp.descriptors() == before - 1)
    _say_no_more(scp)


@situation("gives-its-place-away", "--workers", "1", descriptors=64)
def _gives_way(scp: Daemon) -> None:
    """One address holds most of the associations, and a device at another needs one of them."""
    hoarded = [scp.connect(source="127.0.0.2") for _ in range(18)]
    for peer in hoarded:
        peer.associate(**OURS)
    hoarded[0].echo()
    with scp.connect(source="127.0.0.3") as device:
        device.associate(**OURS)
        device.echo()
        device.release()
    assert hoarded[1].receive() == ABORTED
    _say_no_more(scp)


@situation("service-is-stopping")
def _stopping(scp: Daemon) -> None:
    """The service stops while the device's association is idle."""
    peer = scp.connect()
    peer.associate(**OURS)
    scp.send_signal(signal.SIGTERM)
    hear_the_end(peer)


@situation("no-echo")
def _no_echo(scp: Daemon) -> None:
    """The device releases its association without an echo."""
    peer = scp.connect()
    peer.associate(**OURS)
    peer.release()


@situation("no-echo-but-storage")
def _no_echo_but_storage(scp: Daemon) -> None:
    """The device also proposes storage, and releases when that is refused."""
    peer = scp.connect()
    contexts = (context(), *(context(2 * index + 3, CT_IMAGE_STORAGE) for index in range(11)))
    peer.associate(*usual_items(*contexts), **OURS)
    peer.release()


@situation("no-echo-but-a-private-class")
def _no_echo_but_private(scp: Daemon) -> None:
    """The device also proposes a private SOP class, and releases when that is refused."""
    peer = scp.connect()
    private = context(3, "1.2.826.0.1.3680043.9.9999.1")
    peer.associate(*usual_items(context(), private), **OURS)
    peer.release()


@situation("aborts-since-storage-is-refused")
def _abort_since(scp: Daemon) -> None:
    """The device also proposes storage, and aborts when that is refused."""
    peer = scp.connect()
    peer.associate(*usual_items(context(), context(3, CT_IMAGE_STORAGE)), **OURS)
    peer.send(abort())
    hear_the_end(peer)


def _echo(scp: Daemon, *items: bytes, source: str | None = None, **fields: object) -> None:
    with scp.connect(source=source) as peer:
        peer.associate(*items, **fields)
        peer.echo()
        peer.release()
        time.sleep(0.02)


@situation("success")
def _success(scp: Daemon) -> None:
    """The echo succeeds without any deviation from the standard."""
    information = user_information(
        maximum_length(), implementation_class(PYNETDICOM), implementation_version("PYNETDICOM_304")
    )
    _echo(scp, application_context(), context(), information, **OURS)


@situation("success-under-another-title")
def _another_title(scp: Daemon) -> None:
    """The echo succeeds although the device calls another AE title."""
    _echo(scp, called="ECHOSPC")


@situation("titles-swapped")
def _swapped(scp: Daemon) -> None:
    """The echo succeeds although the device has the two AE titles swapped."""
    _echo(scp, called="TESTSCU", calling="ECHOSCP")


@situation("titles-equal")
def _equal(scp: Daemon) -> None:
    """The echo succeeds although the device uses our AE title as its own."""
    _echo(scp, called="ECHOSCP", calling="ECHOSCP")


@situation("success-without-a-title")
def _no_title(scp: Daemon) -> None:
    """The echo succeeds although the device's own AE title is blank."""
    _echo(scp, called="ECHOSCP", calling=b" " * 16)


@situation("success-with-odd-titles")
def _odd_titles(scp: Daemon) -> None:
    """The echo succeeds although both AE titles contain invalid bytes."""
    _echo(scp, called=b"ECHO\x07SCP".ljust(16), calling=b"CT\xc4\xff".ljust(16))


for name, title, length in (
    ("group-length-wrong", "The echo succeeds although the command's group length is wrong",
     struct.pack("<HHII", 0, 0, 4, 62)),
    ("group-length-missing", "The echo succeeds although the command has no group length", b""),
):  # fmt: skip

    def _group_length(scp: Daemon, length: bytes = length) -> None:
        with scp.connect() as peer:
            peer.associate(**OURS)
            peer.send(p_data(pdv(length + echo_command()[12:])))
            peer.receive()
            peer.release()
            time.sleep(0.02)

    _group_length.__doc__ = title
    situation(name)(_group_length)


@situation("title-from-a-new-address")
def _new_address(scp: Daemon) -> None:
    """A known AE title appears at a new address."""
    _echo(scp, source="127.0.0.2", **OURS)
    _echo(scp, source="127.0.0.3", **OURS)


@situation("the-same-again", "--require-called-ae-title")
def _again(scp: Daemon) -> None:
    """The same attempt keeps failing."""
    for _ in range(5):
        with scp.connect() as peer:
            peer.send(associate_rq(called="ARCHIVE"))
            hear_the_end(peer)


@situation("health-check")
def _health_check(scp: Daemon) -> None:
    """A load balancer connects, then closes or resets the connection."""
    scp.connect().close()
    scp.connect().reset()
    time.sleep(0.1)


@situation("data-after-release", "-ta", "0.3")
def _data_after(scp: Daemon) -> None:
    """The device sends a C-ECHO-RQ after its release."""
    peer = scp.connect()
    peer.associate(**OURS)
    peer.echo()
    peer.release()
    peer.send(echo_rq())
    hear_the_end(peer)


@situation("open-after-release", "-ta", "0.3")
def _no_close(scp: Daemon) -> None:
    """The device leaves the connection open after its release."""
    peer = scp.connect()
    peer.associate(**OURS)
    peer.echo()
    peer.send(release_rq())
    peer.receive()
    assert isinstance(peer.receive(3), EndOfStream)
