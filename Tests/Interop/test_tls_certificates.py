"""The certificates of devices: refused where one is required, and told where it is only requested."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest

from journal import ASSOCIATION_RELEASED
from secure import VERSIONS, Secured

Start = Callable[..., Secured]

LISTED = {"trusted": ("ca",), "crl": ("ca", "issuing")}

CERTIFICATES = {
    # the certificate, the cause or note, and the alert for it
    "expired": ("certificate-expired", "CERTIFICATE_EXPIRED"),
    "not-yet-valid": ("certificate-not-yet-valid", "BAD_CERTIFICATE"),
    "other": ("certificate-untrusted", "UNKNOWN_CA"),
    "device": ("certificate-untrusted", "UNKNOWN_CA"),
    "issued-by-device": ("certificate-untrusted", "UNKNOWN_CA"),
    "revoked": ("certificate-revoked", "CERTIFICATE_REVOKED"),
    "server-auth": ("certificate-purpose", "UNSUPPORTED_CERTIFICATE"),
    "RSA-1024": ("certificate-weak", "BAD_CERTIFICATE"),
    "critical": ("certificate-invalid", ""),
    "issued-by-CT1": ("certificate-purpose", ""),
    "": ("certificate-missing", ""),
}


def subject(name: str) -> list[str] | None:
    """The value of DICOM_TLS_SUBJECT for this certificate."""
    return [f"CN={name},O=Hospital"] if name else None


@pytest.mark.parametrize("version", VERSIONS, ids=VERSIONS.values())
@pytest.mark.parametrize("name", CERTIFICATES, ids=lambda name: name or "none")
def test_a_certificate_that_is_required(secured: Start, name: str, version: ssl.TLSVersion) -> None:
    one = secured(mode="require", **LISTED)
    cause, alert = CERTIFICATES[name]
    assert alert in one.refused(name, version=version)
    entry = one.record(ECHOSCP_CAUSE=cause, PRIORITY="4")
    assert entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    assert entry.get("DICOM_TLS_SUBJECT") == subject(name)
    if name:
        assert entry["DICOM_TLS_FINGERPRINT"] == [one.pki[name].fingerprint]
    assert not one.journal.find(MESSAGE_ID=ASSOCIATION_RELEASED)
    one.echo("CT1", version=version)


@pytest.mark.parametrize("version", VERSIONS, ids=VERSIONS.values())
@pytest.mark.parametrize("name", CERTIFICATES, ids=lambda name: name or "none")
def test_a_certificate_that_is_requested(
    secured: Start, name: str, version: ssl.TLSVersion
) -> None:
    """Nobody is refused, and the record says what a strict archive would have refused."""
    one = secured(mode="request", **LISTED)
    note, _ = CERTIFICATES[name]
    one.echo(name, version=version)
    entry = one.record()
    assert note in entry["ECHOSCP_NOTES"]
    assert entry.get("DICOM_TLS_SUBJECT") == subject(name)
    assert entry["PRIORITY"] == ["6"] and "ECHOSCP_CAUSE" not in entry


@pytest.mark.parametrize("name", ["CT1", "RSA", "chain", "any-use", "both-uses", "expiring"])
@pytest.mark.parametrize("mode", ["require", "request"])
def test_a_good_certificate(secured: Start, mode: str, name: str) -> None:
    one = secured(mode=mode, **LISTED)
    one.echo(name)
    entry = one.record()
    notes = {note for note in entry.get("ECHOSCP_NOTES", []) if note.startswith("certificate-")}
    assert notes == ({"certificate-expires-soon"} if name == "expiring" else set())


@pytest.mark.parametrize("mode", ["require", "request"])
def test_a_chain_that_is_too_long(secured: Start, mode: str) -> None:
    one = secured(mode=mode)
    assert one.refused("long")
    one.record(ECHOSCP_CAUSE="certificate-invalid", PRIORITY="4")
    one.echo("CT1")


@pytest.mark.parametrize("name", ["NUL", "control", "UTF-8"])
def test_a_name_with_any_characters(secured: Start, name: str) -> None:
    one = secured(mode="require")
    one.echo(name)
    entry = one.record()
    (text,) = entry["DICOM_TLS_SUBJECT"]
    assert not any(ord(character) < 32 for character in text + entry["MESSAGE"][0])
    part = {"NUL": "evil.example", "control": "MR1", "UTF-8": "ntgen 1"}[name]
    assert part in text, "the name is cut off"


@pytest.mark.parametrize(
    "lists",
    [
        {"crl": ("ca",), "crl_days": (-30.5, -1.5)},
        {"crl": ("ca",), "crl_days": (1.5, 30.5)},
        {"crl": ("other-ca",)},
    ],
    ids=["expired", "not yet valid", "missing"],
)
def test_our_own_list_is_outdated(secured: Start, lists: dict[str, object]) -> None:
    """It is not the device's fault, and in request mode nobody is refused."""
    one = secured(mode="require", **lists)
    assert one.refused("CT1")
    one.record(ECHOSCP_CAUSE="crl-outdated", PRIORITY="4")
    one.scp.stop()
    secured(mode="request", **lists).echo("CT1")
