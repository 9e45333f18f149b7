import Linux
import UpperLayer
import Verification

/// Rehearses a script: plays the conversation in pieces, whole and byte by byte, as far as the effort
/// goes, and checks what must hold for any conversation.
public struct Rehearsal {
  /// A violation of something that must always hold.
  public struct Violation: Error, CustomStringConvertible {
    /// A description of the violation.
    public let description: String
  }

  /// The result of a conversation.
  private struct Outcome: Equatable {
    var reply: [UInt8] = []
    var events: [Overseer.Event] = []
    var state = AcceptorState.awaitingRequest
    var waiting = Connection.Waiting.request
    var kept: [UInt8] = []
  }

  /// The most received bytes for which a conversation is also played byte by byte.
  private static let longestByteByByte = 1024
  /// The size of a reply buffer above the minimum, in bytes.
  private static let wideReply = 2 * Connection.replyReserve

  private let script: Script
  private let received: [UInt8]

  private init(_ script: Script) {
    self.script = script
    received = script.steps.flatMap { step -> [UInt8] in
      if case .send(let bytes) = step { bytes } else { [] }
    }
  }

  /// Rehearses `script`, at least in pieces.
  public static func check(_ script: Script, _ effort: Effort = .full) throws(Violation) {
    let rehearsal = Rehearsal(script)
    let (inPieces, host) = try rehearsal.play(
      script.steps, isCramped: script.isCramped, readsRecords: effort.includes(.shownRecords))
    try rehearsal.checkReply(inPieces.reply, host)
    let joined = joined(script.steps)
    if effort.includes(.whole) {
      let (whole, _) = try rehearsal.play(joined, isCramped: !script.isCramped)
      guard inPieces == whole else { throw Violation(description: "in pieces, the result differs") }
    }
    if effort.includes(.byteByByte), rehearsal.received.count <= longestByteByByte {
      let bytes = joined.flatMap { step in
        if case .send(let bytes) = step { bytes.map { Script.Step.send([$0]) } } else { [step] }
      }
      let (byteByByte, _) = try rehearsal.play(bytes, isCramped: true)
      guard byteByByte == inPieces else { throw Violation(description: "byte by byte, it differs") }
    }
  }

  private static func joined(_ steps: [Script.Step]) -> [Script.Step] {
    var joined: [Script.Step] = []
    var bytes: [UInt8] = []
    for step in steps {
      if case .send(let more) = step {
        bytes += more
        continue
      }
      if !bytes.isEmpty { joined.append(.send(bytes)) }
      bytes = []
      joined.append(step)
    }
    if !bytes.isEmpty { joined.append(.send(bytes)) }
    return joined
  }

  private func play(
    _ steps: [Script.Step], isCramped: Bool, readsRecords: Bool = false
  ) throws(Violation) -> (Outcome, Overseer) {
    let user = EchoSCP<Overseer>(
      aeTitle: .named("ECHOSCP"), requiresCalledAETitle: script.requiresCalledAETitle,
      preference: script.preference, maximumLength: script.maximumLength)
    var loop = VirtualLoop(
      user: user, host: Overseer(hasRoom: script.hasRoom, readsRecords: readsRecords),
      replyRoom: isCramped ? Connection.replyReserve : Self.wideReply,
      pdusAtOnce: isCramped ? 1 : .max)
    var outcome = Outcome()
    var count = 0
    for step in steps {
      let before = loop.state
      let reply: [UInt8]
      switch step {
      case .send(let bytes):
        reply = loop.receive(bytes)
        count += bytes.count
        try demand(
          loop.kept.isEmpty || loop.state == .awaitingClose || loop.connection.awaitsRest,
          "keeps bytes without need")
        try demand(
          loop.kept.count <= Self.mostKept(in: loop.state), "keeps \(loop.kept.count) bytes")
      case .artimExpired: reply = loop.artimExpired()
      case .transportClosed: reply = loop.transportClosed()
      case .abort(let reason): reply = loop.abort(because: reason)
      }
      if let violation = loop.host.violation { throw Violation(description: violation) }
      try demand(loop.state == loop.host.state, "the state is not the reported one")
      try demand(Self.follows(loop.state, before), "\(loop.state) after \(before)")
      try demand(before != .idle || reply.isEmpty, "sends something in Sta1")
      if case .transportClosed = step {
        try demand(loop.state == .idle && reply.isEmpty, "survives the transport connection")
      }
      outcome.reply += reply
      // One A-ASSOCIATE-AC; after it, the longest answer relative to its request is that to a
      // C-ECHO-RQ of 36 bytes, in 39 fragments.
      try demand(outcome.reply.count <= 10 << 10 + 16 * count, "the answers are too long")
    }
    outcome.events = loop.host.events
    outcome.state = loop.state
    outcome.waiting = loop.connection.waiting
    outcome.kept = loop.kept
    return (outcome, loop.host)
  }

