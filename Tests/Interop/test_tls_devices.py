"""Certificates of single devices: those accepted without a CA, and those to which an AE title is bound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from configured import check, faults
from daemon import run_to_its_end
from journal import ASSOCIATION_RELEASED
from peer import Peer
from pki import PKI
from replies import AssociateAC, AssociateRJ
from secure import Secured
from wire import associate_rq

Start = Callable[..., Secured]
CALLING = AssociateRJ(1, 1, 3)
"""Calling AE title not recognized."""


def answer(peer: Peer, calling: str = "CT1") -> AssociateRJ | None:
    """The A-ASSOCIATE-RJ for a request, or None if it is accepted."""
    with peer:
        peer.send(associate_rq(called="ECHOSCP", calling=calling))
        reply = peer.receive()
    assert isinstance(reply, AssociateAC | AssociateRJ), reply
    return reply if isinstance(reply, AssociateRJ) else None


# ---------------------------------------------------------------------------------------------
# tls-device-certificates


def test_exactly_this_certificate_is_accepted(secured: Start) -> None:
    """A self-signed one, as `openssl req -x509` makes it, without any CA. It is a CA by itself, but what it
    issues is not trusted."""
    one = secured(mode="require", trusted=(), devices=("device",))
    one.echo("device")
    assert one.record()["DICOM_TLS_SUBJECT"] == ["CN=device,O=Hospital"]
    for number, (name, text) in enumerate(
        [("issued-by-device", "UNKNOWN_CA"), ("device-unknown", "UNKNOWN_CA"), ("CT1", "")], 1
    ):
        # What repeats at one address has one record.
        source = f"127.0.0.{number}"
        assert text in one.refused(name, source=source)
        entry = one.record(ECHOSCP_CAUSE="certificate-untrusted", DICOM_PEER_ADDRESS=source)
        assert entry["DICOM_TLS_SUBJECT"] == [f"CN={name},O=Hospital"]


def test_another_certificate_of_the_same_name(
    secured: Start, pki: PKI, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = secured(mode="require", trusted=(), devices=("device",))
    impostor = PKI(tmp_path_factory.mktemp("impostor"), _made={"ca": pki["ca"]})
    assert impostor["device"].subject == pki["device"].subject
    one.pki = impostor
    assert one.refused("device") == "UNKNOWN_CA"
    fingerprint = impostor["device"].fingerprint
    one.record(ECHOSCP_CAUSE="certificate-untrusted", DICOM_TLS_FINGERPRINT=fingerprint)


def test_beside_a_ca(secured: Start) -> None:
    one = secured(mode="require", devices=("device", "device-expired"))
    one.echo("device")
    one.echo("CT1")
    assert one.refused("issued-by-device")
    one.record(ECHOSCP_CAUSE="certificate-untrusted")


@pytest.mark.parametrize("mode", ["require", "request"])
def test_it_must_not_be_expired(secured: Start, mode: str) -> None:
    one = secured(mode=mode, trusted=(), devices=("device-expired",))
    if mode == "require":
        assert one.refused("device-expired") == "CERTIFICATE_EXPIRED"
        one.record(ECHOSCP_CAUSE="certificate-expired")
        assert not one.journal.find(MESSAGE_ID=ASSOCIATION_RELEASED)
    else:
        one.echo("device-expired")
        notes = one.record()["ECHOSCP_NOTES"]
        assert "certificate-expired" in notes and "certificate-untrusted" not in notes


def test_a_known_certificate_needs_no_note(secured: Start) -> None:
    one = secured(mode="request", trusted=(), devices=("device",))
    one.echo("device")
    one.echo("device-unknown")
    known, unknown = (
        one.journal.wait_for(count, MESSAGE_ID=ASSOCIATION_RELEASED) for count in (1, 2)
    )
    assert "certificate-untrusted" not in known.get("ECHOSCP_NOTES", [])
    assert "certificate-untrusted" in unknown["ECHOSCP_NOTES"]


def test_a_certificate_from_a_ca_as_that_of_a_device(secured: Start) -> None:
    """The certificate counts, not who has issued it."""
    one = secured(mode="require", trusted=(), devices=("other",))
    one.echo("other")
    assert one.refused("CT1")


def test_certificates_in_a_directory(secured: Start, pki: PKI, tmp_path: Path) -> None:
    folder = tmp_path / "devices"
    folder.mkdir()
    for name in "device", "other":
        (folder / f"{name}.pem").write_bytes(pki[name].alone.read_bytes())
    one = secured(
        "--tls-device-certificates", str(folder), "--tls-client-certificate", "require", trusted=()
    )
    one.echo("device")
    one.echo("other")
    assert one.refused("device-unknown") == "UNKNOWN_CA"


# ---------------------------------------------------------------------------------------------
# [device …] certificate


def with_rules(
    secured: Start, tmp_path: Path, *rules: str, more: str = "", **settings: object
) -> Secured:
    file = tmp_path / "echoscp.conf"
    quoted = ", ".join(f'"{rule}"' for rule in rules)
    file.write_text(f"[device CT1]\ncertificate = {quoted}\n{more}")
    return secured("--config", str(file), **settings)


def of(pki: PKI, name: str) -> str:
    return f"sha256:{pki[name].fingerprint}"


@pytest.mark.parametrize(
    ("rules", "good"),
    [
        ("cn:CT1", ["CT1"]),
        ("cn:CT 1", ["names"]),
        ("dns:ct1.hospital.example", ["names"]),
        ("uri:urn:dicom:ct1", ["names"]),
        ("sha256:", ["names"]),
        ("cn:Röntgen 1", ["UTF-8"]),
        ("cn:CT", []),
        ("cn:ct 2", []),
        ("dns:hospital.example", []),
        ("uri:urn:dicom", []),
        ("cn:MR1, dns:ct1.hospital.example", ["names"]),
    ],
)
@pytest.mark.parametrize("mode", ["require", "request"])
def test_a_title_belongs_to_a_certificate(
    secured: Start, pki: PKI, tmp_path: Path, mode: str, rules: str, good: list[str]
) -> None:
    """A CN that continues behind a NUL is not the CN in front of it."""
    given = [of(pki, "names") if rule == "sha256:" else rule for rule in rules.split(", ")]
    one = with_rules(secured, tmp_path, *given, mode=mode)
    for name in "CT1", "names", "NUL", "control", "UTF-8", "RSA":
        # The names of all these certificates are verified.
        assert answer(one.connect(name)) == (None if name in good else CALLING), name
        assert answer(one.connect(name), "MR1") is None
    refusals = one.journal.find(ECHOSCP_CAUSE="certificate-ae-title", PRIORITY="4")
    assert all(one["DICOM_REASON"] == ["A-ASSOCIATE-RJ 1/1/3"] for one in refusals)
    assert all(one["DICOM_CALLING_AE"] == ["CT1"] for one in refusals)


def test_a_fingerprint_as_openssl_prints_it(secured: Start, pki: PKI, tmp_path: Path) -> None:
    digits = pki["CT1"].fingerprint.upper()
    pairs = ":".join(digits[index : index + 2] for index in range(0, 64, 2))
    one = with_rules(secured, tmp_path, f"sha256:{pairs}")
    assert answer(one.connect("CT1")) is None
    assert answer(one.connect("RSA")) == CALLING


def test_it_must_come_over_tls(secured: Start, tmp_path: Path) -> None:
    one = with_rules(secured, tmp_path, "cn:CT1")
    assert answer(one.scp.connect()) == CALLING
    one.record(ECHOSCP_CAUSE="certificate-ae-title")
    assert answer(one.scp.connect(), "MR1") is None
    assert answer(one.connect()) == CALLING, "without a certificate"


def test_a_certificate_that_was_not_verified(secured: Start, pki: PKI, tmp_path: Path) -> None:
    """Its names prove nothing: only the hash of the whole certificate counts."""
    one = with_rules(secured, tmp_path, "cn:other", "cn:device-unknown", of(pki, "device"))
    for name in "other", "device-unknown":
        assert answer(one.connect(name)) == CALLING
    assert answer(one.connect("device")) is None
    entry = one.record(ECHOSCP_CAUSE="certificate-ae-title")
    assert entry["DICOM_TLS_SUBJECT"] == ["CN=other,O=Hospital"]


def test_the_name_of_an_expired_certificate_counts_for_nothing(
    secured: Start, tmp_path: Path
) -> None:
    one = with_rules(secured, tmp_path, "cn:expired", mode="request")
    assert answer(one.connect("expired")) == CALLING


def test_the_name_of_a_known_certificate_counts(secured: Start, tmp_path: Path) -> None:
    one = with_rules(secured, tmp_path, "cn:device", devices=("device",))
    assert answer(one.connect("device")) is None


def test_with_an_address_both_must_match(secured: Start, tmp_path: Path) -> None:
    one = with_rules(secured, tmp_path, "cn:CT1", more="address = 127.0.0.2\n")
    assert answer(one.connect("CT1", source="127.0.0.2")) is None
    assert answer(one.connect("RSA", source="127.0.0.2")) == CALLING
    one.record(ECHOSCP_CAUSE="certificate-ae-title")
    assert answer(one.connect("CT1")) == CALLING
    one.record(ECHOSCP_CAUSE="calling-ae-title")


def test_no_record_has_the_session_of_another(secured: Start) -> None:
    """A connection that is refused when it is accepted comes right after a device with TLS, at the same worker."""
    one = secured("--deny-addresses", "127.0.0.2", "--workers", "1")
    one.echo("CT1")
    Peer(one.scp.port, source="127.0.0.2").close()
    entry = one.record(ECHOSCP_CAUSE="address-denied")
    assert not [name for name in entry if "TLS" in name]


def test_rules_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    wrong = ["CT1", "cn:", "sha256:12", "sha256:" + "g" * 64, "email:a@b", "dns:*.example"]
    file.write_text(
        "".join(f"[device D{n}]\ncertificate = {rule}\n" for n, rule in enumerate(wrong))
    )
    said = faults(str(file))
    assert [line.partition(": ")[0] for line in said] == [
        f"{file}:{2 * number + 2}" for number in range(len(wrong))
    ]
    for rule, line in zip(wrong, said, strict=True):
        assert ": certificate: " in line and rule.split(":")[0] in line


def test_check_and_dump_have_the_rules(tmp_path: Path) -> None:
    file = tmp_path / "echoscp.conf"
    file.write_text('[device CT1]\ncertificate = "cn:CT 1", uri:urn:dicom:ct1\n')
    assert check(str(file)) == f"configuration OK: {file}\n"
    dumped = run_to_its_end("--config", str(file), "--dump-config").stdout
    assert 'certificate = "cn:CT 1", uri:urn:dicom:ct1  #' in dumped
