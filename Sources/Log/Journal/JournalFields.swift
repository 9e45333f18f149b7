import Linux
import TLS
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
  /// The time of day, for the dates of certificates.
  var now: WallTime?

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
      // A record that stands for all titles or certificates of an address has no fields about a single requestor.
      let requestor = remark.scope == .title ? subject : nil
      add(.callingAE, requestor?.callingText)
      add(.calledAE, requestor?.calledText)
      add(.peerAddress, subject.peer.address)
      add(.peerPort, requestor.map { "\($0.peer.port)" })
      add(.peerImplementation, requestor?.implementation.text)
      add(.peerProduct, requestor?.implementation.product)
      add(.association, requestor.flatMap { name(ofAssociation: $0.association) })
      if requestor != nil, let security = record.security { addFields(of: security, add) }
      if let relay = record.relay {
        // Over TLS that is passed through, the name in the ClientHello counts.
        if requestor != nil, record.security?.hello?.serverName == nil {
          let name = relay.serverName
          add(.tlsServerName, shown(Escaping.utf8(name.span)))
        }
        add(.proxyAddress, relay.proxy.address)
        let id = relay.uniqueID
        if requestor != nil { add(.proxyID, shown(Escaping.utf8(id.span))) }
      }
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
      for listener in service.tlsListeners { add(.tlsListeners, listener.text) }
      for listener in service.proxyListeners { add(.proxyListeners, listener.text) }
      add(.sockets, service.arePassed ? "passed" : "own")
      add(.tlsSubject, service.tls.flatMap { shown($0.subject) })
      add(.tlsDays, service.tls.map { "\($0.days)" })
    }
    let count = remark.count(of: event)
    if remark.repetitions > 0 || count > 1 { add(.repeated, "\(count)") }
    if remark.addresses > 0 { add(.addresses, "\(remark.addresses)") }
    for share in remark.largest { add(.largest, "\(share.address) \(share.count)") }
  }

  private func addFields(
    of security: SessionFacts, _ add: (JournalField, String?) -> Void
  ) {
    add(.tlsVersion, shown(security.version))
    add(.tlsCipher, shown(security.cipherSuite))
    add(.tlsGroup, shown(security.group))
    add(.tlsALPN, shown(security.applicationProtocol))
    add(.tlsServerName, security.hello?.serverName.flatMap { shown(Escaping.utf8($0.span)) })
    add(.tlsPeerSubject, shown(security.certificate?.subject))
    add(.tlsFingerprint, shown(security.certificate?.fingerprintText))
  }

  /// The largest number of characters of a name.
  private static let longestName = 1024

  /// Text of a peer or of a certificate on one line, not longer than a name may be; `nil` if it is empty.
  private func shown(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return PeerWords.cut(Escaping.line(text), to: Self.longestName)
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
      [AssociationSummary.text(of: record, at: now) + remark.text(for: record)]
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