  /// Whether Table 9-10 has a path from `before` to `state`.
  private static func follows(_ state: AcceptorState, _ before: AcceptorState) -> Bool {
    switch before {
    case .awaitingRequest: true
    case .established: state != .awaitingRequest
    case .awaitingClose: state == .awaitingClose || state == .idle
    case .idle: state == .idle
    }
  }

  /// The most bytes that a connection asks to keep: the body of a request; a command set with the
  /// header of its next fragment; an A-ABORT without its last byte.
  private static func mostKept(in state: AcceptorState) -> Int {
    switch state {
    case .awaitingRequest: Int(AssociateRequest.maximumLength)
    case .established: Int(Association.maximumCommandLength) + 10
    case .awaitingClose: 9
    case .idle: 0
    }
  }

  /// Decodes the whole reply and compares it with the events reported to the host.
  private func checkReply(_ reply: [UInt8], _ host: Overseer) throws(Violation) {
    let pdus: [AcceptorPDU]
    do throws(AcceptorPDUDecoder.Fault) {
      pdus = try AcceptorPDUDecoder.decode(reply)
    } catch {
      throw Violation(description: "\(error)")
    }
    var told = host.events.filter(Self.isAnswered)[...]
    var message: [UInt8] = []
    for pdu in pdus {
      if case .data(_, let isLast, let fragment) = pdu {
        let longest = host.peerMaximumLength == 0 ? 84 : Int(host.peerMaximumLength)
        try demand(fragment.count + 6 <= longest, "a P-DATA-TF longer than allowed")
        message += fragment
        if !isLast { continue }
      }
      guard let event = told.popFirst() else {
        throw Violation(description: "sends more than it reports")
      }
      try demand(matches(pdu, event, message), "\(pdu) does not match \(event)")
      message = []
    }
    try demand(told.isEmpty && message.isEmpty, "reports more than it sends")
  }

  /// Whether the acceptor sends a PDU or message for `event`.
  private static func isAnswered(_ event: Overseer.Event) -> Bool {
    switch event {
    case .accepted, .rejected, .released, .aborting, .echo: true
    case .requested, .abortReceived, .transportClosed, .artimExpired, .cancel, .refused: false
    }
  }

  private func matches(_ pdu: AcceptorPDU, _ event: Overseer.Event, _ message: [UInt8]) -> Bool {
    switch (pdu, event) {
    case (.associateAccept(let acceptance), .accepted(let outcome)):
      acceptance.maximumLength == script.maximumLength
        && acceptance.repeatedFields[...] == received.dropFirst(10).prefix(64)
        && acceptance.contexts.count { $0.result == 0 } == outcome.accepted
        && acceptance.contexts.count { $0.result == 3 } == outcome.abstractSyntaxNotSupported
        && acceptance.contexts.count { $0.result == 4 } == outcome.transferSyntaxesNotSupported
    case (.associateReject(let result, let source, let reason), .rejected(let rejection)):
      rejection.pdu == AssociateReject(result: result, source: source, reason: reason)
    case (.data, .echo(let id)):
      message == Wire.echoResponseCommand(messageID: Int(id))
    case (.releaseReply, .released): true
    case (.abort(let source, let reason), .aborting(_, let abort)):
      abort == Abort(source: source, reason: reason)
    default: false
    }
  }

  private func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Violation) {
    guard condition else { throw Violation(description: what()) }
  }
}
