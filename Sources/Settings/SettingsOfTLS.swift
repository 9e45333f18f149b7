/// The rows of the table of settings that are about TLS.
extension Setting {
  /// The settings of DICOM TLS: where to listen, who this service is, and whom it trusts.
  static let tls = [
    Setting(
      "tls-port", .tls, effect: .binding, \.tlsPort, .portsOrNone,
      help: "TCP ports for TLS",
      about: """
        The TCP ports for DICOM TLS, beside those of port; 2762 is its registered port. They accept \
        nothing but TLS, and need tls-certificate and tls-private-key. Each is opened on each address \
        of bind-address. With none, no such port is opened. If systemd passes sockets, as \
        echoscpd-tls.socket does, this setting is ignored: run systemctl edit echoscpd-tls.socket \
        instead. Otherwise a change takes effect after a restart.
        """),
    Setting(
      "tls-certificate", .tls, use: .always, \.tlsCertificate, .file,
      help: "file with my certificate",
      about: """
        The PEM file with the certificate of this service, followed by those of the intermediate CAs \
        above it. With none, there is no TLS. If this file or that of tls-private-key cannot be used \
        when the service starts, it logs an error, serves the other ports, and closes every connection \
        to a TLS port until a reload finds files that can be used. At a reload, a file that cannot be \
        used is an error, and the previous settings stay in force. For --probe, only the option \
        counts: it names the certificate to present to an SCP that asks for one.
        """),
    Setting(
      "tls-private-key", .tls, use: .always, \.tlsPrivateKey, .file,
      help: "file with my private key",
      about: """
        The PEM file with the private key for tls-certificate. It may be the same file. The key must not \
        be encrypted, since nobody is there to type a passphrase, and the user of the service must be \
        able to read it, at a reload as well. For --probe, only the option counts.
        """),
    Setting(
      "tls-ca-certificates", .tls, use: .always, \.tlsCaCertificates, .fileOrDirectory,
      help: "file with CAs to trust",
      about: """
        The file, or the directory of files, with the certificates of the CAs to trust: a client is \
        trusted if one of them has issued its certificate, directly or through intermediate CAs. \
        Clients are told the names of these CAs. With none, no CA is trusted. For --probe, only the \
        option counts: the certificate of the SCP must come from one of these CAs. With none, it must \
        come from a CA that this machine trusts or, for the service on this machine, be its \
        tls-certificate.
        """),
    Setting(
      "tls-device-certificates", .tls, \.tlsDeviceCertificates, .fileOrDirectory,
      help: "file with devices to trust",
      about: """
        The file, or the directory of files, with certificates of single devices, which are often \
        self-signed. A client is trusted if it presents exactly one of them. A certificate that \
        one of them has issued is not trusted. With none, only tls-ca-certificates tells whom to trust.
        """),
    Setting(
      "tls-crl", .tls, use: .always, \.tlsCrl, .fileOrDirectory,
      help: "file with revoked certificates",
      about: """
        The file, or the directory of files, with the certificate revocation lists of the CAs to \
        trust. A certificate on one of them is not valid, and neither is one of a CA whose list is \
        missing or has expired; so replace each list in time, and reload. With none, no revocation is \
        checked. For --probe, only the option counts.
        """),
    Setting(
      "tls-client-certificate", .tls, \.tlsClientCertificate, .clientCertificate,
      help: "ask clients for a certificate",
      about: """
        Whether clients need a certificate. require ends the handshake with a client that has none, or \
        none that is valid, as strict archives do; it needs tls-ca-certificates or \
        tls-device-certificates. request asks for a certificate and verifies it, but refuses nobody \
        because of it, and logs what a strict archive would have refused: this is right for testing. \
        no does not ask for one. A device with a certificate in its section must present it in any case.
        """),
    Setting(
      "tls-min-version", .tls, use: .always, \.tlsMinVersion, .tlsVersion,
      help: "lowest version of TLS",
      about: """
        The lowest version of TLS to accept, 1.2 or 1.3. With 1.3, clients that know only 1.2 are \
        refused. Versions before 1.2 are prohibited by RFC 8996. For --probe, only the option counts.
        """),
    Setting(
      "max-tls-associations", .tls, \.maxTlsAssociations, .number(1...10_000_000),
      help: "TLS associations at once",
      about: """
        The maximum number of associations over TLS at once; further ones are rejected (local limit \
        exceeded). They also count for max-associations. A quiet association over TLS takes up to 27 kB \
        of memory more than another one, so raise MemoryMax= of echoscpd.service together with this \
        setting. Beside them, at most 64 TLS connections at once are in the handshake or have not sent \
        their A-ASSOCIATE-RQ yet; further ones wait.
        """),
  ]
}
