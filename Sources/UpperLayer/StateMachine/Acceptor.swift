/// The acceptor's half of the Upper Layer protocol machine (PS3.8 §9.2).
///
/// Each state holds what exists only in it, and each transition consumes the old state: a path
/// that does not say what comes next does not compile, and neither does an event forgotten in one
/// of the states. Timers belong to states, not to actions: ARTIM runs in Sta2 and Sta13, the
/// network and DIMSE timers in Sta6. The trailing comments name the cells of Table 9-10.
// swift-format-ignore
public enum Acceptor: ~Copyable {
  case awaitingRequest                   // Sta2
  case established(Association)          // Sta6
  case awaitingClose(abortRepeated: Bool)  // Sta13
  case idle                              // Sta1

  /// Moves to the next state, appends to `reply` what the peer must hear, and tells the `host`.
  @inline(never)  // inlined, its consumption of `self` has the Swift 6.3 optimizer end in an error
  public mutating func handle<User: ServiceUser & ~Copyable>(
    _ event: borrowing AcceptorEvent, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    switch consume self {
    case .awaitingRequest:
      switch event {
      case .unexpected(let type):
        self = Self.refuse(.unexpectedPDU(type), host: &host, reply: &reply)             // AA-1
      case .invalid(let fault), .abortWanted(let fault):
        self = Self.refuse(fault, host: &host, reply: &reply)                            // AA-1
      case .dataPending:
        self = Self.refuse(.unexpectedPDU(.dataTransfer), host: &host, reply: &reply)    // AA-1
      case .releaseRequest:
        self = Self.refuse(.unexpectedPDU(.releaseRequest), host: &host, reply: &reply)  // AA-1
      case .abort(let abort):
        host.abortReceived(abort, in: .awaitingRequest, isInsideMessage: false)
        self = .idle                                                                     // AA-2
      case .artimExpired:
        host.artimExpired(in: .awaitingRequest)
        self = .idle                                                                     // AA-2
      case .transportClosed:
        host.transportClosed(in: .awaitingRequest)
        self = .idle                                                                     // AA-5
      }
    case .established(var association):
      switch event {
      case .dataPending(let pdv, let assembled):
        if let fault = association.abortReason(for: pdv, assembled: assembled) {
          self = Self.abort(fault, host: &host, reply: &reply)                           // AA-1
        } else {
          self = .established(association)                                               // DT-2
        }
      case .releaseRequest:
        if association.isInsideMessage { association.notes.insert(.releaseInsideMessage) }
        host.associationReleased(association.notes)
        reply.appendReleaseReply()
        self = .awaitingClose(abortRepeated: false)                                      // AR-2, AR-4
      case .abort(let abort):
        host.abortReceived(
          abort, in: .established, isInsideMessage: association.isInsideMessage)
        self = .idle                                                                     // AA-3
      case .transportClosed:
        host.transportClosed(in: .established)
        self = .idle                                                                     // AA-4
      case .unexpected(let type):
        self = Self.abort(.unexpectedPDU(type), host: &host, reply: &reply)              // AA-8
      case .invalid(let fault):
        self = Self.abort(fault, host: &host, reply: &reply)                             // AA-8
      case .abortWanted(let fault):
        self = Self.abort(fault, host: &host, reply: &reply)                             // AA-1
      case .artimExpired:
        self = .established(association)  // not running in Sta6: the cell is empty
      }
    case .awaitingClose(let abortRepeated):
      switch event {
      case .unexpected(.associateRequest):
        self = Self.repeatAbort(
          .unexpectedPDU(.associateRequest), unless: abortRepeated, &host, reply: &reply) // AA-7
      case .invalid(let fault):
        self = Self.repeatAbort(fault, unless: abortRepeated, &host, reply: &reply)      // AA-7
      case .dataPending, .releaseRequest, .unexpected:
        self = .awaitingClose(abortRepeated: abortRepeated)                              // AA-6
      case .abortWanted:
        self = .awaitingClose(abortRepeated: abortRepeated)  // ending already
      case .abort(let abort):
        host.abortReceived(abort, in: .awaitingClose, isInsideMessage: false)
        self = .idle                                                                     // AA-2
      case .artimExpired:
        host.artimExpired(in: .awaitingClose)
        self = .idle                                                                     // AA-2
      case .transportClosed:
        host.transportClosed(in: .awaitingClose)
        self = .idle                                                                     // AR-5
      }
    case .idle:
      self = .idle
    }
  }
  /// Evt6, a well-formed A-ASSOCIATE-RQ.
  public mutating func handle<User: ServiceUser & ~Copyable>(
    _ request: borrowing AssociateRequest, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    switch consume self {
    case .awaitingRequest:
      self = Self.respond(to: request, for: user, host: &host, reply: &reply)            // AE-6
    case .established:
      self = Self.abort(.unexpectedPDU(.associateRequest), host: &host, reply: &reply)   // AA-8
    case .awaitingClose(let abortRepeated):
      self = Self.repeatAbort(
        .unexpectedPDU(.associateRequest), unless: abortRepeated, &host, reply: &reply)  // AA-7
    case .idle:
      self = .idle
    }
  }

