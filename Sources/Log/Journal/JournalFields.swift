import Linux
import UpperLayer
import Verification

/// How a record looks in the journal: its fields (systemd.journal-fields(7)), each fact of its own.
///
/// What comes from a peer is escaped. Only MESSAGE has more than one line, and these are ours.
public struct JournalFields: Sendable {
  /// Makes the numbers of associations unique over all runs of the program.
  private let run: UInt64
  /// Whether what `-d` shows follows the sentence.
  private let withDumps: Bool

  /// The fields of records of the run that has this number.
  ///
  /// - Parameters:
  ///   - run: A random number.
  ///   - withDumps: Whether PDUs and messages are shown behind the sentence.
  public init(run: UInt64, withDumps: Bool) {
    self.run = run
    self.withDumps = withDumps
  }

  /// Appends the fields of `record` to `entry`, as the journal's native protocol has them: each as
  /// `NAME=value` and a newline; of a value of several lines, the length comes first.
  public func append(_ record: Record, _ remark: Remark = Remark(), to entry: inout [UInt8]) {
    let event = record.event
    func add(_ field: JournalField, _ value: String?) {
      guard let value, field.carriers.include(event) else { return }
      append(field, value, to: &entry)
    }
    add(.message, message(of: record, remark))
    add(.priority, event.priority(in: .journal).digit)
    add(.messageID, event.catalogID.rawValue)
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
      [JournalSentence.text(of: record) + remark.text(for: record)] + Sentence.details(of: record)
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
  /// Whether its subject is a peer, and not an address of ours.
  var isAboutAPeer: Bool {
    if case .listening = self { false } else { true }
  }

  /// Whether it may be about bytes that were refused.
  var isRefusal: Bool {
    switch self {
    case .associationRejected, .associationFromElsewhere, .noUsableContext, .aborting,
      .requestIncomplete, .requestTimedOut, .peerReset, .requestRefusedMemory:
      true
    case .started, .listening, .stopping, .stopped, .stoppedAtOnce, .reloaded, .reloadRefused,
      .reloadFailed, .configurationRefused, .listenFailed, .restartNeeded, .socketsOverride,
      .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .outOfDescriptors, .acceptingAgain,
      .acceptFailed, .recordsDropped, .recordsSummed, .addressDenied, .connectionRefused,
      .connectionEvicted, .connectionsEvicted, .connected, .associationAccepted,
      .associationOverLimit, .echoReceived, .cancelReceived, .associationReleased, .abortReceived,
      .healthCheck, .peerVanished, .closeTimedOut, .receiverStalled, .replyLost, .disconnected:
      false
    }
  }

  /// Whether it is about an A-ASSOCIATE-RQ that cannot be read, or did not come whole.
  var isAboutABrokenRequest: Bool {
    switch self {
    case .aborting(_, _, _, let stage), .peerReset(let stage): stage == .awaitingRequest
    case .requestIncomplete, .requestTimedOut: true
    default: false
    }
  }

  /// The Message ID of the message that it is about.
  var dicomMessageID: UInt16? {
    if case .echoReceived(let messageID, _) = self { messageID } else { nil }
  }

  /// The PDU by which an association was refused or aborted, with its reason: result, source and
  /// reason, or source and reason (PS3.8 §9.3.4, §9.3.8).
  var reason: String? {
    switch self {
    case .associationRejected(let rejection, _):
      "A-ASSOCIATE-RJ \(rejection.text)"
    case .associationOverLimit: "A-ASSOCIATE-RJ \(Rejection.localLimitExceeded.text)"
    case .requestRefusedMemory: "A-ASSOCIATE-RJ \(Rejection.temporaryCongestion.text)"
    case .associationFromElsewhere: "A-ASSOCIATE-RJ \(Rejection.callingAETitle.text)"
    case .abortReceived(let abort?, _), .aborting(_, _, let abort, _):
      "A-ABORT \(abort.source)/\(abort.reason)"
    case .started, .listening, .stopping, .stopped, .stoppedAtOnce, .reloaded, .reloadRefused,
      .reloadFailed,
      .configurationRefused, .listenFailed, .restartNeeded,
      .socketsOverride, .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .outOfDescriptors,
      .acceptingAgain, .acceptFailed, .recordsDropped, .recordsSummed, .addressDenied,
      .connectionRefused, .connectionEvicted, .connectionsEvicted, .connected,
      .associationAccepted, .noUsableContext, .echoReceived, .cancelReceived, .associationReleased,
      .abortReceived(nil, _), .healthCheck, .requestIncomplete, .peerVanished, .peerReset,
      .requestTimedOut, .closeTimedOut, .receiverStalled, .replyLost, .disconnected:
      nil
    }
  }
}

extension Rejection {
  /// Result, source and reason, as people write them.
  fileprivate var text: String { "\(pdu.result)/\(pdu.source)/\(pdu.reason)" }
}
