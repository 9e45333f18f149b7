"""Access control by called AE title, by calling AE title and by address.

PS3.8 §9.3.2: leading and trailing spaces of a title are not significant; some devices pad with NULs.
PS3.5 §6.2: case is significant. The reasons of a rejection are those of PS3.8 Table 9-21.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from configured import serving, write
from daemon import Daemon, free_port, run_to_its_end
from journal import Journal
from peer import SLACK
from replies import CLOSED, AssociateAC, AssociateRJ
from wire import associate_rq

Start = Callable[..., Daemon]

CALLED, CALLING = AssociateRJ(1, 1, 7), AssociateRJ(1, 1, 3)


def answer(scp: Daemon, **titles: str | bytes) -> AssociateRJ | None:
    """The A-ASSOCIATE-RJ for a request, or None if it is accepted."""
    with scp.connect() as peer:
        peer.send(associate_rq(**titles))
        reply = peer.receive()
        assert isinstance(reply, AssociateAC | AssociateRJ), reply
        return reply if isinstance(reply, AssociateRJ) else None


# ---------------------------------------------------------------------------------------------
# require-called-ae-title

WAYS: dict[str, tuple[str, list[str], bool]] = {
    # the value in the file, the options, and whether other titles are rejected
    "nothing": ("", [], False),
    "the option alone": ("", ["--require-called-ae-title"], True),
    "option yes": ("", ["--require-called-ae-title=yes"], True),
    "option no": ("", ["--require-called-ae-title=no"], False),
    "option true": ("", ["--require-called-ae-title=true"], True),
    "option 0": ("", ["--require-called-ae-title=0"], False),
    "file yes": ("yes", [], True),
    "file on": ("on", [], True),
    "file off": ("off", [], False),
    "file yes, option no": ("yes", ["--require-called-ae-title=no"], False),
    "file no, option alone": ("no", ["--require-called-ae-title"], True),
    "option yes, then no": (
        "", ["--require-called-ae-title", "--require-called-ae-title=no"], False),
}  # fmt: skip


@pytest.mark.parametrize(("in_file", "options", "strict"), WAYS.values(), ids=WAYS)
def test_whether_the_called_title_counts(
    echoscpd: Start, tmp_path: Path, in_file: str, options: list[str], strict: bool
) -> None:
    content = {"require_called_ae_title": in_file} if in_file else {}
    scp = echoscpd("--config", write(tmp_path / "file", **content), *options)
    assert answer(scp, called="ECHOSCP") is None
    assert answer(scp, called="OTHER") == (CALLED if strict else None)


@pytest.mark.parametrize("way", ["option", "file"])
def test_which_called_titles_are_ours(echoscpd: Start, tmp_path: Path, way: str) -> None:
    arguments = ("--ae-title", "MY SCP", "--require-called-ae-title")
    if way == "file":
        settings = {"ae_title": "MY SCP", "require_called_ae_title": "yes"}
        arguments = ("--config", write(tmp_path / "file", **settings))
    scp = echoscpd(*arguments)
    for ours in ("MY SCP", "  MY SCP", b"MY SCP" + bytes(10), b"MY SCP" + b" \0" * 5):
        assert answer(scp, called=ours) is None, ours
    for other in ("MYSCP", "MY  SCP", "my scp", "MY SC", "MY SCPX", " ", bytes(16), "MY_SCP"):
        assert answer(scp, called=other) == CALLED, other


@pytest.mark.parametrize("ours", ["MYAE", '" MYAE "', '"MYAE  "'])
def test_the_padding_of_our_own_title_does_not_count(
    echoscpd: Start, tmp_path: Path, ours: str
) -> None:
    settings = {"ae_title": ours, "require_called_ae_title": "yes"}
    scp = echoscpd("--config", write(tmp_path / "file", **settings))
    assert [answer(scp, called=title) for title in ("MYAE", " MYAE", "MY AE")] == [
        None, None, CALLED]  # fmt: skip


def test_the_log_names_the_title_that_was_called_and_ours(
    echoscpd: Start, journal: Journal
) -> None:
    scp = echoscpd(
        "--require-called-ae-title", "-aet", "OURS", "--log-target", "journal",
        wrapper=journal.wrapper,
    )  # fmt: skip
    assert answer(scp, called="THEIRS", calling="CT1") == CALLED
    entry = journal.wait_for(ECHOSCP_CAUSE="called-ae-title", PRIORITY="4")
    assert entry["DICOM_CALLED_AE"] == ["THEIRS"] and "OURS" in entry["MESSAGE"][0]
    assert entry["DICOM_CALLING_AE"] == ["CT1"] and entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]


# ---------------------------------------------------------------------------------------------
# allow-calling-ae-titles

PATTERNS: dict[str, tuple[str, list[str | bytes], list[str | bytes]]] = {
    # the list, titles it allows, titles it does not allow
    "one": (
        "CT1",
        ["CT1", " CT1", "             CT1", b"CT1" + bytes(13), b"CT1 \0" + bytes(11)],
        ["ct1", "Ct1", "CT", "CT10", "XCT1", "C T1", " ", bytes(16)],
    ),
    "commas": ("CT1,MR1, US1 ,XA1", ["CT1", "MR1", "US1", "XA1"], ["CT", "CT1,MR1", "DX1"]),
    "blanks": ("CT1 MR1\tUS1", ["CT1", "MR1", "US1"], ["CT1 MR1", "CT"]),
    "star behind": ("CT*", ["CT", "CT1", "CT 1", "CT*", "CT34567890123456"], ["XCT", "ct1", "C"]),
    "star in front": ("*CT", ["CT", "XCT", "CTCT", "1 CT"], ["CT1", "C"]),
    "star inside": ("C*T", ["CT", "CXT", "CTT", "CXTXT"], ["CTX", "XCT"]),
    "two stars": ("*A*B*", ["AB", "XAXBX", "BAB", "AAB"], ["BA", "A", "B", "ab"]),
    "question mark": ("CT?", ["CT1", "CTX", "CT?"], ["CT", "CT12", "ct1"]),
    "question marks": ("??", ["AB", "12"], ["A", "ABC", " "]),
    "question mark, then star": ("CT?*", ["CT1", "CT12"], ["CT"]),
    "sixteen question marks": ("????????????????", ["1234567890123456"], ["123456789012345"]),
    "star alone": ("*", ["CT1", " ", "x", bytes(16)], []),
    "all": ("all", ["CT1", " ", "x", bytes(16)], []),
    "one with a blank": ('"CT 1"', ["CT 1", "  CT 1"], ["CT1", "CT", "1", "CT  1"]),
    "one with a blank among others": (
        'MR1, "CT 1" "US 1",XA1',
        ["MR1", "CT 1", "US 1", "XA1"],
        ["CT", "1", "US", "CT 1,US 1"],
    ),
    "a pattern with a blank": ('"CT *"', ["CT 1", "CT ROOM 2"], ["CT1", "CT"]),
    "padding in a pattern": ('"  CT1  "', ["CT1", " CT1"], ["CT"]),
    "quotation marks in a title": ('"A""B", C"D', ['A"B', 'C"D'], ["AB", "CD"]),
    "commas and comment marks in titles": (
        '"A,B" C#D "#" ";E"',
        ["A,B", "C#D", "#", ";E"],
        ["A", "B", "C", "E"],
    ),
    "one title that is called all": ('"all"', ["all"], ["CT1", "ALL"]),
}


@pytest.mark.parametrize(("titles", "good", "bad"), PATTERNS.values(), ids=PATTERNS)
@pytest.mark.parametrize("way", ["option", "file"])
def test_which_calling_titles_are_let_in(
    echoscpd: Start, tmp_path: Path, way: str,
    titles: str, good: list[str | bytes], bad: list[str | bytes],
) -> None:  # fmt: skip
    if way == "file":
        scp = echoscpd("--config", write(tmp_path / "f", allow_calling_ae_titles=titles))
    else:
        scp = echoscpd("--allow-calling-ae-titles", titles)
    assert [title for title in good if answer(scp, calling=title)] == []
    assert [title for title in bad if answer(scp, calling=title) != CALLING] == []


def test_the_log_names_the_title_that_called(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd(
        "--allow-calling-ae-titles", "CT1", "--log-target", "journal", wrapper=journal.wrapper
    )
    assert answer(scp, calling="STRANGER") == CALLING
    entry = journal.wait_for(ECHOSCP_CAUSE="calling-ae-title", PRIORITY="4")
    assert entry["DICOM_CALLING_AE"] == ["STRANGER"]
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]


@pytest.mark.parametrize("key", ["allow-calling-ae-titles", "allow-addresses"])
@pytest.mark.parametrize("way", ["option", "file"])
def test_nothing_is_not_everybody(tmp_path: Path, way: str, key: str) -> None:
    """Tests an empty value, as from `--allow-addresses "$UNSET"` or from a list not filled in yet."""
    arguments = [f"--{key}="]
    if way == "file":
        arguments = ["--config", write(tmp_path / "file", **{key.replace("-", "_"): ""})]
    done = run_to_its_end(*arguments, "--check-config")
    assert done.returncode != 0, f"{key} with an empty value allows everybody"
    assert key in done.stderr


# ---------------------------------------------------------------------------------------------
# allow-addresses and deny-addresses

SOURCES = ("127.0.0.1", "127.0.0.2", "127.1.0.1")
RULES: dict[str, tuple[str, str, list[str]]] = {
    # allowed, denied, and the sources that are served
    "all": ("all", "none", ["127.0.0.1", "127.0.0.2", "127.1.0.1"]),
    "one": ("127.0.0.2", "none", ["127.0.0.2"]),
    "a network": ("127.0.0.0/16", "none", ["127.0.0.1", "127.0.0.2"]),
    "denied": ("all", "127.0.0.0/30", ["127.1.0.1"]),
    "denied counts more": ("127.0.0.0/8", "127.0.0.2", ["127.0.0.1", "127.1.0.1"]),
    "denied counts more than the same": ("127.0.0.2", "127.0.0.2", []),
    "no IPv4": ("::/0", "none", []),
    "every IPv4": ("0.0.0.0/0", "::/0", ["127.0.0.1", "127.0.0.2", "127.1.0.1"]),
}


@pytest.mark.parametrize(("allowed", "denied", "served"), RULES.values(), ids=RULES)
@pytest.mark.parametrize("listening", ["127.0.0.1", "all"])
def test_who_may_connect(
    tmp_path: Path, listening: str, allowed: str, denied: str, served: list[str]
) -> None:
    """Also tests a dual-stack IPv6 socket, which reports IPv4 addresses in mapped form."""
    port = free_port()
    settings = {"allow_addresses": allowed, "deny_addresses": denied, "bind_address": listening}
    path = write(tmp_path / "file", port=str(port), **settings)
    with serving("--config", path, directory=tmp_path, port=port) as scp:
        assert [source for source in SOURCES if _is_served(scp, source)] == served


@pytest.mark.usefixtures("ipv6")
@pytest.mark.parametrize(
    ("allowed", "denied", "served"),
    [
        ("::1", "none", ["::1"]),
        ("::/64", "none", ["::1"]),
        ("2001:db8::/32 ::/0", "none", ["::1"]),
        ("::1 127.0.0.2", "none", ["::1", "127.0.0.2"]),
        ("::ffff:127.0.0.2", "none", ["127.0.0.2"]),
        ("::ffff:127.0.0.0/126", "none", ["127.0.0.1", "127.0.0.2"]),
        ("all", "::1", ["127.0.0.1", "127.0.0.2"]),
        ("all", "::/16", ["127.0.0.1", "127.0.0.2"]),
        ("all", "0.0.0.0/0", ["::1"]),
        ("::/0", "::ffff:0:0/96", ["::1"]),
    ],
)
def test_ipv6_and_ipv4_are_told_apart(
    tmp_path: Path, allowed: str, denied: str, served: list[str]
) -> None:
    """Tests both notations of IPv4 addresses, on one socket for both families."""
    port = free_port()
    settings = {"allow_addresses": allowed, "deny_addresses": denied, "port": str(port)}
    path = write(tmp_path / "file", **settings)
    with serving("--config", path, directory=tmp_path, port=port) as scp:
        sources = ("::1", "127.0.0.1", "127.0.0.2")
        assert [source for source in sources if _is_served(scp, source)] == served


def _is_served(scp: Daemon, source: str) -> bool:
    host = "::1" if source == "::1" else None
    with suppress(OSError), scp.connect(source=source, host=host) as peer:
        peer.send(associate_rq())
        return isinstance(peer.receive(), AssociateAC)
    return False


def test_who_may_not_connect_is_told_nothing(echoscpd: Start, journal: Journal) -> None:
    scp = echoscpd(
        "--deny-addresses", "127.0.0.9", "--log-target", "journal", wrapper=journal.wrapper
    )
    assert scp.connect(source="127.0.0.9").receive(within=SLACK) == CLOSED
    journal.wait_for(ECHOSCP_CAUSE="address-denied", PRIORITY="4")
    assert answer(scp) is None
    scp.stop()
    [entry] = journal.find(DICOM_PEER_ADDRESS="127.0.0.9")
    assert entry["ECHOSCP_CAUSE"] == ["address-denied"] and "ECHOSCP_REPEATED" not in entry
