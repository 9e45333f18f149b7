import TestKit

/// The answers of an acceptor, in the words used after `S:`.
struct Transcript {
  /// The values that the reply must repeat or announce.
  struct Expectation: Sendable {
    /// Bytes 11 to 74 of the request.
    var repeatedFields: [UInt8]
    /// The maximum length of the acceptor.
    var maximumLength: UInt32
  }

  /// The answers so far.
  private(set) var answers: [String] = []
  private var message: [UInt8] = []
  private var fragments = 0

  /// The words for `reply`, which must end with a whole message.
  static func words(
    for reply: [UInt8], _ expectation: Expectation
  ) throws(ReadingFault) -> [String] {
    let pdus: [AcceptorPDU]
    do throws(AcceptorPDUDecoder.Fault) {
      pdus = try AcceptorPDUDecoder.decode(reply)
    } catch {
      throw ReadingFault("\(error)")
    }
    var transcript = Transcript()
    for pdu in pdus { try transcript.take(pdu, expectation) }
    guard transcript.fragments == 0 else { throw ReadingFault("the reply ends inside a message") }
    return transcript.answers
  }

  private mutating func take(
    _ pdu: AcceptorPDU, _ expectation: Expectation
  ) throws(ReadingFault) {
    if fragments > 0 {
      guard case .data = pdu else { throw ReadingFault("another PDU interrupts a message") }
    }
    switch pdu {
    case .associateAccept(let acceptance):
      guard acceptance.repeatedFields == expectation.repeatedFields else {
        throw ReadingFault("bytes 11 to 74 are not those of the request")
      }
      guard acceptance.maximumLength == expectation.maximumLength else {
        throw ReadingFault("the maximum length is \(acceptance.maximumLength)")
      }
      answers.append(Self.words(for: acceptance))
    case .associateReject(let result, let source, let reason):
      answers.append("A-ASSOCIATE-RJ \(result)/\(source)/\(reason)")
    case .data(let context, let isLast, let fragment):
      message += fragment
      fragments += 1
      if isLast { try finishMessage(on: context) }
    case .releaseReply:
      answers.append("A-RELEASE-RP")
    case .abort(let source, let reason):
      answers.append("A-ABORT \(source)/\(reason)")
    }
  }

  private mutating func finishMessage(on context: UInt8) throws(ReadingFault) {
    guard message.count == 78 else {
      throw ReadingFault("a response of \(message.count) bytes")
    }
    let id = Int(message[56]) | Int(message[57]) << 8
    guard message == Wire.echoResponseCommand(messageID: id) else {
      throw ReadingFault("a message other than a C-ECHO-RSP with status 0000H")
    }
    let split = fragments == 1 ? "" : " in \(fragments) fragments"
    answers.append("C-ECHO-RSP \(context) id=\(id) status=0000\(split)")
    message = []
    fragments = 0
  }

  private static func words(for acceptance: AcceptorPDU.Acceptance) -> String {
    let results = acceptance.contexts.map { context in
      switch context.result {
      case 0: " \(context.id)=accepted/\(UIDNames.name(context.transferSyntax))"
      case 3: " \(context.id)=abstract-syntax-not-supported"
      default: " \(context.id)=transfer-syntaxes-not-supported"
      }
    }
    return "A-ASSOCIATE-AC" + results.joined()
  }
}
