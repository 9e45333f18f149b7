import TestKit
import Testing

@testable import Ledger
@testable import Log
@testable import LogTests

/// The facts of a record, from its fields.
@Suite struct JournalRecordTests {
  private static let examples = CatalogID.allCases.flatMap(EventExamples.examples)

  @Test("Of every record that the service writes, all facts are read", arguments: examples)
  func everyEvent(example: EventExample) {
    let record = Samples.record(
      example.fields.map { "\($0.name)=\($0.value)" }, withEvidence: true)
    func text(_ field: JournalField) -> String? { texts(field).first }
    func texts(_ field: JournalField) -> [String] {
      example.fields.filter { $0.name == field.rawValue }.map(\.value)
    }
    func number(_ field: JournalField) -> UInt64? { text(field).flatMap { UInt64($0) } }
    #expect(record.catalogID == example.event.catalogID)
    #expect(record.priority == example.priority.rawValue)
    #expect(record.message == text(.message)?.split(separator: "\n").first.map { String($0) })
    #expect(record.callingAE == text(.callingAE) && record.calledAE == text(.calledAE))
    #expect(record.address == text(.peerAddress))
    #expect(record.implementation == text(.peerImplementation))
    #expect(record.product == text(.peerProduct))
    #expect(record.association == text(.association))
    #expect(record.tlsVersion == text(.tlsVersion))
    #expect(record.reason == text(.reason) && record.cause == text(.cause))
    #expect(record.cause == example.event.cause)
    #expect(record.notes == texts(.notes))
    #expect(record.echoes == number(.echoes) && record.duration == number(.duration))
    #expect(record.repeated == number(.repeated) && record.addresses == number(.addresses))
    #expect(record.evidence == text(.pdu))
    var service = ServiceFields()
    (service.version, service.logLevel) = (text(.version), text(.logLevel))
    (service.aeTitle, service.certificate) = (text(.aeTitle), text(.tlsSubject))
    (service.listeners, service.tlsListeners) = (texts(.listeners), texts(.tlsListeners))
    service.proxyListeners = texts(.proxyListeners)
    service.arePassed = text(.sockets) == "passed"
    service.certificateDays = text(.tlsDays).flatMap { Int($0) }
    #expect(record.service == service)
  }

  @Test("The bytes of a refused request are kept only if the reader asks for them")
  func evidence() {
    let field = "DICOM_PDU=0100"
    #expect(Samples.record([field]).evidence == nil)
    #expect(Samples.record([field], withEvidence: true).evidence == "0100")
    let long = Samples.record(
      ["DICOM_PDU=\(String(repeating: "0", count: 40_000))"], withEvidence: true)
    #expect(long.evidence?.utf8.count == 2 * RefusedPDU.longestRequest)
  }

  @Test(
    "A field that is not well-formed, empty, of journald or unknown changes nothing",
    arguments: [
      "", "=", "MESSAGE", "=text", "MESSAGE=", "DICOM_CALLING_AE=", "ECHOSCP_CAUSE=",
      "ECHOSCP_NOTES=", "_MESSAGE=text", "_SYSTEMD_UNIT=echoscpd.service", "MESSAGE_=text",
      "message=text", " MESSAGE=text", "DICOM_CALLING_AE =CT1", "UNKNOWN=1", "PRIORITY=8",
      "PRIORITY=-1", "PRIORITY=x", "MESSAGE_ID=d590f812", "DICOM_ECHOES=x", "DICOM_ECHOES=-1",
      "DICOM_ECHOES=1.5", "DICOM_ECHOES=18446744073709551616", "ECHOSCP_REPEATED=1e3",
      "ECHOSCP_ADDRESSES=", "ECHOSCP_TLS_DAYS=9223372036854775807",
      "ECHOSCP_TLS_DAYS=x", "MESSAGE_ID=\(String(repeating: "g", count: 32))",
      "MESSAGE_ID=\(String(repeating: "0", count: 32))", "SYSLOG_IDENTIFIER=echoscpd",
      "\(String(repeating: "A", count: 65))=x", String(repeating: "A", count: 100_000),
    ])
  func ignored(field: String) {
    let record = Samples.record([field])
    let other = Samples.record([])
    #expect("\(record)" == "\(other)")
  }

