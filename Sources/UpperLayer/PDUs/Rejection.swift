/// Why this acceptor rejects an association: each reason of PS3.8 Table 9-21 that it sends.
///
/// A requestor may be sent other ones; ``AssociateReject`` has them all.
public enum Rejection: Error, Sendable, CaseIterable {
  /// Protocol version not supported (permanent, provider (ACSE), 2).
  case protocolVersion
  /// Application context name not supported (permanent, user, 2).
  case applicationContext
  /// Calling AE title not recognized (permanent, user, 3).
  case callingAETitle
  /// Called AE title not recognized (permanent, user, 7).
  case calledAETitle
  /// Temporary congestion (transient, provider (Presentation), 1).
  case temporaryCongestion
  /// Local limit exceeded (transient, provider (Presentation), 2).
  case localLimitExceeded

  /// The fields of the A-ASSOCIATE-RJ PDU that says so.
  public var pdu: AssociateReject {
    switch self {
    case .protocolVersion: AssociateReject(result: 1, source: 2, reason: 2)
    case .applicationContext: AssociateReject(result: 1, source: 1, reason: 2)
    case .callingAETitle: AssociateReject(result: 1, source: 1, reason: 3)
    case .calledAETitle: AssociateReject(result: 1, source: 1, reason: 7)
    case .temporaryCongestion: AssociateReject(result: 2, source: 3, reason: 1)
    case .localLimitExceeded: AssociateReject(result: 2, source: 3, reason: 2)
    }
  }
}
