"""The certificates of the measurements over TLS, made at the start of a run by `openssl`: a CA, and one
certificate each for the servers and the load, all with keys on P-256."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

DAYS = "60"
"""More than those before the end at which echoscpd begins to warn."""
_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


@dataclass(frozen=True)
class Certificates:
    """The files in a folder (PEM)."""

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def certificate(self, name: str) -> Path:
        """The certificate of the `server` or the `client`."""
        return self.folder / f"{name}.pem"

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    @classmethod
    def made(cls, folder: Path) -> Certificates:
        """Makes all of them, in place of those of an earlier run."""
        folder.mkdir(parents=True, exist_ok=True)
        found = cls(folder)
        found._make("ca", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign")
        for name in "server", "client":
            found._make(
                name, "basicConstraints=critical,CA:FALSE", f"extendedKeyUsage={name}Auth",
                "subjectAltName=IP:127.0.0.1",
            )  # fmt: skip
        return found

    def _make(self, name: str, *extensions: str) -> None:
        issuer = [] if name == "ca" else ["-CA", str(self.ca), "-CAkey", str(self.key("ca"))]
        subprocess.run(
            ["openssl", "req", "-x509", *_KEY, "-days", DAYS, "-subj", f"/CN=Benchmark {name}",
             "-keyout", str(self.key(name)), "-out", str(self.certificate(name)), *issuer,
             *(word for extension in extensions for word in ("-addext", extension))],
            stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60,
        )  # fmt: skip

    def options(self, name: str) -> list[str]:
        """The options of echoscpd and echobench that name the files of the `server` or the `client`."""
        return [
            "--tls-ca-certificates", str(self.ca),
            "--tls-certificate", str(self.certificate(name)),
            "--tls-private-key", str(self.key(name)),
        ]  # fmt: skip

    def context(self) -> ssl.SSLContext:
        """A client with the load's certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.ca)
        context.load_cert_chain(self.certificate("client"), self.key("client"))
        return context
