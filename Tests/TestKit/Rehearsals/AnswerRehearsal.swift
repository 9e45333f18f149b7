import Linux
import Requestor
import UpperLayer

/// Rehearses the answers of an SCP: the requestor receives them whole, byte by byte and in pieces, and
/// the rehearsal checks what must hold for any answers.
///
/// The first byte chooses the proposal, the second the sizes of the pieces; the rest is what the SCP
/// sends before it closes the connection.
public enum AnswerRehearsal {
  /// The most bytes ever kept: an incomplete A-ASSOCIATE-AC, or a command set with the PDV that
  /// continues it.
  private static let mostKept =
    PDUType.headerSize + max(Int(AnswerReader.longestAccept), 2 * AnswerReader.longestCommandSet)
  private static let maximumLengths: [UInt32] = [16382, 0, 16, 128]
  private static let preferences: [TransferSyntaxPreference] = [
    .none, .uncompressed, .little, .implicit,
  ]

  /// The results for one way of receiving the answers.
  private struct Outcome {
    var events: [EchoSCU.Event] = []
    var output: [UInt8] = []
    var incomplete: IncompletePDU?
  }

  /// Rehearses the input `bytes`.
  public static func check(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    guard bytes.count >= 2 else { return }
    let proposal = EchoProposal(
      called: .named("ANY-SCP"), calling: .named("ECHOSCPD"),
      transferSyntaxes: EchoProposal.transferSyntaxes(by: preferences[Int(bytes[0] >> 2 & 3)]),
      maximumLength: maximumLengths[Int(bytes[0] & 3)],
      implementation: ImplementationItems(classUID: "1.2.3.4", versionName: "REQUESTOR_1"))
    let stream = Array(bytes[2...])
    let whole = try outcome(of: stream, proposal) { stream.count }
    try checkOrder(whole, of: stream)
    try checkOutput(whole)
    var random = Random(seed: UInt64(bytes[1]))
    let pieces = try outcome(of: stream, proposal) { 1 + random.next(below: 100) }
    let single = try outcome(of: stream, proposal) { 1 }
    for other in [pieces, single] {
      try checkOutput(other)
      try demand(alike(whole, other), "whole \(whole.events), in pieces \(other.events)")
    }
    try checkRecognition(stream, proposal)
  }