  /// Evt10, a PDV of a P-DATA-TF, which is taken PDV by PDV and never held whole.
  ///
  /// - Parameter commandSet: Its message's command set up to and with this fragment.
  public mutating func handle<User: ServiceUser & ~Copyable>(
    _ pdv: PDV, _ commandSet: Span<UInt8>, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    switch consume self {
    case .awaitingRequest:
      self = Self.refuse(.unexpectedPDU(.dataTransfer), host: &host, reply: &reply)      // AA-1
    case .established(var association):
      if let fault = association.deliver(pdv, commandSet, to: user, host: &host, reply: &reply) {
        self = Self.abort(fault, host: &host, reply: &reply)                             // AA-1
      } else {
        self = .established(association)                                                 // DT-2
      }
    case .awaitingClose(let abortRepeated):
      self = .awaitingClose(abortRepeated: abortRepeated)                                // AA-6
    case .idle:
      self = .idle
    }
  }
}

/// The states in which an acceptor of the Verification SOP Class can be at rest (PS3.8 §9.2.1).
///
/// It answers in the same breath, so Sta3 and Sta8 begin and end inside one call; it never asks for
/// a release, so Sta7 and Sta9 to Sta12 cannot occur; Sta4 and Sta5 are a requestor's.
public enum AcceptorState: UInt8, Sendable, CaseIterable {
  /// Sta1, Idle.
  case idle = 1
  /// Sta2, Transport connection open, awaiting A-ASSOCIATE-RQ.
  case awaitingRequest = 2
  /// Sta6, Association established and ready for data transfer.
  case established = 6
  /// Sta13, Awaiting transport connection close indication.
  case awaitingClose = 13
}

/// What can happen to an acceptor: the events of PS3.8 Table 9-10, and two of our own. A well-formed
/// A-ASSOCIATE-RQ (Evt6) and a PDV (Evt10) are handed to it as they are.
public enum AcceptorEvent {
  /// Evt10, begun: the header of a PDV of whose message `assembled` bytes are here; its fragment
  /// is still to come, and is not waited for when it could not be taken.
  case dataPending(PDV, assembled: Int)
  /// Evt12: A-RELEASE-RQ.
  case releaseRequest
  /// Evt16: A-ABORT; `nil` when it does not have the length that it should have.
  case abort(Abort?)
  /// Evt3, Evt4, Evt6, Evt10, Evt12 or Evt13 by its header alone: a PDU that has no place now.
  case unexpected(PDUType)
  /// Evt19: an unrecognized or invalid PDU.
  case invalid(AbortReason)
  /// Evt17: transport connection closed.
  case transportClosed
  /// Evt18: the ARTIM timer expired.
  case artimExpired
  /// Evt15 of our own making: the acceptor itself wants to end, for the reason given.
  case abortWanted(AbortReason)
}

extension PDUType {
  /// Whether `state` has a use for a PDU of this type (PS3.8 Table 9-10).
  @inline(__always)
  func isExpected(in state: AcceptorState) -> Bool {
    switch self {
    case .abort: true
    case .associateRequest: state == .awaitingRequest
    case .dataTransfer: state == .established
    case .releaseRequest: state == .established || state == .awaitingClose
    case .releaseReply: state == .awaitingClose
    case .associateAccept, .associateReject: false
    }
  }
}

extension Connection {
  /// After these events nothing that is still to come is looked at. An A-ABORT of which only the
  /// header has come is an A-ABORT, and is not answered by another one.
  mutating func end<User: ServiceUser & ~Copyable>(
    by event: borrowing AcceptorEvent, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    if case .whole(.abort, _) = framing {
      acceptor.handle(.abort(nil), for: user, host: &host, reply: &reply)
    } else {
      acceptor.handle(event, for: user, host: &host, reply: &reply)
    }
    // ARTIM does not run in Sta6: had it expired there, nothing would have happened.
    guard state != .established else { return }
    framing = .lost
    assembled = 0
    hasPartialPDU = false
  }
}
