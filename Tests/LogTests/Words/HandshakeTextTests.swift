import Linux
import Testing
import UpperLayer

@testable import Log
@testable import TLS

/// Why a TLS handshake failed, with what is known of the session.
@Suite struct HandshakeTextTests {
  /// The text about `fault` in a session, after the peer and the beginning that all have.
  static func text(
    _ fault: HandshakeFault, _ session: SessionFacts? = nil, path: TCPPath = TCPPath(),
    lines: [String] = []
  ) -> String {
    var record = Record(
      .handshakeFailed(fault), about: Subject(peer: modality.peer),
      attachment: .text(AttachedText(lines)))
    record.security = session ?? SessionExamples.session(of: fault)
    var progress = PDUProgress()
    progress.path = path
    record.progress = progress
    let text = Sentence.text(of: record, at: SessionExamples.now)
    #expect(AssociationSummary.text(of: record, at: SessionExamples.now) == text)
    let begin = "192.0.2.7:104: TLS handshake failed: "
    #expect(text.hasPrefix(begin) && !text.contains("\n"))
    return String(text.dropFirst(begin.count))
  }

  @Test(
    "The alert of a device that does not trust this service has its name, its meaning and a remedy")
  func ownCertificate() {
    let issuer = ["CN=Hospital CA"]
    let ours = "this service's certificate (issuer \"CN=Hospital CA\")"
    let texts: [(UInt8, String)] = [
      (
        42,
        "bad_certificate (42): it finds \(ours) or its chain wrong; compare the host name on the device "
          + "with those in tls-certificate, and append the CAs between it and the root to that file"
      ),
      (
        43,
        "unsupported_certificate (43): it does not support \(ours); use another type of key in "
          + "tls-certificate, such as RSA, and one for servers (serverAuth)"
      ),
      (
        44,
        "certificate_revoked (44): it finds \(ours) revoked; get a new one for tls-certificate"
      ),
      (
        45,
        "certificate_expired (45): it finds \(ours) expired; renew tls-certificate, or correct the clock "
          + "of the device"
      ),
      (
        46,
        "certificate_unknown (46): it does not trust \(ours); install the certificate of its CA on the "
          + "device, or see the device's log"
      ),
      (
        48,
        "unknown_ca (48): it does not trust \(ours); install the certificate of its CA on the device, and "
          + "append the CAs between it and the root to tls-certificate"
      ),
      (
        49,
        "access_denied (49): it denies access to this service, although its certificate is valid; enter "
          + "this service among the peers on the device"
      ),
    ]
    for (number, text) in texts {
      #expect(Self.text(.alert(number), lines: issuer) == "sent the alert \(text)")
      #expect(HandshakeFault.alert(number).catalogID == .ownCertificateRefused)
    }
    #expect(Self.text(.alert(48)).contains("trust this service's certificate; "))
  }

