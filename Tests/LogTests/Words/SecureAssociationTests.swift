import Linux
import Testing
import UpperLayer

@testable import Log
@testable import TLS

/// An association over TLS: its summary, its notes and its fields.
@Suite struct SecureAssociationTests {
  private static func record(
    _ session: SessionFacts?, _ event: Event = .associationReleased([], .echoed, by: acceptor)
  ) -> Record {
    var subject = modality
    (subject.echoes, subject.began) = (3, 1000)
    if let session { subject.notes = Notes(session, at: SessionExamples.now) }
    var record = Record(event, about: subject, at: 1214)
    record.security = session
    return record
  }

  private static func text(_ session: SessionFacts?) -> String {
    let text = AssociationSummary.text(of: record(session), at: SessionExamples.now)
    return String(
      text.dropFirst("MODALITY1 at 192.0.2.7:104 called OTHER_SCP: 3 echoes in 0.214 s".count))
  }

  @Test("The summary has the version")
  func version() {
    #expect(Self.text(SessionExamples.session()) == " over TLS 1.3, association released")
    #expect(Self.text(nil) == ", association released")
    let old = SessionExamples.session(version: "TLSv1.2", hello: SessionExamples.hello())
    #expect(Self.text(old) == " over TLS 1.2, association released")
  }

