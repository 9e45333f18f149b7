import UpperLayer

@testable import Log
@testable import TLS

/// The events of TLS, as they read without anything known of the session; `HandshakeTextTests` has the texts with a
/// session.
extension EventTable {
  private static let who = "MODALITY1 at 192.0.2.7:104"

  static let secure =
    [
      Row(
        .secured, .debug, sentence: "\(who): TLS handshake complete"),
      Row(
        .tlsUnavailable, .error, cause: "tls-unavailable",
        "E: TLS is not in service, since its files cannot be used; correct them, and run systemctl reload "
          + "echoscpd"),
      Row(
        .connectionWithoutTLS, cause: "tls-unavailable",
        "W: \(who): connection closed unread: TLS is not in service, since its files cannot be used; "
          + "correct what the service said about them when it started, and run systemctl reload echoscpd"
      ),
      Row(
        .certificateOfAnother, .warning, cause: "certificate-ae-title",
        lines: [
          "I: Rejecting Association", "D: Reject Parameters:",
          "D: ======================= OUTGOING A-ASSOCIATE-RJ PDU ========================",
          "D: Result:    Rejected (Permanent)", "D: Source:    DUL service-user",
          "D: Reason:    Calling AE title not recognised",
          "D: ========================== END A-ASSOCIATE-RJ PDU ==========================",
          "W: \(who): association rejected: calling AE title \"MODALITY1\" is bound to another "
            + "certificate by [device MODALITY1]; it came without TLS: enable TLS on the device",
        ]),
      overLimit(
        .tlsAssociations(2000), cause: "too-many-associations",
        "max-tls-associations (2000) is reached"),
      Row(
        .connectionsEvicted(3, .openings(64)), .warning, cause: "too-many-pending",
        "W: 3 connections without an association closed to make room: 64 TLS connections are without an "
          + "association, the most at once; the last one was from \(who)"),
    ] + handshakes + remarks

  /// A handshake that failed, with its cause and its text: all that a server reports.
  static let faults: [(fault: HandshakeFault, cause: String, text: String)] = [
    (
      .certificate(.missing, code: 0), "certificate-missing",
      "sent no certificate, and tls-client-certificate = require asks for one; give the device one of a "
        + "CA in tls-ca-certificates, or set tls-client-certificate to request"
    ),
    (
      .certificate(.revoked, code: 23), "certificate-revoked",
      "its certificate is revoked by a list in tls-crl; give the device a new one, or get a list without "
        + "it from its CA"
    ),
    (
      .certificate(.untrusted, code: 20), "certificate-untrusted",
      "its certificate is issued by a CA: tls-ca-certificates has no certificate of that issuer; add it "
        + "there, or give the device a certificate of a CA in it"
    ),
    (
      .certificate(.purpose, code: 26), "certificate-purpose",
      "a CA in the chain of its certificate may not issue certificates for clients; have another CA issue "
        + "one for the device"
    ),
    (
      .certificate(.weak, code: 66), "certificate-weak",
      "a key or a signature in the chain of its certificate is too weak: RSA needs at least 2048 bits, a "
        + "signature SHA-256; have its CA issue a new one for the device"
    ),
    (
      .certificate(.expired, code: 10), "certificate-expired",
      "a certificate in the chain of its certificate has expired; give the device a new chain, or "
        + "put the CA's new certificate into tls-ca-certificates"
    ),
    (
      .certificate(.notYetValid, code: 9), "certificate-not-yet-valid",
      "a certificate in the chain of its certificate is not valid yet: usually a wrong clock; check those "
        + "of the device, of this host and of the CA"
    ),
    (
      .certificate(.outdatedList, code: 12), "crl-outdated",
      "its certificate, issued by its CA, cannot be checked: a list in tls-crl has expired; get the CA's "
        + "current list, and reload, or remove tls-crl; the device is not at fault"
    ),
    (
      .certificate(.invalid, code: 7), "certificate-invalid",
      "its certificate is not valid: a signature in its chain is wrong (OpenSSL's error 7); have its CA "
        + "issue a correct one for the device"
    ),
    (
      .chainTooLong, "certificate-invalid",
      "sent more than 32 KiB of certificates; give the device only its own and those of the CAs between "
        + "it and the root"
    ),
    (.noCommonCipher, "no-common-cipher", "no common cipher suite"),
    (.versionTooOld, "tls-too-old", "no common version of TLS"),
    (.noCommonGroup, "no-common-group", "no common group for the key exchange"),
    (
      .noCommonSignatureAlgorithm, "no-common-signature-algorithm",
      "no common signature algorithm"
    ),
    (
      .noCommonApplicationProtocol, "no-common-alpn",
      "no common application protocol (ALPN)"
    ),
    (
      .alert(48), "own-certificate-refused",
      "sent the alert unknown_ca (48): it does not trust this service's certificate; install the "
        + "certificate of its CA on the device, and append the CAs between it and the root to "
        + "tls-certificate"
    ),
    (
      .alert(40), "tls-alert",
      "sent the alert handshake_failure (40): it finds nothing acceptable in what this service offers; "
        + "see the device's log, and compare its TLS settings with those in echoscp.conf(5)"
    ),
    (
      .closed, "handshake-incomplete",
      "closed the connection once it had this service's certificate; if it does not trust that, install the "
        + "certificate of its CA on the device"
    ),
    (
      .reset, "handshake-incomplete",
      "reset the connection once it had this service's certificate; if it does not trust that, install the "
        + "certificate of its CA on the device"
    ),
    (
      .timedOut, "stalled-handshake",
      "acse-timeout: did not continue once it had this service's certificate; if it does not trust that, "
        + "install the certificate of its CA on the device"
    ),
    (
      .other(OpenSSLError(reason: 281)), "tls-error",
      "decryption failed or bad record mac; see the device's log, and update its software if this repeats"
    ),
  ]

  private static let handshakes = faults.map { fault, cause, text in
    Row(
      .handshakeFailed(fault), .warning, cause: cause, "W: \(who): TLS handshake failed: \(text)")
  }

  private static let remarks = [
    remark(
      .expired(daysAgo: 3),
      "expired 3 days ago: devices refuse it; renew tls-certificate, and run systemctl reload echoscpd"
    ),
    remark(
      .expired(daysAgo: 0),
      "expired today: devices refuse it; renew tls-certificate, and run systemctl reload echoscpd"),
    remark(
      .expires(days: 1),
      "expires in 1 day: devices will refuse it then; renew tls-certificate, and run systemctl reload "
        + "echoscpd"),
    remark(
      .expires(days: 0),
      "expires today: devices will refuse it then; renew tls-certificate, and run systemctl reload "
        + "echoscpd"),
    remark(
      .notYetValid,
      "is not valid yet: devices refuse it; check the clock of this host, or wait for its first day"
    ),
    remark(
      .wrongPurpose,
      "is not for servers: devices refuse it; get one whose extended key usage has serverAuth"),
    remark(
      .incompleteChain,
      "comes without the CA that issued it: devices that know only the root CA refuse it; append the "
        + "certificates of the CAs in between to tls-certificate"),
  ]

  private static func remark(_ remark: CertificateRemark, _ text: String) -> Row {
    Row(
      .certificateRemark(remark), .warning, cause: "certificate-expires",
      "W: this service's certificate \(text)")
  }
}
