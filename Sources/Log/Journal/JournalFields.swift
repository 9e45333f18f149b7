import Linux
import UpperLayer
import Verification

/// Renders a record as journal fields (systemd.journal-fields(7)), one for each fact.
///
/// Input from a peer is escaped. Only MESSAGE has more than one line, and no peer can add any.
struct JournalFields: Sendable {
  /// A number that makes those of associations unique across all runs of the program.
  let run: UInt64
  /// Whether dumps of PDUs and messages follow the sentence, as with `-d`.
  let withDumps: Bool

  /// Appends the fields of `record` to `entry` in the journal's native protocol: each as `NAME=value` and a
  /// newline, or with an explicit length if the value has several lines.
  func append(_ record: Record, _ remark: Remark = Remark(), to entry: inout [UInt8]) {
    let event = record.event
    func add(_ field: JournalField, _ value: String?) {
      guard let value, field.carriers.include(event) else { return }
      append(field, value, to: &entry)
    }
    add(.message, message(of: record, remark))
    add(.priority, event.priority(in: .journal).digit)
    add(.messageID, event.catalogID.number)
    add(.identifier, "echoscpd")
    if let subject = record.subject {
      // A record that stands for all titles of an address has no fields about a single requestor.
      let requestor = remark.scope == .title ? subject : nil
      add(.callingAE, requestor?.callingText)
      add(.calledAE, requestor?.calledText)
      add(.peerAddress, subject.peer.address)
      add(.peerPort, requestor.map { "\($0.peer.port)" })
      add(.peerImplementation, requestor?.implementation.text)
      add(.peerProduct, requestor?.implementation.product)
      add(.association, requestor.flatMap { name(ofAssociation: $0.association) })
    }
    if remark.repetitions > 0 {
      add(.echoes, remark.echoes.map { "\($0)" })
    } else if let subject = record.subject, !event.isSum {
      add(.echoes, "\(subject.echoes)")
      add(.duration, "\(record.time &- subject.began)")
    }
    add(.dicomMessageID, event.dicomMessageID.map { "\($0)" })
    add(.reason, event.reason)
    if let refused = record.refused { add(.pdu, refused.text) }
    add(.cause, event.cause)
    // One field per note, so that a query can match each.
    for note in record.notes.names + remark.notes { add(.notes, note) }
    if let service = record.service {
      add(.version, Implementation.version)
      add(.logLevel, service.level.map { "\($0)" })
      add(.aeTitle, service.aeTitle)
      for listener in service.listeners { add(.listeners, listener.text) }
      add(.sockets, service.arePassed ? "passed" : "own")
    }
    let count = remark.count(of: event)
    if remark.repetitions > 0 || count > 1 { add(.repeated, "\(count)") }
    if remark.addresses > 0 { add(.addresses, "\(remark.addresses)") }
    for share in remark.largest { add(.largest, "\(share.address) \(share.count)") }
  }

  /// Appends a field whose value may have several lines.
  private func append(_ field: JournalField, _ value: String, to entry: inout [UInt8]) {
    entry += field.rawValue.utf8
    let bytes = value.utf8.span
    var hasLines = false
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { hasLines = true }
    if hasLines {
      entry.append(UInt8(ascii: "\n"))
      let length = UInt64(bytes.count)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        entry.append(UInt8(truncatingIfNeeded: length >> shift))
      }
    } else {
      entry.append(UInt8(ascii: "="))
    }
    entry += value.utf8
    entry.append(UInt8(ascii: "\n"))
  }

  private func message(of record: Record, _ remark: Remark) -> String {
    var lines =
      [AssociationSummary.text(of: record) + remark.text(for: record)]
      + Sentence.details(of: record)
    if withDumps {
      let step = Step(of: record, withDumps: true)
      lines += step.before + step.behind
    }
    return Self.cut(lines)
  }

  /// The maximum length of a message, in bytes: it keeps an entry below 64 KiB, so that it fits one datagram.
  static let longestMessage = 24 << 10

  /// Returns the lines up to the maximum length, and the number of lines omitted.
  private static func cut(_ lines: [String]) -> String {
    let text = lines.joined(separator: "\n")
    guard text.utf8.count > longestMessage else { return text }
    let kept = text.utf8.prefix(longestMessage).split(separator: UInt8(ascii: "\n")).dropLast()
    let left = lines.count - kept.count
    // If the first line alone is too long, cut within it.
    if kept.isEmpty { return String(decoding: text.utf8.prefix(longestMessage), as: UTF8.self) }
    return kept.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
      + "\n(\(left) more lines omitted here; log-target = stderr shows all of them)"
  }

  private func name(ofAssociation number: UInt64) -> String? {
    if number == 0 { return nil }
    let digits = String(run, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + "\(digits)-\(number)"
  }
}

extension Event {
  /// The Message ID of the message that the event is about.
  var dicomMessageID: UInt16? {
    if case .echo(let messageID, _) = entry.step { messageID } else { nil }
  }

  /// The PDU that rejected or aborted the association, with its result, source and reason, or its source and
  /// reason (PS3.8 §9.3.4, §9.3.8).
  var reason: String? {
    switch entry.step {
    case .rejection(let rejection):
      "A-ASSOCIATE-RJ \(rejection.pdu.result)/\(rejection.pdu.source)/\(rejection.pdu.reason)"
    case .abortReceived(let abort?), .aborting(let abort): "A-ABORT \(abort.source)/\(abort.reason)"
    case .none, .acceptance, .echo, .release, .abortReceived(nil), .connectionLost: nil
    }
  }
}

