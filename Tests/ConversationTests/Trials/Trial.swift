import Settings
import TestKit
import Testing
import UpperLayer
import Verification

/// Trials of the acceptor: the conformance statement's claims about its answers are results of trials, not just
/// words.
enum Trial {
  /// The Message ID of the messages in every trial.
  static let messageID = 7

  /// Returns an acceptor with default settings, apart from the arguments.
  static func acceptor(
    requiresCalledAETitle: Bool = false, callingAETitles: [String] = [],
    preference: TransferSyntaxPreference = .none
  ) -> EchoSCP<Recorder> {
    let settings = Settings()
    return EchoSCP(
      aeTitle: settings.aeTitle, requiresCalledAETitle: requiresCalledAETitle,
      callingAETitles: callingAETitles.compactMap { AETitlePattern($0) }, preference: preference,
      maximumLength: settings.maxPdu)
  }

  /// Returns the bytes that `acceptor` sends while `act` happens on a connection with it.
  static func bytes(
    _ acceptor: EchoSCP<Recorder> = acceptor(), host: Recorder = Recorder(),
    _ act: (inout VirtualLoop<Recorder>) -> [UInt8]
  ) -> [UInt8] {
    var loop = VirtualLoop(user: acceptor, host: host)
    return act(&loop)
  }

  /// Returns the PDUs that `acceptor` sends. Bytes that do not conform to the standard are a failure of the test.
  static func answer(
    _ acceptor: EchoSCP<Recorder> = acceptor(), host: Recorder = Recorder(),
    _ act: (inout VirtualLoop<Recorder>) -> [UInt8]
  ) -> [AcceptorPDU] {
    do {
      return try AcceptorPDUDecoder.decode(bytes(acceptor, host: host, act))
    } catch {
      Issue.record(error, "the acceptor sends something that is not a PDU")
      return []
    }
  }

  /// Returns the PDUs that a default acceptor sends when `pdus` arrive, the first of them an A-ASSOCIATE-RQ.
  static func answer(to pdus: [UInt8]...) -> [AcceptorPDU] {
    answer { loop in loop.receive(pdus.flatMap { $0 }) }
  }

  /// Returns the result and the transfer syntax of the only proposed presentation context.
  static func contextResult(
    _ abstractSyntax: String, _ transferSyntaxes: [String],
    preference: TransferSyntaxPreference = .none
  ) -> AcceptorPDU.ContextResult? {
    let request = Wire.associateRequest(
      contexts: Wire.context(1, abstractSyntax, transferSyntaxes))
    let pdus = answer(acceptor(preference: preference)) { $0.receive(request) }
    guard case .associateAccept(let acceptance)? = pdus.first else { return nil }
    return acceptance.contexts.first
  }

  /// Returns the message fragments in `pdus`, put together.
  static func commandSet(in pdus: [AcceptorPDU]) -> [UInt8] {
    var commandSet: [UInt8] = []
    for case .data(_, _, let fragment) in pdus { commandSet += fragment }
    return commandSet
  }

  /// Returns the answer to a command set on an accepted presentation context, in words.
  static func answer(toCommandSet commandSet: [UInt8]) -> String {
    let pdus = answer(to: Wire.associateRequest(), Wire.data(Wire.pdv(1, 3, commandSet)))
    return pdus.count < 2 ? "nothing" : pdus.dropFirst().map(\.title).joined(separator: ", ")
  }

  /// Returns the answer to a command without a data set, in words.
  static func answer(toCommand field: UInt16) -> String {
    let commandSet = Wire.commandSet(
      Wire.element(0x0002, Array(Wire.verification.utf8) + [0]),
      Wire.element(0x0100, Wire.le16(Int(field))), Wire.element(0x0110, Wire.le16(messageID)),
      Wire.element(0x0800, Wire.le16(0x0101)))
    let answer = answer(toCommandSet: commandSet)
    let response = Wire.echoResponseCommand(messageID: messageID)
    let pdus = Self.answer(to: Wire.associateRequest(), Wire.data(Wire.pdv(1, 3, commandSet)))
    return Self.commandSet(in: pdus) == response ? "C-ECHO-RSP, status 0000H (Success)" : answer
  }
}
