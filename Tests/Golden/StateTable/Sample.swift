import TestKit
import UpperLayer
import Verification

/// One thing that can happen to an acceptor, standing for all of its kind in a row of Table 9-10.
struct Sample: Sendable {
  /// What happens.
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

  /// What distinguishes it from the others of its row.
  let name: String
  let kind: Kind
  /// How many associations there may be when it happens.
  var room = 1
  /// What happens before it.
  var before: [Kind] = []
  /// The states in which it can happen at all.
  var states = AcceptorState.allCases
  /// Why it fares otherwise than the standard's table says, or than it says anything about.
  var why = ""

  /// Lets it happen to `acceptor`.
  func happen(
    to acceptor: inout Acceptor, _ user: EchoSCP<Recorder>, _ host: inout Recorder,
    _ reply: inout OutputSpan<UInt8>
  ) {
    Self.handle(kind, &acceptor, user, &host, &reply)
  }

  /// Lets `kind` happen to `acceptor`.
  static func handle(
    _ kind: Kind, _ acceptor: inout Acceptor, _ user: EchoSCP<Recorder>, _ host: inout Recorder,
    _ reply: inout OutputSpan<UInt8>
  ) {
    switch kind {
    case .unexpected(let type):
      acceptor.handle(.unexpected(type), for: user, host: &host, reply: &reply)
    case .request(let pdu):
      guard let request = try? AssociateRequest(pdu.span.extracting(droppingFirst: 6)) else {
        preconditionFailure("a sample that is no request")
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
    case .invalid(let fault):
      acceptor.handle(.invalid(fault), for: user, host: &host, reply: &reply)
    case .abortWanted(let fault):
      acceptor.handle(.abortWanted(fault), for: user, host: &host, reply: &reply)
    }
  }
}
