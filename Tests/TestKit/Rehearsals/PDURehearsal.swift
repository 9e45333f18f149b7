import Linux
import UpperLayer
import Verification

/// Rehearses a PDU: compares the results of its decoder with a plain reading of the standard. The first
/// byte is the type, the others the body: that of a P-DATA-TF, an A-ABORT, or for any other type an
/// A-ASSOCIATE-RQ.
public enum PDURehearsal {
  /// Rehearses the PDU `bytes`, which have no length field.
  public static func check(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    let body = Array(bytes.dropFirst())
    switch bytes.first {
    case 4: try checkData(body)
    case 7: try checkAbort(body)
    default: try RequestRehearsal.check(body)
    }
  }

  /// The contexts that ``established()`` accepts.
  private static let contexts: [UInt8] = [1, 3]
  private static let request = Wire.associateRequest(
    contexts: contexts.flatMap { Wire.context(Int($0), Wire.verification, [Wire.implicitLittle]) })

  private static func established() -> VirtualLoop<Overseer> {
    let user = EchoSCP<Overseer>(
      aeTitle: .named("ECHOSCP"), requiresCalledAETitle: false, preference: .none,
      maximumLength: 0)
    var loop = VirtualLoop(user: user, host: Overseer(hasRoom: true, readsRecords: false))
    _ = loop.receive(request)
    return loop
  }

  /// Checks a P-DATA-TF: the answer, the state of the association afterward, and the offset of a fault.
  private static func checkData(_ body: [UInt8]) throws(Rehearsal.Violation) {
    var loop = established()
    let before = loop.host.events.count
    let answer = loop.receive(Wire.pdu(4, body))
    let expected = DataReference(body, contexts: contexts)
    try demand(answer == expected.answer, "answered by \(answer), not \(expected.answer)")
    let rest: (AcceptorState, Connection.Waiting) =
      switch expected.end {
      case .betweenMessages: (.established, .message)
      case .insideMessage: (.established, .restOfMessage)
      case .refused, .malformed: (.awaitingClose, .close)
      }
    try demand(
      (loop.state, loop.connection.waiting) == rest,
      "\(loop.state) waits for \(loop.connection.waiting), not \(rest)")
    let told = loop.host.events.dropFirst(before)
    try demand(
      loop.host.violation == nil && echoes(told) == expected.echoes, "reports \(Array(told))")
    if case .malformed(let offset, let problem) = expected.end {
      let reason = AbortReason.malformedPDU(
        .dataTransfer, Malformed(item: 0, offset: offset, problem))
      try demand(told.last == .aborting(reason, .invalidPDUParameter), "no fault at \(offset)")
    }
  }

  private static func echoes(_ events: ArraySlice<Overseer.Event>) -> [UInt16] {
    events.compactMap { if case .echo(let id) = $0 { id } else { nil } }
  }

  /// Checks an A-ABORT: one of the right length is reported with its two fields, whatever their values.
  private static func checkAbort(_ body: [UInt8]) throws(Rehearsal.Violation) {
    var loop = established()
    let answer = loop.receive(Wire.pdu(7, body))
    try demand(answer.isEmpty && loop.state == .idle, "answers an A-ABORT")
    guard case .abortReceived(let abort) = loop.host.events.last else {
      throw Rehearsal.Violation(description: "does not report an A-ABORT")
    }
    let reserved = [UInt8](repeating: 0, count: 2)
    let again = abort.map { reserved + [$0.source, $0.reason] }
    let expected = body.count == 4 ? reserved + body[2...] : nil
    try demand(again == expected, "the encoded result differs")
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
