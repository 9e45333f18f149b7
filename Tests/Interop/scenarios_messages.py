"""Scenarios of the differential test: messages and PDUs on an association, or instead of one."""

from __future__ import annotations

from scenario import Scenario, Step, close, finish, hear, pause, quietly, reset, table
from wire import (
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
    echo_elements,
    echo_rq,
    element,
    item,
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

STRANGERS: dict[str, bytes] = {
    "A-ASSOCIATE-AC": associate_ac(),
    "A-ASSOCIATE-RJ": associate_rj(),
    "A-RELEASE-RP": release_rp(),
    # Not longer than a header: the seed reads the whole PDU before it checks the type.
    "type 00H": pdu(0x00),
    "type 08H": pdu(0x08),
    "the beginning of HTTP": b"GET / ",
}
DATA_SET = b"\x10\x00\x10\x00\x08\x00\x00\x00Nobody^X"
TWO = usual_items(context(1), context(3, CT_IMAGE_STORAGE))


def on(*steps: Step) -> list[Step]:
    """Steps on an association with Verification on context 1 and a refused context 3."""
    return [associate_rq(*TWO), *steps]


def after_echo(*steps: Step) -> list[Step]:
    return on(echo_rq(), *steps)


def command(field: int, *elements: bytes, data_set: bool = True, named: int = 0x0002) -> bytes:
    """A request on context 1, with `elements` in addition to those that every request has."""
    octets = command_set(
        ui(named, VERIFICATION), us(0x0100, field), us(0x0110, 7),
        us(0x0800, 1 if data_set else 0x0101), *elements,
    )  # fmt: skip
    fragments = [pdv(octets)] + ([pdv(DATA_SET, command=False)] if data_set else [])
    return b"".join(p_data(each) for each in fragments)


def parts(octets: bytes, size: int) -> list[bytes]:
    """The PDVs of a command set cut into pieces."""
    cuts = range(0, len(octets), size)
    return [pdv(octets[at : at + size], last=at + size >= len(octets)) for at in cuts]


def without(number: int) -> bytes:
    return echo_rq(**{f"_{number:04X}": b""})


ECHOES: dict[str, list[Step]] = {
    "echo: one": after_echo(release_rq()),
    "echo: several": on(*(echo_rq(number) for number in range(1, 6)), release_rq()),
    "echo: none": on(release_rq()),
    "echo: message IDs": on(echo_rq(0), echo_rq(65535), echo_rq(1), echo_rq(1), release_rq()),
    "echo: pipelined": on(
        quietly(*(echo_rq(number) for number in range(1, 6))), *([hear()] * 5), release_rq()
    ),
    "echo: several PDVs": on(p_data(*parts(echo_command(5), 20)), release_rq()),
    "echo: several PDUs": on(
        *(quietly(p_data(each)) for each in parts(echo_command(5), 20)), hear(), release_rq()
    ),
    "echo: dribbled": on(
        *(quietly(echo_rq()[at : at + 10]) for at in range(0, 86, 10)), hear(), release_rq()
    ),
    "echo: an empty last PDV": on(
        p_data(pdv(echo_command(), last=False), pdv(b"")), release_rq()
    ),
    "echo: two messages in a PDU": on(
        quietly(p_data(pdv(echo_command(1)), pdv(echo_command(2)))),
        hear(), hear(0.3), release_rq(),
    ),
    "echo: reserved bits of a header": on(p_data(pdv(echo_command(), header=0xFF)), release_rq()),
}  # fmt: skip

ENDS: dict[str, list[Step]] = {
    "end: close": after_echo(close),
    "end: close without an echo": on(close),
    "end: close inside a message": on(quietly(p_data(parts(echo_command(), 20)[0])), close),
    "end: close inside a PDU": on(quietly(echo_rq()[:30]), close),
    "end: half close": after_echo(finish),
    "end: reset": after_echo(reset),
    "end: reset without an echo": on(reset),
    "end: release twice": after_echo(release_rq(), quietly(release_rq())),
    "end: release in a message": on(quietly(p_data(parts(echo_command(), 20)[0])), release_rq()),
    "end: echo and release at once": on(quietly(echo_rq(), release_rq()), hear(), hear()),
} | {
    f"end: abort {source}, {reason} {when}": steps(quietly(abort(source, reason)), hear())
    for source, reason in ((0, 0), (0, 5), (1, 0), *((2, reason) for reason in range(8)), (9, 9))
    for when, steps in (("after an echo", after_echo), ("without one", on))
}  # fmt: skip

FAULTS: dict[str, list[Step]] = {
    f"unexpected: {name}": after_echo(octets) for name, octets in STRANGERS.items()
} | {
    "unexpected: A-ASSOCIATE-RQ": after_echo(associate_rq()),
    "malformed: A-RELEASE-RQ, length 0": after_echo(pdu(5)),
    "malformed: A-RELEASE-RQ, length 8": after_echo(pdu(5, bytes(8))),
    "malformed: A-ABORT, length 8": after_echo(pdu(7, bytes(8))),
    "malformed: P-DATA-TF, length 0": after_echo(pdu(4)),
    "malformed: PDV, length 0": after_echo(p_data(pdv(b"", length=0))),
    "malformed: PDV, length 1": after_echo(p_data(pdv(b"", length=1))),
    "malformed: PDV beyond the PDU": after_echo(p_data(pdv(echo_command(), length=500))),
    "malformed: more than the maximum length": after_echo(
        p_data(pdv(bytes(17000), command=False, last=False))
    ),
}

COMMANDS: dict[str, list[Step]] = {
    "command: C-STORE": on(command(0x0001, us(0x0700, 0), ui(0x1000, "1.2.3"))),
    "command: C-FIND": on(command(0x0020, us(0x0700, 0))),
    "command: C-GET": on(command(0x0010, us(0x0700, 2))),
    "command: C-MOVE": on(command(0x0021, us(0x0700, 1), element(0x0600, b"SOMEBODY"))),
    "command: N-EVENT-REPORT": on(command(0x0100, ui(0x1000, "1.2.3"), us(0x1002, 1))),
    "command: N-GET": on(command(0x0110, ui(0x1001, "1.2.3"), data_set=False, named=3)),
    "command: N-SET": on(command(0x0120, ui(0x1001, "1.2.3"), named=3)),
    "command: N-ACTION": on(command(0x0130, ui(0x1001, "1.2.3"), us(0x1008, 1), named=3)),
    "command: N-CREATE": on(command(0x0140, ui(0x1000, "1.2.3"))),
    "command: N-DELETE": on(command(0x0150, ui(0x1001, "1.2.3"), data_set=False, named=3)),
    "command: C-CANCEL": on(
        quietly(p_data(pdv(command_set(us(0x0100, 0x0FFF), us(0x0120, 7), us(0x0800, 0x0101))))),
        echo_rq(), release_rq(),
    ),
    "command: C-ECHO-RSP": on(
        quietly(p_data(pdv(command_set(
            ui(2, VERIFICATION), us(0x0100, 0x8030), us(0x0120, 7), us(0x0800, 0x0101), us(0x0900, 0),
        )))),
        echo_rq(), release_rq(),
    ),
    "command: unknown": on(command(0x0042, data_set=False)),
    "command: C-ECHO with a data set": on(
        quietly(p_data(pdv(echo_command(_0800=us(0x0800, 1))))),
        p_data(pdv(DATA_SET, command=False)), release_rq(),
    ),
    "command: data set without a command": on(p_data(pdv(DATA_SET, command=False))),
    "command: on a refused context": on(echo_rq(context_id=3)),
    "command: on a context that was not proposed": on(echo_rq(context_id=5)),
    "command: another Affected SOP Class": on(echo_rq(_0002=ui(2, CT_IMAGE_STORAGE))),
    "command: a private Affected SOP Class": on(echo_rq(_0002=ui(2, "1.2.3.4"))),
    "command: no Affected SOP Class": on(without(0x0002), release_rq()),
    "command: no command field": on(without(0x0100)),
    "command: no message ID": on(without(0x0110)),
    "command: no data set type": on(without(0x0800)),
    "command: wrong group length": on(
        p_data(pdv(command_set(*echo_elements().values(), group_length=4))), release_rq()
    ),
    "command: no group length": on(p_data(pdv(echo_command()[12:])), release_rq()),
    "command: an element more": on(
        p_data(pdv(command_set(*echo_elements().values(), us(0x0900, 0)))), release_rq()
    ),
    "command: an unknown element more": on(
        p_data(pdv(command_set(*echo_elements().values(), us(0x7777, 0)))), release_rq()
    ),
    "command: an element too long": on(
        p_data(pdv(echo_command(_0110=element(0x0110, b"\1\0", length=4000))))
    ),
    "command: nothing at all": on(p_data(pdv(b""))),
    "command: a context changes": on(
        quietly(p_data(parts(echo_command(), 40)[0])),
        p_data(pdv(echo_command()[40:], context_id=3)),
    ),
}  # fmt: skip

REQUESTS: dict[str, list[Step]] = {
    f"request: version {version}": [associate_rq(version=version), echo_rq(), release_rq()]
    for version in (0, 2, 3, 0x8001, 0xFFFE, 0xFFFF)
} | {
    "request: another application context": [
        associate_rq(application_context("1.2.3"), *usual_items()[1:])
    ],
    "request: no application context": [associate_rq(*usual_items()[1:]), echo_rq(), release_rq()],
    "request: no presentation context": [
        associate_rq(application_context(), user_information(maximum_length())), release_rq(),
    ],
    "request: unknown item": [
        associate_rq(item(0x7F, b"\1\2\3"), *usual_items()), echo_rq(), release_rq()
    ],
    "request: unknown item last": [
        associate_rq(*usual_items(), item(0x99)), echo_rq(), release_rq()
    ],
    "request: user information first": [
        associate_rq(*usual_items()[::-1]), echo_rq(), release_rq()
    ],
    "request: dribbled": [
        *(quietly(associate_rq()[at : at + 25]) for at in range(0, 200, 25)),
        quietly(associate_rq()[200:]), hear(), echo_rq(), release_rq(),
    ],
    "request: item beyond the PDU": [
        associate_rq(application_context(length=4000), *usual_items()[1:])
    ],
    "request: too short": [pdu(1, bytes(20))],
    "instead: nothing": [close],
    "instead: half close": [finish],
    "instead: half a request": [quietly(associate_rq()[:50]), close],
    "instead: A-ABORT": [quietly(abort()), hear()],
    "instead: A-RELEASE-RQ": [release_rq()],
    "instead: P-DATA-TF": [echo_rq()],
} | {f"instead: {name}": [octets] for name, octets in STRANGERS.items()}  # fmt: skip

TIMED = [
    Scenario("time: idle association", on(echo_rq(), hear(1.5)), ("-tn", "0.5")),
    Scenario("time: idle association, no echo", on(hear(1.5)), ("-tn", "0.5")),
    Scenario("time: silent peer", [hear(1.5)], ("-ta", "0.5")),
    Scenario("time: half a request", [quietly(associate_rq()[:50]), hear(1.5)], ("-ta", "0.5")),
    Scenario(
        "time: stalled message",
        on(quietly(p_data(parts(echo_command(), 20)[0])), hear(1.5)),
        ("-td", "0.5"),
    ),
    Scenario("time: no ARTIM timer", [pause(0.2), *on(echo_rq(), release_rq())], ("-ta", "0")),
    *(
        Scenario(f"option: {option} {value}", on(echo_rq(), release_rq()), (option, value))
        for option, value in (
            ("-pdu", "0"), ("-pdu", "16382"), ("-pdu", "131072"), ("-aet", "SIXTEEN_LETTERS_"),
        )
    ),
]  # fmt: skip

SCENARIOS = [
    scenario
    for rows in (ECHOES, ENDS, FAULTS, COMMANDS, REQUESTS)
    for scenario in table(rows)  # type: ignore[arg-type]
] + TIMED
