import Settings
import TestKit
import UpperLayer
import Verification

/// What the acceptor does, found by letting something happen to one: nothing that the conformance
/// statement says of an answer is merely said.
enum Trial {
  /// A message that every trial sends has this Message ID.
  static let messageID = 7

  /// The acceptor that nobody has configured, but for what is given.
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

  /// The bytes that `acceptor` sends while `act` happens on a connection with it.
  static func bytes(
    _ acceptor: EchoSCP<Recorder> = acceptor(), host: Recorder = Recorder(),
    _ act: (inout VirtualLoop<Recorder>) -> [UInt8]
  ) -> [UInt8] {
    var loop = VirtualLoop(user: acceptor, host: host)
    return act(&loop)
  }

  /// The PDUs that it sends; nothing when they are none of the standard's.
  static func answer(
    _ acceptor: EchoSCP<Recorder> = acceptor(), host: Recorder = Recorder(),
    _ act: (inout VirtualLoop<Recorder>) -> [UInt8]
  ) -> [AcceptorPDU] {
    (try? AcceptorPDUDecoder.decode(bytes(acceptor, host: host, act))) ?? []
  }

  /// The PDUs that it sends when these arrive, the first of them an A-ASSOCIATE-RQ.
  static func answer(to pdus: [UInt8]...) -> [AcceptorPDU] {
    answer { loop in loop.receive(pdus.flatMap { $0 }) }
  }

  /// The result and the transfer syntax of the one presentation context that is proposed.
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

  /// The fragments of messages among `pdus`, put together.
  static func commandSet(in pdus: [AcceptorPDU]) -> [UInt8] {
    var commandSet: [UInt8] = []
    for case .data(_, _, let fragment) in pdus { commandSet += fragment }
    return commandSet
  }

  /// What is answered to a command set on a presentation context that was accepted, in words.
  static func answer(toCommandSet commandSet: [UInt8]) -> String {
    let pdus = answer(to: Wire.associateRequest(), Wire.data(Wire.pdv(1, 3, commandSet)))
    return pdus.count < 2 ? "nothing" : pdus.dropFirst().map(\.title).joined(separator: ", ")
  }
}