  private static func outcome(
    of stream: [UInt8], _ proposal: EchoProposal, by size: () -> Int
  ) throws(Rehearsal.Violation) -> Outcome {
    var scu = EchoSCU(proposal)
    var outcome = Outcome(output: scu.takeOutput())
    var rest = stream[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(size()))
      rest = rest.dropFirst(piece.count)
      let wasClosed = scu.state == .closed
      let events = scu.receive(piece.span)
      let output = scu.takeOutput()
      try demand(!wasClosed || events.isEmpty && output.isEmpty, "something follows the end")
      try demand(scu.keptCount <= mostKept, "keeps \(scu.keptCount) bytes")
      outcome.events += events
      outcome.output += output
    }
    let isOpen = scu.state != .closed
    let event = scu.end()
    try demand(isOpen == (event != nil), "the end is reported twice or never")
    outcome.events += [event].compactMap { $0 }
    try demand(scu.state == .closed && scu.takeOutput().isEmpty, "does not end")
    outcome.incomplete = scu.incomplete
    return outcome
  }

  /// Whether two outcomes are the same, apart from how many bytes of a foreign protocol they show.
  private static func alike(_ one: Outcome, _ other: Outcome) -> Bool {
    switch (one.events.last, other.events.last) {
    case (.failed(.foreign)?, .failed(.foreign)?): one.events.count == other.events.count
    case (.failed(.closed)?, .failed(.closed)?):
      one.events == other.events && one.incomplete == other.incomplete
    default: one.events == other.events
    }
  }

  /// Checks that the events are in order and match the PDUs of `stream`.
  private static func checkOrder(
    _ outcome: Outcome, of stream: [UInt8]
  ) throws(Rehearsal.Violation) {
    let names = outcome.events.map { event in
      switch event {
      case .accepted: "a"
      case .echoed: "e"
      case .released: "r"
      case .failed: "f"
      }
    }.joined()
    try demand(["f", "af", "aef", "aer"].contains(names), "\(outcome.events)")
    let (types, isWhole) = pdus(in: stream)
    var rest = types[...]
    if names.hasPrefix("a") { try demand(rest.popFirst() == 2, "accepted without A-ASSOCIATE-AC") }
    let data = rest.prefix { $0 == 4 }
    rest = rest.dropFirst(data.count)
    if names.hasPrefix("ae") { try demand(!data.isEmpty || !isWhole, "echoed without a P-DATA-TF") }
    switch outcome.events.last {
    case .released?:
      if rest.first == 5 { rest.removeFirst() }
      try demand(rest.first == 6, "released by \(types)")
    case .failed(.rejected)?:
      try demand(types.first == 3, "rejected by \(types)")
    case .failed(.releaseRequested)?:
      try demand(names == "af" && rest.first == 5, "asked for a release by \(types)")
    case .failed(.aborted)?:
      if names == "aef", rest.first == 5 { rest.removeFirst() }
      try demand(rest.first == 7, "aborted by \(types)")
    case .failed(.closed)?:
      if let pdu = outcome.incomplete, pdu.firstByte != nil {
        try demand(!isWhole && pdu.expected == 0 || pdu.received < pdu.expected, "\(pdu)")
      } else {
        try demand(isWhole, "does not report an end in the middle of a PDU")
      }
    case .failed(.foreign)?:
      try demand(names == "f", "a foreign protocol after an answer")
    case .failed(.wrong)?, .accepted?, .echoed?, nil:
      break
    }
  }

  /// Checks that the requestor sends its PDUs in order, none too long, and an A-ABORT when required.
  private static func checkOutput(_ outcome: Outcome) throws(Rehearsal.Violation) {
    let (types, isWhole) = pdus(in: outcome.output)
    try demand(isWhole && types.first == 1, "sends \(types)")
    try demand(types == types.sorted(), "sends \(types)")
    let other = types.filter { $0 != 4 }
    try demand(Set(other).count == other.count, "repeats a PDU")
    if case .accepted(let acceptance)? = outcome.events.first, acceptance.maximumLength != 0 {
      let longest = longestData(in: outcome.output)
      try demand(longest <= Int(acceptance.maximumLength), "\(longest) bytes in a P-DATA-TF")
    }
    let abort: Abort? =
      switch outcome.events.last {
      case .failed(.wrong(let objection))?: objection.abort
      case .failed(.foreign)? where types.last == 7: .unrecognizedPDU
      default: nil
      }
    if let abort {
      try demand(outcome.output.suffix(2) == [abort.source, abort.reason], "not \(abort)")
    }
    try demand((types.last == 7) == (abort != nil), "\(types) for \(outcome.events)")
  }

  /// Checks that recognizing earlier answers changes nothing: a reader that knows right answers gives the
  /// same results as one that knows none.
  private static func checkRecognition(
    _ stream: [UInt8], _ proposal: EchoProposal
  ) throws(Rehearsal.Violation) {
    var knowing = AnswerReader(to: proposal)
    let known = Wire.associateAccept() + response(1)
    var offset = 0
    var part = AnswerReader.Part()
    _ = knowing.next(known, known.count, at: &offset, due: .accept, &part)
    _ = knowing.next(known, known.count, at: &offset, due: .echo(1), &part)
    var fresh = AnswerReader(to: proposal)
    for due in [AnswerReader.Due.accept, .echo(1), .echo(2), .release, .nothing] {
      var (one, other) = (0, 0)
      var (ours, theirs) = (AnswerReader.Part(), AnswerReader.Part())
      let first = fresh.next(stream, stream.count, at: &one, due: due, &ours)
      let second = knowing.next(stream, stream.count, at: &other, due: due, &theirs)
      try demand(first == second, "\(first) without recognition, \(second) with it")
      if first == .right { try demand(one == other, "takes \(one) or \(other) bytes") }
    }
  }

  private static func response(_ messageID: Int) -> [UInt8] {
    Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: messageID)))
  }

  /// The types of the PDUs in `bytes`, divided by their lengths alone, and whether nothing is left over.
  private static func pdus(in bytes: [UInt8]) -> (types: [UInt8], isWhole: Bool) {
    var types: [UInt8] = []
    var rest = bytes[...]
    while rest.count >= PDUType.headerSize {
      let length = length(rest)
      guard rest.count >= PDUType.headerSize + length else { break }
      types.append(rest[rest.startIndex])
      rest = rest.dropFirst(PDUType.headerSize + length)
    }
    return (types, rest.isEmpty)
  }

  private static func longestData(in bytes: [UInt8]) -> Int {
    var longest = 0
    var rest = bytes[...]
    while rest.count >= PDUType.headerSize {
      let length = length(rest)
      if rest.first == 4 { longest = max(longest, length) }
      rest = rest.dropFirst(PDUType.headerSize + length)
    }
    return longest
  }

  private static func length(_ pdu: ArraySlice<UInt8>) -> Int {
    pdu.dropFirst(2).prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
