import TestKit
import Testing
import Verification

@testable import Log
@testable import UpperLayer

/// Records in the journal, field by field.
@Suite struct JournalFieldsTests {
  private let journal = JournalFields(run: 0xBEEF, withDumps: false)

  @Test("A successful association is one record, with all that is known of it")
  func success() throws {
    var subject = modality
    subject.echoes = 3
    subject.association = 17
    subject.began = 1000
    subject.implementation = try Association.implementation(Array("1.2.3".utf8), Array("V1".utf8))
    var record = Record(
      .associationReleased([.calledAETitleDiffers, .itemOrder], .echoed, by: acceptor),
      about: subject)
    record.time = 1214
    #expect(
      journal.fields(of: record) == [
        "MESSAGE=MODALITY1 at 192.0.2.7:104 called OTHER_SCP: 3 echoes in 0.214 s, association "
          + "released; a strict archive will refuse this device: it calls OTHER_SCP, this is "
          + "ECHOSCP; tolerated: called-ae-title-differs, item-order",
        "PRIORITY=6", "MESSAGE_ID=\(CatalogID.associationReleased.number)",
        "SYSLOG_IDENTIFIER=echoscpd", "DICOM_CALLING_AE=MODALITY1", "DICOM_CALLED_AE=OTHER_SCP",
        "DICOM_PEER_ADDRESS=192.0.2.7", "DICOM_PEER_PORT=104",
        "DICOM_PEER_IMPLEMENTATION=1.2.3 V1", "DICOM_ASSOCIATION=000000000000beef-17",
        "DICOM_ECHOES=3", "DICOM_DURATION_MSEC=214",
        "ECHOSCP_NOTES=called-ae-title-differs", "ECHOSCP_NOTES=item-order",
      ])
  }

  @Test("A rejection has the fields of its answer and its cause")
  func rejection() {
    var subject = modality
    subject.association = 1
    let event = Event.associationRejected(.calledAETitle, by: AETitle("ECHOSCP")!)
    let fields = journal.fields(of: Record(event, about: subject))
    #expect(fields.contains("PRIORITY=4"))
    #expect(fields.contains("DICOM_REASON=A-ASSOCIATE-RJ 1/1/7"))
    #expect(fields.contains("ECHOSCP_CAUSE=called-ae-title"))
    #expect(fields.contains("MESSAGE_ID=\(CatalogID.calledAETitle.number)"))
  }

  @Test("An abort has its source and reason, whichever side sent it")
  func aborts() {
    for (event, reason) in [
      (Event.abortReceived(.invalidPDUParameter, .echoed), "A-ABORT 2/6"),
      (.abortReceived(.serviceUser, .established), "A-ABORT 0/0"),
      (
        .aborting(.idleAssociation(milliseconds: 60_000), nil, .serviceUser, .echoed), "A-ABORT 0/0"
      ),
      (
        .aborting(
          .pduTooLong(.dataTransfer, length: 2, limit: 1), nil, .invalidPDUParameter,
          .echoed), "A-ABORT 2/6"
      ),
      (.abortReceived(nil, .echoed), nil), (.peerReset(.echoed), nil),
    ] {
      let fields = values("DICOM_REASON", Record(event, about: modality))
      #expect(fields == [reason].compactMap { $0 })
    }
  }

  @Test("Every record that ends an association, and no other, has its echoes and duration")
  func ends() {
    var subject = modality
    subject.echoes = 2
    subject.association = 1
    subject.began = 5000
    let sentenceOfAnEnd = /(C-ECHO-RQ|echoes) in \d/
    for event in EventTable.rows.map(\.event) + [
      .receiverStalled(.silent, .unusable), .receiverStalled(.silent, .awaitingClose),
      .replyLost(.awaitingClose),
    ] {
      var record = Record(event, about: subject)
      record.time = 67_345
      let ends = [values("DICOM_ECHOES", record), values("DICOM_DURATION_MSEC", record)]
      #expect(ends == (event.endsAnAssociation ? [["2"], ["62345"]] : [[], []]), "\(event)")
      // A record that states them in its text has the fields too.
      if AssociationSummary.text(of: record).contains(sentenceOfAnEnd) {
        #expect(event.endsAnAssociation)
      }
    }
    let isEnd = [Stage.awaitingRequest, .established, .unusable, .echoed, .awaitingClose].map {
      Event.receiverStalled(.silent, $0).endsAnAssociation && Event.replyLost($0).endsAnAssociation
    }
    #expect(isEnd == [false, true, true, true, false])
  }

  @Test("A record that stands for several does not report the echoes of one as their sum")
  func repeatedEnds() {
    var remark = Remark()
    remark.repetitions = 3
    var entry: [UInt8] = []
    journal.append(Record(.peerVanished(.echoed), about: modality), remark, to: &entry)
    let names = NativeEntry.fields(of: entry).map { $0.prefix { $0 != "=" } }
    #expect(names.contains("ECHOSCP_REPEATED"))
    #expect(!names.contains("DICOM_ECHOES") && !names.contains("DICOM_DURATION_MSEC"))
  }

  @Test("An echo at debug has its Message ID, and its dump after the sentence")
  func echo() {
    let record = Record(.echoReceived(messageID: 7, contextID: 1), about: modality)
    #expect(values("DICOM_MESSAGE_ID", record) == ["7"])
    #expect(values("PRIORITY", record) == ["7"])
    let sentence = "MODALITY1 at 192.0.2.7:104 called OTHER_SCP: C-ECHO-RQ 7 answered"
    #expect(values("MESSAGE", record) == [sentence])
    let shown = JournalFields(run: 1, withDumps: true).fields(of: record)
    let dump = DumpText.echoRequest(messageID: 7, contextID: 1)
    #expect(dump.count > 3)
    #expect(shown.first == "MESSAGE=" + ([sentence] + dump).joined(separator: "\n"))
    #expect(shown.dropFirst() == journal.fields(of: record).dropFirst())
  }

  @Test("At debug a rejected request is shown before its answer")
  func dumps() throws {
    let pdus = try #require(Association.pdus(Association.request(negotiating: [])))
    let record = Record(
      .associationRejected(.callingAETitle, by: AETitle("ECHOSCP")!), about: modality,
      attachment: .pdus(pdus))
    let shown = JournalFields(run: 1, withDumps: true).fields(of: record)
    let lines =
      [AssociationSummary.text(of: record)] + DumpText.request(pdus)
      + DumpText.reject(.callingAETitle)
    #expect(shown.first == "MESSAGE=" + lines.joined(separator: "\n"))
    #expect(values("MESSAGE", record) == [AssociationSummary.text(of: record)])
  }

  @Test("The message about a refused reload has a line for each error")
  func diagnostics() {
    let faults = ["a:1: port: wrong", "a:2: b: unknown\nkey"]
    let record = Record(
      .reloadRefused, about: nil, attachment: .text(AttachedText(faults)))
    #expect(
      values("MESSAGE", record) == [
        "\(Sentence.text(of: record))\na:1: port: wrong\na:2: b: unknown\\u{a}key"
      ])
    #expect(values("ECHOSCP_CAUSE", record) == ["config-invalid"])
    #expect(values("PRIORITY", record) == ["3"])
  }

  @Test("Only the records of a start and a reload describe the service")
  func service() {
    let own = Subject(peer: modality.peer).peer
    let facts = ServiceFacts(
      level: .warning, aeTitle: "MY PACS", listeners: [own, own], arePassed: false,
      tls: ServiceFacts.TLS(subject: "CN=mypacs.example", days: -3), tlsListeners: [own])
    for event in EventTable.rows.map(\.event) {
      let record = Record(event, about: nil, attachment: .service(facts))
      let fields = journal.fields(of: record).filter {
        $0.hasPrefix("ECHOSCP_") && !$0.hasPrefix("ECHOSCP_CAUSE=")
          && !$0.hasPrefix("ECHOSCP_NOTES=") && !$0.hasPrefix("ECHOSCP_REPEATED=")
      }
      let isTold =
        switch event {
        case .started, .reloaded: true
        default: false
        }
      #expect(
        fields
          == (isTold
            ? [
              "ECHOSCP_VERSION=\(Implementation.version)", "ECHOSCP_LOG_LEVEL=warning",
              "ECHOSCP_AE_TITLE=MY PACS", "ECHOSCP_LISTENERS=192.0.2.7:104",
              "ECHOSCP_LISTENERS=192.0.2.7:104",
              "ECHOSCP_TLS_LISTENERS=192.0.2.7:104", "ECHOSCP_SOCKETS=own",
              "ECHOSCP_TLS_SUBJECT=CN=mypacs.example", "ECHOSCP_TLS_DAYS=-3",
            ] : []),
        "\(event)")
      #expect(
        event.isWritten(downTo: .critical, in: .journal)
          == (isTold || event.priority(in: .journal) == .critical))
      #expect(
        event.isWritten(downTo: .critical, in: .terminal)
          == (event.priority(in: .terminal) == .critical))
    }
    #expect(Attachment.service(facts).size == 0)
  }

  @Test("A listening address is not a peer")
  func listening() {
    let record = Record(.listening, about: Subject(peer: modality.peer))
    #expect(
      journal.fields(of: record) == [
        "MESSAGE=listening on 192.0.2.7:104", "PRIORITY=6",
        "MESSAGE_ID=\(CatalogID.listening.number)", "SYSLOG_IDENTIFIER=echoscpd",
      ])
  }

  /// Whether `event` is about the service rather than a device.
  private static func isOfService(_ event: Event) -> Bool {
    if case .recordsSummed = event { return true }
    if case .tlsUnavailable = event { return true }
    if case .noProxyTrusted = event { return true }
    return switch event.catalogID {
    case .started, .listening, .stopping, .stopped, .reloaded, .restartNeeded, .socketsOverride,
      .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .reloadFailed,
      .listenFailed, .configInvalid, .recordsDropped, .stoppedAtOnce, .certificateExpires:
      true
    default: false
    }
  }

  @Test("Every event has its fields, each only once and on one line", arguments: EventTable.rows)
  func everyEvent(row: Row) {
    let fields = journal.fields(of: Record(row.event, about: modality))
    let names = fields.map { String($0.prefix { $0 != "=" }) }
    #expect(
      names.starts(with: ["MESSAGE", "PRIORITY", "MESSAGE_ID", "SYSLOG_IDENTIFIER"]))
    let isOfPeers = !JournalFieldsTests.isOfService(row.event)
    for name in [
      "DICOM_CALLING_AE", "DICOM_CALLED_AE", "DICOM_PEER_ADDRESS", "DICOM_PEER_PORT",
    ] { #expect(names.contains(name) == isOfPeers) }
    #expect(names.contains("ECHOSCP_CAUSE") == (row.cause != nil))
    let once = names.filter { $0 != "ECHOSCP_NOTES" }
    #expect(Set(once).count == once.count)
    let isEnd = row.event.endsAnAssociation
    #expect(names.contains("DICOM_ECHOES") == isEnd)
    #expect(names.contains("DICOM_DURATION_MSEC") == isEnd)
    for name in names { #expect(JournalField(rawValue: name) != nil, "\(name)") }
    for field in fields {
      #expect(field.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(field)")
      #expect(!field.hasSuffix("="))
    }
  }

  @Test("No input from a peer breaks a field or a terminal that shows it")
  func escaping() throws {
    for byte in UInt8.min ... .max {
      var subject = modality
      subject.association = 1
      let title = AETitle(field: ([0x41, byte, 0x42] + .init(repeating: 0x20, count: 13)).span)
      subject.callingAETitle = title
      subject.calledAETitle = title
      subject.implementation = try Association.implementation([0x41, byte, 0x42], [byte])
      for row in EventTable.rows {
        for field in journal.fields(of: Record(row.event, about: subject)) {
          #expect(field.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(byte): \(field)")
        }
      }
    }
  }

  @Test("Only a message of several lines has an explicit length")
  func nativeProtocol() {
    var entry: [UInt8] = []
    journal.append(Record(.started, about: nil), to: &entry)
    #expect(entry.starts(with: "MESSAGE=echoscpd v".utf8))
    #expect(entry.last == UInt8(ascii: "\n"))
    var long: [UInt8] = []
    let record = Record(.reloadRefused, about: nil, attachment: .text(AttachedText(["a", "b"])))
    journal.append(record, to: &long)
    let message = "\(Sentence.text(of: record))\na\nb"
    let length = [UInt8(message.utf8.count)] + [UInt8](repeating: 0, count: 7)
    #expect(long.starts(with: Array("MESSAGE\n".utf8) + length + message.utf8))
    #expect(long.dropFirst(16 + message.utf8.count).starts(with: "\nPRIORITY=3\n".utf8))
  }

  private func values(_ name: String, _ record: Record) -> [String] {
    journal.fields(of: record).filter { $0.hasPrefix("\(name)=") }
      .map { String($0.dropFirst(name.utf8.count + 1)) }
  }
}

extension JournalFields {
  /// The fields of `record`, each as `NAME=value`.
  func fields(of record: Record) -> [String] {
    var entry: [UInt8] = []
    append(record, to: &entry)
    return NativeEntry.fields(of: entry)
  }
}
