import Linux
import UpperLayer
import Verification

/// How a record looks in the journal: its fields (systemd.journal-fields(7)), each fact of its own.
///
/// What comes from a peer is escaped. Only MESSAGE has more than one line, and these are ours.
struct JournalFields: Sendable {
  /// Makes the numbers of associations unique over all runs of the program.
  let run: UInt64
  /// Whether PDUs and messages are shown behind the sentence, as `-d` shows them.
  let withDumps: Bool

  /// Appends the fields of `record` to `entry`, as the journal's native protocol has them: each as
  /// `NAME=value` and a newline; of a value of several lines, the length comes first.
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
      // What stands for all titles of an address says nothing of one.
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
    // One field a note, so that each can be asked for.
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

  /// Appends a field, which may have several lines.
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

  /// How long a message may be, in bytes: an entry has at most 64 KiB, so that it is one datagram.
  static let longestMessage = 24 << 10

  /// The lines up to the longest message, and how many are left out.
  private static func cut(_ lines: [String]) -> String {
    let text = lines.joined(separator: "\n")
    guard text.utf8.count > longestMessage else { return text }
    let kept = text.utf8.prefix(longestMessage).split(separator: UInt8(ascii: "\n")).dropLast()
    let left = lines.count - kept.count
    // A first line that is too long by itself is cut inside.
    if kept.isEmpty { return String(decoding: text.utf8.prefix(longestMessage), as: UTF8.self) }
    return kept.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
      + "\n(\(left) more lines are left out here; log-target = stderr has all of them)"
  }

  private func name(ofAssociation number: UInt64) -> String? {
    if number == 0 { return nil }
    let digits = String(run, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + "\(digits)-\(number)"
  }
}

extension Event {
  /// The Message ID of the message that it is about.
  var dicomMessageID: UInt16? {
    if case .echo(let messageID, _) = entry.step { messageID } else { nil }
  }

  /// The PDU by which an association was refused or aborted, with its reason: result, source and
  /// reason, or source and reason (PS3.8 §9.3.4, §9.3.8).
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
/// `JournalFields` writes them: the table of echoscpd-journal(7) is made from this catalogue, and what
/// is not in it cannot be written.
public enum JournalField: String, Sendable, CaseIterable {
  /// The sentence, and lines below it.
  case message = "MESSAGE"
  /// How grave it is.
  case priority = "PRIORITY"
  /// What it is filed under.
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
  /// The product that these belong to.
  case peerProduct = "DICOM_PEER_PRODUCT"
  /// The number of the association, of all runs of the program.
  case association = "DICOM_ASSOCIATION"
  /// How many echoes were answered on it.
  case echoes = "DICOM_ECHOES"
  /// How long it lasted, in milliseconds.
  case duration = "DICOM_DURATION_MSEC"
  /// The Message ID of one echo.
  case dicomMessageID = "DICOM_MESSAGE_ID"
  /// The PDU that refused or aborted, with its reason.
  case reason = "DICOM_REASON"
  /// The bytes of what was refused, in hexadecimal digits.
  case pdu = "DICOM_PDU"
  /// The word for what went wrong.
  case cause = "ECHOSCP_CAUSE"
  /// A word for what was tolerated.
  case notes = "ECHOSCP_NOTES"
  /// The version of the program.
  case version = "ECHOSCP_VERSION"
  /// The level down to which records are written.
  case logLevel = "ECHOSCP_LOG_LEVEL"
  /// The AE title of the service.
  case aeTitle = "ECHOSCP_AE_TITLE"
  /// An address and port that it listens on.
  case listeners = "ECHOSCP_LISTENERS"
  /// Whose sockets these are.
  case sockets = "ECHOSCP_SOCKETS"
  /// How many records it stands for.
  case repeated = "ECHOSCP_REPEATED"
  /// How many addresses these are about.
  case addresses = "ECHOSCP_ADDRESSES"
  /// An address that most of them are about, and how many.
  case largest = "ECHOSCP_LARGEST"

  /// How the value of a field is to be read.
  public enum Kind: String, Sendable {
    /// Characters, on one line in all fields but the message.
    case text
    /// A number in decimal digits.
    case number
    /// Text, in a field of its own for each of several values.
    case list
  }

  /// How its value is to be read.
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

  /// Which records may have it.
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

/// Which records may have a field.
public enum FieldCarriers: Sendable, CaseIterable {
  /// All of them.
  case every
  /// Those about a device.
  case device
  /// Those about a device that has asked for an association.
  case request
  /// Those that end an association.
  case endOfAssociation
  /// Those of one C-ECHO-RQ.
  case echo
  /// Those that refuse or abort.
  case refusal
  /// Those about refused bytes.
  case evidence
  /// Those of what went wrong.
  case failure
  /// Those of a start or a reload of the service.
  case service
  /// Those that stand for several.
  case repetition
  /// Those that sum up a cause.
  case sum
  /// Those that end an association, or sum several of them up.
  case endOrSum

  /// Which records these are, in a few words.
  public var text: String {
    switch self {
    case .every: "all"
    case .device: "about a device"
    case .request: "about a device that has asked"
    case .endOfAssociation: "that end an association"
    case .echo: "of one C-ECHO-RQ, at debug"
    case .refusal: "that refuse or abort"
    case .evidence: "about refused bytes"
    case .failure: "of what went wrong"
    case .service: "of a start or a reload"
    case .repetition: "that stand for several"
    case .sum: "that sum up a cause"
    case .endOrSum: "that end associations"
    }
  }

  /// Whether a record of `event` may be one of them.
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