  @Test("Numbers up to the largest are read")
  func numbers() {
    let record = Samples.record([
      "DICOM_ECHOES=18446744073709551615", "ECHOSCP_REPEATED=0", "ECHOSCP_TLS_DAYS=-2147483648",
      "PRIORITY=0",
    ])
    #expect(record.echoes == .max && record.repeated == 0 && record.count == 0)
    #expect(record.service.certificateDays == -2_147_483_648 && record.priority == 0)
  }

  @Test("A number of a kind of record may have letters of either case")
  func upperCase() {
    let number = CatalogID.calledAETitle.number.uppercased()
    #expect(Samples.record(["MESSAGE_ID=\(number)"]).catalogID == .calledAETitle)
  }

  @Test("Of a message of several lines, the first is kept")
  func severalLines() {
    #expect(Samples.record(["MESSAGE=one\ntwo\nthree"]).message == "one")
    #expect(Samples.record(["MESSAGE=\ntwo"]).message == "")
    #expect(Samples.record(["MESSAGE=a=b"]).message == "a=b")
  }

  @Test("No character of a journal controls a terminal, and no byte is lost without a trace")
  func terminal() {
    for (value, shown) in [
      ("\u{1B}[31mred", "\\u{1b}[31mred"), ("a\rb", "a\\u{d}b"), ("\u{7}", "\\u{7}"),
      ("\u{9B}2J", "\\u{9b}2J"), ("\u{202E}abc", "\\u{202e}abc"), ("a\u{2028}b", "a\\u{2028}b"),
      ("\u{0}", "\\u{0}"), ("\\x1b", "\\x1b"), ("Zürich", "Zürich"), ("\u{7F}", "\\u{7f}"),
    ] {
      let record = Samples.record(
        JournalField.allCases.map { "\($0.rawValue)=\(value)" }, withEvidence: true)
      #expect(record.message == shown && record.callingAE == shown && record.address == shown)
      #expect(record.cause == shown && record.notes == [shown] && record.evidence == shown)
      #expect(record.service.aeTitle == shown && record.service.listeners == [shown])
    }
    var record = Samples.record([])
    for bytes in [[0xFF, 0x41, 0xC3], [0xED, 0xA0, 0x80], [0xC3]] as [[UInt8]] {
      let field = Array("DICOM_CALLING_AE=".utf8) + bytes
      record.add(field.span)
      #expect(record.callingAE == String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("Texts are bounded, whatever their length")
  func bounds() {
    for character in ["A", "\u{1B}", "ü", "\u{1F600}"] {
      let value = String(repeating: character, count: 200_000)
      let record = Samples.record(
        JournalField.allCases.map { "\($0.rawValue)=\(value)" }, withEvidence: true)
      #expect("\(record)".utf8.count < 500_000)
      #expect(record.message.utf8.count <= 6 * JournalRecord.longestText)
      #expect(record.callingAE?.utf8.count ?? 0 <= 6 * JournalRecord.longestWord)
    }
  }

  @Test("Of two fields with the same name the last one counts, unless they are a list")
  func twice() {
    let record = Samples.record([
      "DICOM_CALLING_AE=CT1", "ECHOSCP_NOTES=a", "DICOM_CALLING_AE=CT2", "ECHOSCP_NOTES=b",
      "PRIORITY=4", "PRIORITY=none",
    ])
    #expect(record.callingAE == "CT2" && record.notes == ["a", "b"] && record.priority == 4)
    let many = Samples.record((1...65).map { "ECHOSCP_NOTES=\($0)" })
    #expect(many.notes.count == JournalRecord.mostValues && many.notes.last == "64")
  }
}

extension EventExample: CustomTestStringConvertible {
  public var testDescription: String { text }
}
