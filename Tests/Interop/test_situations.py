"""In each situation, the journal has exactly the records in `situations/NAME.txt`.

`UPDATE_TEXTS=1` writes these files. Then read each sentence as if at two in the morning, with a scanner that
does not connect.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import situations_associations  # noqa: F401
import situations_proxy  # noqa: F401
import situations_requests  # noqa: F401
import situations_tls  # noqa: F401
from daemon import Daemon, free_port, limit_descriptors
from journal import Entry, Journal
from secure import start_secured
from situations import SITUATIONS, Situation

Start = Callable[..., Daemon]

GOLDEN = Path(__file__).parent / "situations"
LEFT_OUT = {
    "MESSAGE", "MESSAGE_ID", "SYSLOG_IDENTIFIER", "DICOM_PEER_PORT", "DICOM_ASSOCIATION",
    "DICOM_ECHOES", "DICOM_DURATION_MSEC", "DICOM_PDU", "DICOM_TLS_FINGERPRINT", "ECHOSCP_REPEATED",
}  # fmt: skip
"""Fields that repeat the sentence, differ in each run, or are checked by another test."""


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_what_the_journal_says(
    echoscpd: Start, journal: Journal, tmp_path: Path, situation: Situation,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    (tmp_path / "echoscp.conf").write_text(situation.configuration)
    extra: dict[str, object] = {}
    if situation.descriptors:
        extra["before_exec"] = limit_descriptors(situation.descriptors, situation.descriptors)
    options = ("--config", str(tmp_path / "echoscp.conf"), *situation.options)
    if situation.tls:
        pki = request.getfixturevalue("pki")
        secured = start_secured(echoscpd, journal, pki, situation.tls, *options)
        scp = secured.scp
        situation.act(secured)  # type: ignore[arg-type]
    else:
        given = ["--log-target", "journal"]
        if situation.is_proxied:
            port = free_port()
            given += ["--proxy-port", str(port), "--proxy-trusted", "127.0.0.1"]
        scp = echoscpd(*given, *options, wrapper=journal.wrapper, **extra)
        if situation.is_proxied:
            scp.port = port
        situation.act(scp)
    if scp.wait(0) is None:
        scp.stop()
    entries = [entry for entry in journal.read() if _is_told(entry)]
    # Other situations make connections without a byte only to take places.
    if situation.name not in ("health-check", "proxy-health-check"):
        entries = [one for one in entries if one.get("ECHOSCP_CAUSE") != ["health-check"]]
    told = "\n".join(_text(entry) for entry in entries)
    print(f"{situation.title}\n{told}")
    compare(situation.name, f"# {situation.title}.\n{told}\n")


def compare(name: str, text: str) -> None:
    """Compares `text` with the golden file, or writes it."""
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_TEXTS"):
        golden.write_text(text)
    assert text == golden.read_text(), f"the text differs from {golden}"


def test_each_golden_file_has_its_situation() -> None:
    from test_situations_of_the_service import STARTS

    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*SITUATIONS, *STARTS}
    print(f"{len(SITUATIONS) + len(STARTS)} situations")


def _is_told(entry: Entry) -> bool:
    """Whether the record is about a peer or a problem."""
    return "DICOM_PEER_ADDRESS" in entry or "ECHOSCP_CAUSE" in entry


def _text(entry: Entry) -> str:
    fields = [
        f"{name}={value}"
        for name, values in sorted(entry.items())
        for value in values
        if name not in LEFT_OUT
    ]
    return "\n".join([plain(entry["MESSAGE"][0]), *(f"  {field}" for field in fields)])


def plain(message: str) -> str:
    """The message without the parts that differ in each run."""
    message = re.sub(r"(127\.0\.0\.\d):\d+", r"\1:PORT", message)
    message = re.sub(r"\d+\.\d{3} s", "N s", message)
    message = re.sub(r"\d{2,} echoes", "N echoes", message)
    message = re.sub(r" in \d+ s\)", " in N s)", message)
    message = re.sub(r"/\S+/(\S+\.(?:pem|key)\b)", r"DIRECTORY/\1", message)
    message = re.sub(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?UTC|Z)?)?", "DATE", message)
    message = re.sub(r"\b[0-9a-f]{64}\b", "HASH", message)
    message = re.sub(r"\bport \d{5}\b", "port PORT", message)
    return re.sub(r"^\d+ connections? without", "N connections without", message)