  @Test("Any other alert has its name, or its number if it has none, and a remedy")
  func alerts() {
    #expect(
      Self.text(.alert(80))
        == "sent the alert internal_error (80): it failed inside; see the device's log")
    #expect(
      Self.text(.alert(70)).hasPrefix(
        "sent the alert protocol_version (70): it accepts none of the versions of TLS here; "))
    #expect(
      Self.text(.alert(199))
        == "sent the alert 199: it broke off the handshake; see the device's log")
    for number in UInt8.min ... .max {
      let text = Self.text(.alert(number))
      #expect(text.contains("\(number)") && text.contains("; "), "\(text)")
      let isOurs = [42, 43, 44, 45, 46, 48, 49].contains(number)
      #expect(
        HandshakeFault.alert(number).catalogID == (isOurs ? .ownCertificateRefused : .tlsAlert))
    }
  }

  @Test("An incomplete ClientHello is measured, with the evidence that the system gives")
  func incompleteHello() {
    let session = SessionFacts(received: 1388, expected: 1545)
    let size = "only 1,388 of 1,545 bytes of its ClientHello"
    let fallback =
      "; a ClientHello with hybrid key exchange takes more than one packet: look for an MTU problem in a "
      + "VPN, a tunnel or a firewall"
    #expect(Self.text(.timedOut, session) == "acse-timeout: \(size) arrived\(fallback)")
    #expect(
      Self.text(.closed, session) == "closed the connection when \(size) had arrived\(fallback)")
    #expect(
      Self.text(.reset, session) == "reset the connection when \(size) had arrived\(fallback)")
    var path = TCPPath()
    path.segment = 1388
    path.outOfOrder = 1
    #expect(
      Self.text(.timedOut, session, path: path)
        == "acse-timeout: \(size) arrived; large packets seem to be lost on the way (1 segment arrived "
        + "out of order): look for an MTU problem in a VPN, a tunnel or a firewall")
  }

  @Test("The first bytes of a ClientHello alone are no sign of a small MTU")
  func fewBytes() {
    #expect(
      Self.text(.timedOut, SessionFacts(received: 5, expected: 517))
        == "acse-timeout: only 5 of 517 bytes of its ClientHello arrived")
    #expect(
      Self.text(.closed, SessionFacts(received: 1))
        == "closed the connection when only 1 byte of its ClientHello had arrived")
  }

  @Test("Any other fault is told in OpenSSL's words")
  func otherFault() {
    #expect(
      Self.text(.other(OpenSSLError(reason: 123)))
        == "bad signature; see the device's log, and update its software if this repeats")
  }

  @Test("Each fault is in the table of events, except the one that only a client meets")
  func everyFault() {
    #expect(Set(EventTable.faults.map { number($0.fault) }) == Set(1...12))
    #expect(Self.text(.notTLS) == "sent something other than TLS")
    #expect(HandshakeFault.notTLS.catalogID == .tlsError)
  }

  /// Returns a number for each fault. Without a `default`, a new one must be entered in the table.
  private func number(_ fault: HandshakeFault) -> Int {
    switch fault {
    case .certificate: 1
    case .chainTooLong: 2
    case .noCommonCipher: 3
    case .versionTooOld: 4
    case .noCommonGroup: 5
    case .noCommonSignatureAlgorithm: 6
    case .noCommonApplicationProtocol: 7
    case .alert: 8
    case .closed: 9
    case .reset: 10
    case .timedOut: 11
    case .other: 12
    case .notTLS: 0
    }
  }

  @Test("A failure after the handshake is one of the connection")
  func afterTheHandshake() {
    var record = Record(.handshakeFailed(.alert(80)), about: modality)
    record.security = SessionExamples.session()
    #expect(
      record.sentence.hasPrefix(
        "MODALITY1 at 192.0.2.7:104: TLS connection failed: sent the alert internal_error (80): "))
  }

  @Test("A complete session is described by what was agreed")
  func secured() {
    var record = Record(.secured, about: Subject(peer: modality.peer))
    record.security = SessionExamples.session(
      hello: SessionExamples.hello(versions: [0x0304], serverName: "pacs.example"))
    #expect(
      record.sentence
        == "192.0.2.7:104: TLS handshake complete: TLS 1.3, TLS_AES_256_GCM_SHA384, x25519, ALPN dicom, "
        + "server name pacs.example, certificate CN=CT1")
    record.security = SessionFacts(version: "TLSv1.2", cipherSuite: "X")
    #expect(
      record.sentence
        == "192.0.2.7:104: TLS handshake complete: TLS 1.2, X, no certificate")
  }

  @Test("A device with another certificate is told which one came")
  func anotherCertificate() {
    func text(_ session: SessionFacts?) -> String {
      var record = Record(
        .certificateOfAnother, about: modality,
        attachment: .text(AttachedText(["cn:MR1, dns:mr1.hospital.example"])))
      record.security = session
      return record.sentence
    }
    let begin =
      "MODALITY1 at 192.0.2.7:104: association rejected: calling AE title \"MODALITY1\" is bound to "
      + "cn:MR1, dns:mr1.hospital.example by [device MODALITY1]; "
    let hash = String(repeating: "3a", count: 32)
    #expect(
      text(SessionExamples.session())
        == "\(begin)it came with CN=CT1, sha256:\(hash): install the right certificate on the device, or "
        + "correct that section")
    #expect(
      text(SessionExamples.session(faults: .untrusted))
        == "\(begin)it came with CN=CT1, sha256:\(hash), whose names do not count, since it is not "
        + "verified: put its CA into tls-ca-certificates, or bind the device to the hash")
    #expect(
      text(SessionExamples.session([]))
        == "\(begin)it sent no certificate: install that one on the device"
    )
    #expect(text(nil) == "\(begin)it came without TLS: enable TLS on the device")
  }

  @Test("A warning about the service's certificate names its subject")
  func ownSubject() {
    let record = Record(
      .certificateRemark(.expires(days: 7)), about: nil,
      attachment: .text(AttachedText(["CN=mypacs.example"])))
    #expect(
      record.sentence
        == "this service's certificate CN=mypacs.example expires in 7 days: devices will refuse it then; "
        + "renew tls-certificate, and run systemctl reload echoscpd")
  }

  @Test("The files that cannot be used are listed below the error")
  func unavailable() {
    let record = Record(
      .tlsUnavailable, about: nil, attachment: .text(AttachedText(["a.pem: Permission denied"])))
    #expect(
      TerminalLines(level: .error).lines(of: record)
        == "E: TLS is not in service, since its files cannot be used; correct them, and run systemctl "
        + "reload echoscpd\nE: a.pem: Permission denied\n")
  }
}
