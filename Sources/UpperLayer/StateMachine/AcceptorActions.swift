/// The actions of the acceptor that take more than a line (PS3.8 Tables 9-6 to 9-9).
extension Acceptor {
  /// The current state.
  public var state: AcceptorState {
    switch self {
    case .awaitingRequest: .awaitingRequest
    case .established: .established
    case .awaitingClose: .awaitingClose
    case .idle: .idle
    }
  }

  /// The largest PDU-length of a P-DATA-TF that the acceptor announced; 0 means no limit.
  var maximumLength: UInt32 {
    switch self {
    case .established(let association): association.maximumLength
    case .awaitingRequest: 0
    case .awaitingClose: 0
    case .idle: 0
    }
  }

  /// Adds `notes` to those of the association, if there is one.
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

  /// Answers an A-ASSOCIATE-RQ: AE-6, then AE-7 or AE-8 in Sta3.
  ///
  /// The first reason to reject is the one sent: the version, then the user's own reasons, then the local limit.
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

  /// Sends an A-ASSOCIATE-RJ: AE-8, or the rejection of AE-6.
  @inline(never)
  static func reject<Host: UpperLayerHost>(
    _ rejection: Rejection, host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    host.associationRejected(rejection)
    reply.append(rejection)
    return .awaitingClose(abortRepeated: false)
  }

  /// Refuses in Sta2 (AA-1): no association exists yet, so the abort always comes from the service user.
  @inline(never)
  static func refuse<Host: UpperLayerHost>(
    _ reason: AbortReason, host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    // Lack of memory is temporary, and a requestor that is told so tries again.
    let isCongestion = if case .largestPartialPDU = reason { true } else { reason == .outOfMemory }
    if isCongestion { return reject(.temporaryCongestion, host: &host, reply: &reply) }
    host.aborting(reason, .serviceUser, in: .awaitingRequest)
    reply.append(Abort.serviceUser)
    return .awaitingClose(abortRepeated: false)
  }

  /// Sends an A-ABORT in Sta6: AA-1 or AA-8, depending on the reason.
  @inline(never)
  static func abort<Host: UpperLayerHost>(
    _ reason: AbortReason, host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    host.aborting(reason, reason.abort, in: .established)
    reply.append(reason.abort)
    return .awaitingClose(abortRepeated: false)
  }

  /// Sends another A-ABORT (AA-7), but only once, even if the peer keeps sending.
  @inline(never)
  static func repeatAbort<Host: UpperLayerHost>(
    _ reason: AbortReason, unless abortRepeated: Bool, _ host: inout Host,
    reply: inout OutputSpan<UInt8>
  ) -> Acceptor {
    if !abortRepeated {
      host.aborting(reason, reason.abort, in: .awaitingClose)
      reply.append(reason.abort)
    }
    return .awaitingClose(abortRepeated: true)
  }
}
