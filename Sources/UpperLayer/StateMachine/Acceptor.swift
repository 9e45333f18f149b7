/// The acceptor's half of the Upper Layer protocol machine (PS3.8 §9.2).
///
/// Each state holds the data that exists only in it, and each transition consumes the old state: a path
/// without a next state does not compile, and neither does a state that omits an event. Timers belong to
/// states, not to actions: ARTIM runs in Sta2 and Sta13, the network and DIMSE timers in Sta6. The trailing
/// comments name the actions of Table 9-10.
// swift-format-ignore
public enum Acceptor: ~Copyable {
  case awaitingRequest                   // Sta2
  case established(Association)          // Sta6
  case awaitingClose(abortRepeated: Bool)  // Sta13
  case idle                              // Sta1

  /// Moves to the next state, appends the PDUs for the peer to `reply`, and notifies the `host`.
  @inline(never)  // inlined, it consumes `self` in a way that makes the Swift 6.3 optimizer fail
  public mutating func handle<User: ServiceUser & ~Copyable>(
    _ event: borrowing AcceptorEvent, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    switch consume self {
    case .awaitingRequest:
      switch event {
      case .unexpected(let type):
        self = Self.refuse(.unexpectedPDU(type), host: &host, reply: &reply)             // AA-1
      case .invalid(let reason), .abortWanted(let reason):
        self = Self.refuse(reason, host: &host, reply: &reply)                           // AA-1
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
        if let reason = association.abortReason(for: pdv, assembled: assembled) {
          self = Self.abort(reason, host: &host, reply: &reply)                          // AA-1
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
      case .invalid(let reason):
        self = Self.abort(reason, host: &host, reply: &reply)                            // AA-8
      case .abortWanted(let reason):
        self = Self.abort(reason, host: &host, reply: &reply)                            // AA-1
      case .artimExpired:
        self = .established(association)  // not running in Sta6: the cell is empty
      }
    case .awaitingClose(let abortRepeated):
      switch event {
      case .unexpected(.associateRequest):
        self = Self.repeatAbort(
          .unexpectedPDU(.associateRequest), unless: abortRepeated, &host, reply: &reply) // AA-7
      case .invalid(let reason):
        self = Self.repeatAbort(reason, unless: abortRepeated, &host, reply: &reply)     // AA-7
      case .dataPending, .releaseRequest, .unexpected:
        self = .awaitingClose(abortRepeated: abortRepeated)                              // AA-6
      case .abortWanted:
        self = .awaitingClose(abortRepeated: abortRepeated)  // already ending
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
  /// Handles Evt6, a well-formed A-ASSOCIATE-RQ.
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

  /// Handles Evt10, a PDV of a P-DATA-TF, which is processed PDV by PDV and never held whole.
  ///
  /// - Parameter commandSet: The command set of the message, up to and including this fragment.
  public mutating func handle<User: ServiceUser & ~Copyable>(
    _ pdv: PDV, _ commandSet: Span<UInt8>, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    switch consume self {
    case .awaitingRequest:
      self = Self.refuse(.unexpectedPDU(.dataTransfer), host: &host, reply: &reply)      // AA-1
    case .established(var association):
      if let reason = association.deliver(pdv, commandSet, to: user, host: &host, reply: &reply) {
        self = Self.abort(reason, host: &host, reply: &reply)                            // AA-1
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

/// The states in which an acceptor of the Verification SOP Class can rest (PS3.8 §9.2.1).
///
/// It answers at once, so Sta3 and Sta8 begin and end within one call; it never requests a release, so Sta7
/// and Sta9 to Sta12 cannot occur; Sta4 and Sta5 belong to a requestor.
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

/// An event of an acceptor: one of PS3.8 Table 9-10, or one of two of our own.
///
/// A well-formed A-ASSOCIATE-RQ (Evt6) and a PDV (Evt10) are passed to the acceptor directly.
public enum AcceptorEvent {
  /// Evt10, begun: the header of a PDV in a message of which `assembled` bytes have arrived, handled before
  /// its fragment is complete so that the acceptor does not wait for a fragment it cannot accept.
  case dataPending(PDV, assembled: Int)
  /// Evt12: A-RELEASE-RQ.
  case releaseRequest
  /// Evt16: A-ABORT, or `nil` if it has the wrong length or is incomplete.
  case abort(Abort?)
  /// Evt3, Evt4, Evt6, Evt10, Evt12 or Evt13, by its header alone: a PDU that is not allowed in this state.
  case unexpected(PDUType)
  /// Evt19: an unrecognized or invalid PDU.
  case invalid(AbortReason)
  /// Evt17: transport connection closed.
  case transportClosed
  /// Evt18: the ARTIM timer expired.
  case artimExpired
  /// Evt15, raised by the acceptor itself, which ends the association for this reason.
  case abortWanted(AbortReason)
}

extension PDUType {
  /// Whether a PDU of this type is expected in `state` (PS3.8 Table 9-10).
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
  /// Handles an event after which all further input is ignored.
  ///
  /// An A-ABORT of which only the header has arrived counts as one, and is not answered with another.
  mutating func end<User: ServiceUser & ~Copyable>(
    by event: borrowing AcceptorEvent, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    if case .whole(.abort, _) = framing {
      acceptor.handle(.abort(nil), for: user, host: &host, reply: &reply)
    } else {
      acceptor.handle(event, for: user, host: &host, reply: &reply)
    }
    // ARTIM does not run in Sta6: if it expires there, nothing changes.
    guard state != .established else { return }
    framing = .lost
    assembled = 0
    hasPartialPDU = false
  }
}
