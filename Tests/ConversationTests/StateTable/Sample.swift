import TestKit
import UpperLayer
import Verification

/// An event that can happen to an acceptor, as an example of its kind in a row of PS3.8 Table 9-10.
struct Sample: Sendable {
  /// The kind of event.
  enum Kind: Sendable {
    case unexpected(PDUType)
    case request([UInt8])
    case fragment(isPending: Bool, [UInt8])
    case releaseRequest
    case abort(Abort?)
    case transportClosed
    case artimExpired
    case invalid(AbortReason)
    case abortWanted(AbortReason)
  }

  /// What sets the sample apart from the first of its row; empty for the first.
  let name: String
  let kind: Kind
  /// How many more associations are allowed when the event happens.
  var room = 1
  /// The events before this one.
  var before: [Kind] = []
  /// The states in which the event can happen.
  var states = AcceptorState.allCases
  /// Why the result differs from the standard's table, or is not in it.
  var why = ""

  /// Makes the event happen to `acceptor`.
  func happen(
    to acceptor: inout Acceptor, _ user: EchoSCP<Recorder>, _ host: inout Recorder,
    _ reply: inout OutputSpan<UInt8>
  ) {
    Self.handle(kind, &acceptor, user, &host, &reply)
  }

  /// Makes an event of `kind` happen to `acceptor`.
  static func handle(
    _ kind: Kind, _ acceptor: inout Acceptor, _ user: EchoSCP<Recorder>, _ host: inout Recorder,
    _ reply: inout OutputSpan<UInt8>
  ) {
    switch kind {
    case .unexpected(let type):
      acceptor.handle(.unexpected(type), for: user, host: &host, reply: &reply)
    case .request(let pdu):
      guard let request = try? AssociateRequest(pdu.span.extracting(droppingFirst: 6)) else {
        preconditionFailure("the sample is not a valid A-ASSOCIATE-RQ")
      }
      acceptor.handle(request, for: user, host: &host, reply: &reply)
    case .fragment(let isPending, let pdv):
      let header = PDV(pdv.span, at: 0)
      if isPending {
        acceptor.handle(.dataPending(header, assembled: 0), for: user, host: &host, reply: &reply)
      } else {
        acceptor.handle(
          header, pdv.span.extracting(droppingFirst: PDV.headerSize), for: user,
          host: &host, reply: &reply)
      }
    case .releaseRequest:
      acceptor.handle(.releaseRequest, for: user, host: &host, reply: &reply)
    case .abort(let abort):
      acceptor.handle(.abort(abort), for: user, host: &host, reply: &reply)
    case .transportClosed:
      acceptor.handle(.transportClosed, for: user, host: &host, reply: &reply)
    case .artimExpired:
      acceptor.handle(.artimExpired, for: user, host: &host, reply: &reply)
    case .invalid(let reason):
      acceptor.handle(.invalid(reason), for: user, host: &host, reply: &reply)
    case .abortWanted(let reason):
      acceptor.handle(.abortWanted(reason), for: user, host: &host, reply: &reply)
    }
  }
}