/// Every field that a record may have in the journal (systemd.journal-fields(7)), in the order in which
/// `JournalFields` writes them. The table in echoscpd-journal(7) is generated from this list, and no other field
/// can be written.
public enum JournalField: String, Sendable, CaseIterable {
  /// The sentence, and any lines that follow it.
  case message = "MESSAGE"
  /// The priority of the record.
  case priority = "PRIORITY"
  /// The number of its ``CatalogID``.
  case messageID = "MESSAGE_ID"
  /// The name of the program.
  case identifier = "SYSLOG_IDENTIFIER"
  /// The calling AE title.
  case callingAE = "DICOM_CALLING_AE"
  /// The called AE title.
  case calledAE = "DICOM_CALLED_AE"
  /// The peer's address.
  case peerAddress = "DICOM_PEER_ADDRESS"
  /// The peer's port.
  case peerPort = "DICOM_PEER_PORT"
  /// The peer's implementation class UID and version name.
  case peerImplementation = "DICOM_PEER_IMPLEMENTATION"
  /// The product to which the class UID belongs.
  case peerProduct = "DICOM_PEER_PRODUCT"
  /// The number of the association, unique across all runs of the program.
  case association = "DICOM_ASSOCIATION"
  /// The number of echoes answered on the association.
  case echoes = "DICOM_ECHOES"
  /// The duration of the association, in milliseconds.
  case duration = "DICOM_DURATION_MSEC"
  /// The Message ID of an echo.
  case dicomMessageID = "DICOM_MESSAGE_ID"
  /// The PDU that rejected or aborted the association, with its reason.
  case reason = "DICOM_REASON"
  /// The refused bytes, in hexadecimal digits.
  case pdu = "DICOM_PDU"
  /// The word for the cause of a failure.
  case cause = "ECHOSCP_CAUSE"
  /// A word for a tolerated deviation.
  case notes = "ECHOSCP_NOTES"
  /// The version of the program.
  case version = "ECHOSCP_VERSION"
  /// The lowest level that is written.
  case logLevel = "ECHOSCP_LOG_LEVEL"
  /// The AE title of the service.
  case aeTitle = "ECHOSCP_AE_TITLE"
  /// An address and port that the service listens on.
  case listeners = "ECHOSCP_LISTENERS"
  /// Whether the listening sockets are the service's own or passed to it.
  case sockets = "ECHOSCP_SOCKETS"
  /// The number of records that the record stands for.
  case repeated = "ECHOSCP_REPEATED"
  /// The number of addresses that these records are about.
  case addresses = "ECHOSCP_ADDRESSES"
  /// One of the addresses with the most records, and their number.
  case largest = "ECHOSCP_LARGEST"

  /// The type of a field's value.
  public enum Kind: String, Sendable {
    /// Characters, on one line in all fields except the message.
    case text
    /// A number in decimal digits.
    case number
    /// Text, with a separate field for each value.
    case list
  }

  /// The type of the value.
  public var kind: Kind {
    switch self {
    case .message, .messageID, .identifier, .callingAE, .calledAE, .peerAddress,
      .peerImplementation, .peerProduct, .association, .reason, .pdu, .cause, .version,
      .logLevel, .aeTitle, .sockets:
      .text
    case .priority, .peerPort, .echoes, .duration, .dicomMessageID, .repeated, .addresses:
      .number
    case .notes, .listeners, .largest: .list
    }
  }

  /// The records that may have the field.
  var carriers: FieldCarriers {
    switch self {
    case .message, .priority, .messageID, .identifier: .every
    case .peerAddress, .peerPort: .device
    case .callingAE, .calledAE, .peerImplementation, .peerProduct, .association, .notes: .request
    case .echoes: .endOrSum
    case .duration: .endOfAssociation
    case .dicomMessageID: .echo
    case .reason: .refusal
    case .pdu: .evidence
    case .cause: .failure
    case .version, .logLevel, .aeTitle, .listeners, .sockets: .service
    case .repeated: .repetition
    case .addresses, .largest: .sum
    }
  }
}

/// The records that may have a field.
public enum FieldCarriers: Sendable, CaseIterable {
  /// All records.
  case every
  /// Records about a device.
  case device
  /// Records about a device that has requested an association.
  case request
  /// Records that end an association.
  case endOfAssociation
  /// Records about one C-ECHO-RQ.
  case echo
  /// Records about a rejection or an abort.
  case refusal
  /// Records about refused bytes.
  case evidence
  /// Records about a failure.
  case failure
  /// Records about a start or a reload of the service.
  case service
  /// Records that stand for several.
  case repetition
  /// Records that sum up a cause.
  case sum
  /// Records that end an association, or sum up several.
  case endOrSum

  /// The records in a few words, for the table in echoscpd-journal(7).
  public var text: String {
    switch self {
    case .every: "all"
    case .device: "about a device"
    case .request: "about a requestor"
    case .endOfAssociation: "that end an association"
    case .echo: "about one C-ECHO-RQ, at debug"
    case .refusal: "about a rejection or an abort"
    case .evidence: "about refused bytes"
    case .failure: "about a failure"
    case .service: "about a start or a reload"
    case .repetition: "that stand for several"
    case .sum: "that sum up a cause"
    case .endOrSum: "that end associations"
    }
  }

  /// Whether a record of `event` may have the field.
  func include(_ event: Event) -> Bool {
    switch self {
    case .every, .repetition: true
    case .device, .request: event.recurrence != .ofService
    case .endOfAssociation: event.endsAnAssociation
    case .endOrSum: event.endsAnAssociation || event.isSum
    case .sum: event.isSum
    case .echo: event.dicomMessageID != nil
    case .refusal: event.reason != nil
    case .evidence: event.isRefusal
    case .failure: event.cause != nil
    case .service: event.describesService
    }
  }
}