  @Test("The summary says what a strict archive would have refused")
  func faults() {
    let begin = " over TLS 1.3, association released; a strict archive would have refused"
    func text(_ faults: CertificateFaults, _ chain: [CertificateFacts]) -> String {
      Self.text(SessionExamples.session(chain, faults: faults))
    }
    #expect(
      text(.expired, [SessionExamples.certificate(until: -3.5)])
        == "\(begin) its certificate CN=CT1: expired 3 days ago; tolerated: certificate-expired")
    #expect(
      text([.weak, .untrusted], [SessionExamples.certificate(bits: 1024)])
        == "\(begin) its certificate CN=CT1: issued by \"CN=Hospital CA\" that is not in "
        + "tls-ca-certificates, a key of 1024 bits (RSA); tolerated: certificate-untrusted, "
        + "certificate-weak")
    #expect(
      text(.untrusted, [SessionExamples.certificate(selfSigned: true)])
        == "\(begin) its certificate CN=CT1: self-signed and not in tls-device-certificates; tolerated: "
        + "certificate-untrusted")
    #expect(
      text(.missing, []) == "\(begin) it: it sent no certificate; tolerated: certificate-missing")
    #expect(
      text(.purpose, [SessionExamples.certificate(clients: false)])
        == "\(begin) its certificate CN=CT1: only for servers; tolerated: certificate-purpose")
    #expect(
      text(.notYetValid, [SessionExamples.certificate(from: 0.25)])
        == "\(begin) its certificate CN=CT1: not valid before 2026-04-11 14:05 UTC; tolerated: "
        + "certificate-not-yet-valid")
    #expect(
      text([.revoked, .invalid], [SessionExamples.certificate()])
        == "\(begin) its certificate CN=CT1: revoked, not valid; tolerated: certificate-revoked, "
        + "certificate-invalid")
    #expect(
      text(.outdatedList, [SessionExamples.certificate()])
        == " over TLS 1.3, association released; a list in tls-crl is missing or not in force, so nobody "
        + "knows whether it is revoked")
  }

  @Test("After a warning about the titles, the summary says it only of the certificate")
  func further() {
    func text(_ faults: CertificateFaults, _ chain: [CertificateFacts]) -> String {
      let session = SessionExamples.session(chain, faults: faults)
      let event = Event.associationReleased(.calledAETitleDiffers, .echoed, by: acceptor)
      return AssociationSummary.text(of: Self.record(session, event), at: SessionExamples.now)
    }
    let begin =
      "; a strict archive will refuse this device: it calls OTHER_SCP, this is \(acceptor.name)"
    #expect(
      text(.missing, []).hasSuffix(
        "\(begin); also because it sent no certificate; tolerated: called-ae-title-differs, "
          + "certificate-missing"))
    #expect(
      text(.expired, [SessionExamples.certificate(until: -3.5)]).hasSuffix(
        "\(begin); also for its certificate CN=CT1: expired 3 days ago; tolerated: "
          + "called-ae-title-differs, certificate-expired"))
  }

  @Test("A certificate that expires soon is announced, and not among what was tolerated")
  func soon() {
    func text(_ days: Double) -> String {
      Self.text(SessionExamples.session([SessionExamples.certificate(until: days)]))
    }
    let begin = " over TLS 1.3, association released"
    #expect(text(12.5) == "\(begin); its certificate CN=CT1 expires in 12 days")
    #expect(text(1) == "\(begin); its certificate CN=CT1 expires in 1 day")
    #expect(text(0.5) == "\(begin); its certificate CN=CT1 expires within a day")
    #expect(text(30) == begin)
  }

  @Test("The notes on a session are its faults, and what a strict archive will refuse soon")
  func notes() {
    func names(_ session: SessionFacts) -> [String] {
      Notes(session, at: SessionExamples.now).names
    }
    #expect(names(SessionExamples.session()) == [])
    #expect(
      names(
        SessionExamples.session(
          [SessionExamples.certificate(until: 29)], hello: SessionExamples.hello()))
        == ["tls-1.2-only", "certificate-expires-soon"])
    #expect(
      names(SessionExamples.session([SessionExamples.certificate(until: -1)], faults: .expired))
        == ["certificate-expired"])
    for fault in CertificateFault.allCases {
      #expect(Notes(fault.faults) == fault.note ?? [])
    }
    let all = Notes(CertificateFaults(CertificateFault.allCases.map(\.faults)))
    #expect(
      all.names == [
        "certificate-expired", "certificate-not-yet-valid", "certificate-untrusted",
        "certificate-revoked", "certificate-purpose", "certificate-weak", "certificate-missing",
        "certificate-invalid",
      ])
  }

  @Test("A record about a TLS peer has what is known of its session")
  func fields() {
    let journal = JournalFields(run: 1, withDumps: false, now: SessionExamples.now)
    func fields(_ session: SessionFacts?, _ event: Event) -> [String] {
      journal.fields(of: Self.record(session, event)).filter { $0.hasPrefix("DICOM_TLS_") }
    }
    let hello = SessionExamples.hello(serverName: "pacs.example")
    let hash = String(repeating: "3a", count: 32)
    #expect(
      fields(SessionExamples.session(hello: hello), .peerVanished(.echoed)) == [
        "DICOM_TLS_VERSION=TLSv1.3", "DICOM_TLS_CIPHER=TLS_AES_256_GCM_SHA384",
        "DICOM_TLS_GROUP=x25519", "DICOM_TLS_ALPN=dicom", "DICOM_TLS_SERVER_NAME=pacs.example",
        "DICOM_TLS_SUBJECT=CN=CT1", "DICOM_TLS_FINGERPRINT=\(hash)",
      ])
    #expect(
      fields(SessionExamples.session([], version: nil, hello: hello), .handshakeFailed(.closed))
        == [
          "DICOM_TLS_SERVER_NAME=pacs.example"
        ])
    #expect(fields(SessionFacts(), .handshakeFailed(.closed)) == [])
    #expect(fields(nil, .peerVanished(.echoed)) == [])
  }

  @Test("Names that a peer chooses are escaped and bounded in the fields")
  func bounds() {
    let journal = JournalFields(run: 1, withDumps: false, now: SessionExamples.now)
    let long = SessionExamples.certificate(String(repeating: "x", count: 30_000))
    let hello = SessionExamples.hello(serverName: String(repeating: "\n", count: 20_000))
    var record = Record(.handshakeFailed(.certificate(.untrusted, code: 20)), about: modality)
    record.security = SessionExamples.session([long, long], version: nil, hello: hello)
    for field in journal.fields(of: record) {
      #expect(field.utf8.count < 1200 && !field.contains("\n"), "\(field.prefix(40))")
    }
    for byte in UInt8.min ... .max {
      let name = String(decoding: [0x41, byte, 0x42], as: UTF8.self)
      var hello = SessionExamples.hello(alpn: ["x"])
      let (server, alpn): ([UInt8], [UInt8]) = (
        [0, 6, 0, 0, 3, 0x41, byte, 0x42], [0, 4, 3, 0x41, byte, 0x42]
      )
      hello.read(.serverName, server.span)
      hello.read(.applicationProtocols, alpn.span)
      for fault in EventTable.faults.map(\.fault) {
        record = Record(.handshakeFailed(fault), about: modality)
        record.security = SessionExamples.session(
          [SessionExamples.certificate("CN=\(name)", issuer: "CN=\(name)")], version: nil,
          hello: hello)
        for field in journal.fields(of: record) {
          #expect(
            !field.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(field)")
        }
      }
    }
  }

  @Test("A record that stands for other requestors has no fields of one session")
  func sums() {
    var remark = Remark()
    (remark.repetitions, remark.scope) = (3, .address)
    var entry: [UInt8] = []
    JournalFields(run: 1, withDumps: false).append(
      Self.record(SessionExamples.session(), .peerVanished(.echoed)), remark, to: &entry)
    #expect(!String(decoding: entry, as: UTF8.self).contains("DICOM_TLS_"))
  }

  @Test(
    "A record keeps its session when it stands for several, and drops it when there is no memory")
  func memory() {
    let session = SessionExamples.session()
    var record = Self.record(session)
    #expect(record.standing(for: 3).security === session)
    #expect(record.size == session.size && session.size > 100)
    record.dropAttachments()
    #expect(record.security == nil && record.size == 0)
  }
}
