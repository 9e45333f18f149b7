/// The actions of the acceptor that take more than a line (PS3.8 Tables 9-6 to 9-9).
extension Acceptor {
  /// The state it is in.
  public var state: AcceptorState {
    switch self {
    case .awaitingRequest: .awaitingRequest
    case .established: .established
    case .awaitingClose: .awaitingClose
    case .idle: .idle
    }
  }

  /// The largest PDU-length of a P-DATA-TF that the association announced; 0 is no limit.
  var maximumLength: UInt32 {
    switch self {
    case .established(let association): association.maximumLength
    case .awaitingRequest: 0
    case .awaitingClose: 0
    case .idle: 0
    }
  }

  /// Adds to what was tolerated on the association, if there is one.
  @inline(never)
  mutating func note(_ notes: Notes) {
    switch consume self {
    case .established(var association):
      association.notes.formUnion(notes)
      self = .established(association)
    case .awaitingRequest: self = .awaitingRequest
    case .awaitingClose(let abortRepeated): self = .awaitingClose(abortRepeated: abortRepeated)
    case .idle: self = .idle
    }
  }

  /// AE-6, then Sta3 with AE-7 or AE-8: the answer to an A-ASSOCIATE-RQ. The first reason to
  /// reject is the one that is sent: version, then the user's own, then the local limit.
  static func respond<User: ServiceUser & ~Copyable>(
    to request: borrowing AssociateRequest, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    host.associationRequested(request)
    guard request.isVersionSupported else {
      host.refuses(request)
      return reject(.protocolVersion, host: &host, reply: &reply)
    }
    if let rejection = user.rejection(of: request, host: &host) {
      host.refuses(request)
      return reject(rejection, host: &host, reply: &reply)
    }
    guard host.admitAssociation() else {
      return reject(.localLimitExceeded, host: &host, reply: &reply)
    }
    do throws(Malformed) {
      var outcome = NegotiationOutcome()
      let start = reply.count
      let association = try Association.accept(
        request, user: user, outcome: &outcome, reply: &reply)
      host.associationAccepted(
        request, outcome, accept: reply.span.extracting(droppingFirst: start))
      return .established(association)
    } catch {
      host.refuses(request)
      return refuse(.malformedPDU(.associateRequest, error), host: &host, reply: &reply)
    }
  }

  /// AE-8, or the rejection of AE-6: A-ASSOCIATE-RJ.
  @inline(never)
  static func reject<Host: UpperLayerHost>(
    _ rejection: Rejection, host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    host.associationRejected(rejection)
    reply.append(rejection)
    return .awaitingClose(abortRepeated: false)
  }

  /// AA-1 in Sta2: no association exists yet, so the abort is always the service user's.
  @inline(never)
  static func refuse<Host: UpperLayerHost>(
    _ fault: AbortReason, host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    // Lack of memory passes by itself, and a requestor that is told so tries again.
    let isCongestion = if case .largestPartialPDU = fault { true } else { fault == .outOfMemory }
    if isCongestion { return reject(.temporaryCongestion, host: &host, reply: &reply) }
    host.aborting(fault, .serviceUser, in: .awaitingRequest)
    reply.append(Abort.serviceUser)
    return .awaitingClose(abortRepeated: false)
  }

  /// AA-1 or AA-8 in Sta6: the fault says which.
  @inline(never)
  static func abort<Host: UpperLayerHost>(
    _ fault: AbortReason, host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    host.aborting(fault, fault.abort, in: .established)
    reply.append(fault.abort)
    return .awaitingClose(abortRepeated: false)
  }

  /// AA-7: A-ABORT once more, but only once, whatever a peer that does not stop goes on sending.
  @inline(never)
  static func repeatAbort<Host: UpperLayerHost>(
    _ fault: AbortReason, unless abortRepeated: Bool, _ host: inout Host,
    reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    if !abortRepeated {
      host.aborting(fault, fault.abort, in: .awaitingClose)
      reply.append(fault.abort)
    }
    return .awaitingClose(abortRepeated: true)
  }
}
