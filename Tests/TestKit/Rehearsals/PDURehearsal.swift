import Linux
import UpperLayer
import Verification

/// A PDU rehearsed: what a decoder makes of it is held against a plain reading of the standard. The
/// first byte is its type, the others are what follows the header: an A-ASSOCIATE-RQ, unless it is
/// one of those that an established association takes.
public enum PDURehearsal {
  /// Rehearses the PDU `bytes`, which have no length of their own.
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

  /// A P-DATA-TF: all that is answered, where the association then rests, and where a fault is.
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
      loop.host.violation == nil && echoes(told) == expected.echoes, "told of \(Array(told))")
    if case .malformed(let offset, let problem) = expected.end {
      let fault = AbortReason.malformedPDU(
        .dataTransfer, Malformed(item: 0, offset: offset, problem))
      try demand(told.last == .aborting(fault, .invalidPDUParameter), "no fault at \(offset)")
    }
  }

  private static func echoes(_ events: ArraySlice<Overseer.Event>) -> [UInt16] {
    events.compactMap { if case .echo(let id) = $0 { id } else { nil } }
  }

  /// An A-ABORT: its two fields are told, whatever they are, when it is as long as one has to be.
  private static func checkAbort(_ body: [UInt8]) throws(Rehearsal.Violation) {
    var loop = established()
    let answer = loop.receive(Wire.pdu(7, body))
    try demand(answer.isEmpty && loop.state == .idle, "an A-ABORT is answered")
    guard case .abortReceived(let abort) = loop.host.events.last else {
      throw Rehearsal.Violation(description: "an A-ABORT is not told")
    }
    let reserved = [UInt8](repeating: 0, count: 2)
    let again = abort.map { reserved + [$0.source, $0.reason] }
    let expected = body.count == 4 ? reserved + body[2...] : nil
    try demand(again == expected, "written out again it differs")
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
