"""A public key infrastructure for the tests of DICOM TLS (RFC 5280). The tests make it when they run, so no
certificate in the repository can expire.

A certificate is described in `PROFILES` and made when a test asks for it by its name; all dates are relative to
now. Half a day more than a number of days keeps that number the same until the tests have ended.
"""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
ORGANIZATION = "Hospital"
PADDING = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")
"""The type of a private extension that makes a certificate long."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Profile:
    """What a certificate says, and who issues it."""

    issuer: str = "ca"
    """The name of the issuer's profile; empty for a certificate signed with its own key."""
    common_name: str = ""
    """The CN of the subject; by default the name of the profile."""
    begins: float = -30
    """The day on which it becomes valid, counted from now."""
    ends: float = 300.5
    usage: tuple[x509.ObjectIdentifier, ...] = (CLIENT,)
    key: str = "P-256"
    """P-256, or RSA with the number of bits."""
    names: tuple[x509.GeneralName, ...] = ()
    is_authority: bool = False
    padding: int = 0
    """The size of a private extension."""
    is_padding_critical: bool = False
    """Whether who does not know that extension must refuse the certificate."""


_HERE = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
_SERVER = Profile("issuing", "archive.hospital.example", usage=(SERVER,), names=_HERE)
_CA = Profile("", usage=(), is_authority=True)
"""A CA, and also what `openssl req -x509` makes for a device."""

PROFILES = {
    "ca": replace(_CA, common_name="Hospital CA", ends=3000.5),
    "issuing": replace(_CA, issuer="ca", common_name="Hospital Issuing CA", ends=2000.5),
    "other-ca": replace(_CA, common_name="Vendor CA", ends=3000.5),
    # Certificates of servers; all but the first differ from it in one respect.
    "server": _SERVER,
    "server-rsa": replace(_SERVER, key="RSA 2048"),
    "server-renewed": replace(_SERVER, common_name="renewed.hospital.example"),
    "server-expired": replace(_SERVER, common_name="", ends=-10.5),
    "server-expiring": replace(_SERVER, common_name="", ends=20.5),
    "server-not-yet-valid": replace(_SERVER, common_name="", begins=10.5),
    "server-client-auth": replace(_SERVER, common_name="", usage=(CLIENT,)),
    "server-untrusted": replace(_SERVER, common_name="", issuer="other-ca"),
    "server-elsewhere": replace(
        _SERVER, common_name="", names=(x509.DNSName("elsewhere.hospital.example"),)
    ),
    # Those of a load balancer, and of the nodes behind it.
    "balancer": replace(_SERVER, common_name="balancer.example"),
    "node1": replace(_SERVER, common_name="", names=(x509.DNSName("node1.example"),)),
    "node2": replace(_SERVER, common_name="", names=(x509.DNSName("node2.example"),)),
    # Certificates of devices that are good.
    "CT1": Profile(),
    "RSA": Profile(key="RSA 2048"),
    "chain": Profile(issuer="issuing"),
    "expiring": Profile(ends=20.5),
    "any-use": Profile(usage=()),
    "both-uses": Profile(usage=(CLIENT, SERVER)),
    "names": Profile(
        common_name="CT 1",
        names=(
            x509.DNSName("ct1.hospital.example"),
            x509.UniformResourceIdentifier("urn:dicom:ct1"),
        ),
    ),
    # Certificates of devices with a fault.
    "expired": Profile(ends=-10.5),
    "not-yet-valid": Profile(begins=10.5),
    "other": Profile(issuer="other-ca"),
    "revoked": Profile(),
    "server-auth": Profile(usage=(SERVER,)),
    "RSA-1024": Profile(key="RSA 1024"),
    "issued-by-CT1": Profile(issuer="CT1"),
    "critical": Profile(padding=8, is_padding_critical=True),
    "long": Profile(padding=34_000),
    "device": _CA,
    "device-expired": replace(_CA, ends=-10.5),
    "device-unknown": _CA,
    "issued-by-device": Profile(issuer="device"),
    # Names that try to be something else.
    "NUL": Profile(common_name="CT1\0.evil.example"),
    "control": Profile(common_name="CT1\n\x1b[2JMR1"),
    "UTF-8": Profile(common_name="Röntgen 1"),
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """A certificate with its chain and its private key, as objects and as files."""

    certificate: x509.Certificate
    private_key: Key
    issuers: tuple[x509.Certificate, ...]
    """The certificates between it and its root, which is left out."""
    file: Path
    """The certificate, followed by `issuers` (PEM)."""
    key: Path

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def subject(self) -> str:
        return self.certificate.subject.rfc4514_string()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def alone(self) -> Path:
        """A file with the certificate, but without its chain."""
        return _write(self.file.with_suffix(".alone.pem"), self.certificate)

    @property
    def encrypted_key(self) -> Path:
        """A file with the private key, encrypted with a password."""
        return _write_key(
            self.key.with_suffix(".encrypted.key"),
            self.private_key,
            BestAvailableEncryption(b"secret"),
        )


def _write(path: Path, *parts: x509.Certificate | x509.CertificateRevocationList) -> Path:
    path.write_bytes(b"".join(part.public_bytes(Encoding.PEM) for part in parts))
    return path


def _write_key(path: Path, key: Key, encryption: object) -> Path:
    octets = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)  # type: ignore[arg-type]
    path.write_bytes(octets)
    return path


@dataclass(frozen=True)
class Files:
    """A certificate and a private key, as two settings name them."""

    certificate: Path
    key: Path


@dataclass
class PKI:
    """All certificates, in files below `directory`."""

    directory: Path
    now: datetime.datetime = field(
        default_factory=lambda: datetime.datetime.now(datetime.timezone.utc)
    )
    _made: dict[str, Identity] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Identity:
        if name not in self._made:
            self._made[name] = self._make(name, PROFILES[name])
        return self._made[name]

    def server(self, name: str) -> Files:
        """The files of a service. Besides the profiles, there is one without its chain and one whose key is that of
        another."""
        if name == "server-alone":
            return Files(self["server"].alone, self["server"].key)
        if name == "server-mismatched":
            return Files(self["server"].file, self["server-renewed"].key)
        return Files(self[name].file, self[name].key)

    def certificates(self, *names: str) -> Path:
        """A file with these certificates alone: CAs, or certificates of devices."""
        path = self.directory / f"{'+'.join(names)}.certificates.pem"
        return _write(path, *(self[name].certificate for name in names))

    def crl(
        self, *issuers: str, revoked: tuple[str, ...] = ("revoked",), begins: float = -1.5,
        ends: float = 30.5,
    ) -> Path:  # fmt: skip
        """A file with the revocation list of each issuer; each list names all the `revoked`."""
        lists = [self._crl(self[issuer], revoked, begins, ends) for issuer in issuers]
        return _write(self.directory / f"{'+'.join(issuers)}.{begins}.{ends}.crl.pem", *lists)

    def _crl(
        self, issuer: Identity, revoked: tuple[str, ...], begins: float, ends: float
    ) -> x509.CertificateRevocationList:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(self._day(begins))
            .next_update(self._day(ends))
        )
        for name in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(self[name].certificate.serial_number)
                .revocation_date(self._day(begins))
                .build()
            )
        return builder.sign(issuer.private_key, hashes.SHA256())

    def _day(self, number: float) -> datetime.datetime:
        return self.now + datetime.timedelta(days=number)

    def _make(self, name: str, profile: Profile) -> Identity:
        key = _new_key(profile.key)
        signer = self[profile.issuer] if profile.issuer else None
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
                x509.NameAttribute(NameOID.COMMON_NAME, profile.common_name or name),
            ]
        )
        issuing_key = signer.private_key if signer else key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(signer.certificate.subject if signer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._day(profile.begins))
            .not_valid_after(self._day(profile.ends))
        )
        for extension, is_critical in _extensions(profile, key, issuing_key):
            builder = builder.add_extension(extension, is_critical)
        certificate = builder.sign(issuing_key, hashes.SHA256())
        issuers = (
            (signer.certificate, *signer.issuers)
            if signer and PROFILES[profile.issuer].issuer
            else ()
        )
        return Identity(
            certificate, key, issuers,
            _write(self.directory / f"{name}.pem", certificate, *issuers),
            _write_key(self.directory / f"{name}.key", key, NoEncryption()),
        )  # fmt: skip


def _new_key(kind: str) -> Key:
    if kind == "P-256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("RSA ")))


def _extensions(
    profile: Profile, key: Key, issuing_key: Key
) -> list[tuple[x509.ExtensionType, bool]]:
    """The extensions, each with whether it is critical."""
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=profile.is_authority, path_length=None), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing_key.public_key()), False),
    ]
    if profile.usage:
        extensions.append((x509.ExtendedKeyUsage(profile.usage), False))
    if profile.names:
        extensions.append((x509.SubjectAlternativeName(profile.names), False))
    if profile.padding:
        padding = x509.UnrecognizedExtension(PADDING, bytes(profile.padding))
        extensions.append((padding, profile.is_padding_critical))
    return extensions
