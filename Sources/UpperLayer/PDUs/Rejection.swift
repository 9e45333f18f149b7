import ByteCoding

/// A reason for which this acceptor rejects an association, from PS3.8 Table 9-21.
///
/// A requestor may receive other reasons; ``AssociateReject`` can represent them all.
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

  /// The fields of the A-ASSOCIATE-RJ PDU for this reason.
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

/// The result, source and reason of an A-ASSOCIATE-RJ PDU (PS3.8 §9.3.4, Table 9-21), with any values that
/// a peer may send.
public struct AssociateReject: Equatable, Sendable {
  /// 1 rejected permanently, 2 rejected transiently.
  public let result: UInt8
  /// 1 service user, 2 service provider (ACSE), 3 service provider (Presentation).
  public let source: UInt8
  /// The reason, whose meaning depends on `source`.
  public let reason: UInt8

  /// A PDU with the three fields as they are on the wire.
  public init(result: UInt8, source: UInt8, reason: UInt8) {
    self.result = result
    self.source = source
    self.reason = reason
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends an A-ASSOCIATE-RJ (PS3.8 §9.3.4).
  @_lifetime(self: copy self)
  mutating func append(_ rejection: Rejection) {
    appendHeader(.associateReject, length: PDUType.fixedLength)
    append(0)
    let pdu = rejection.pdu
    append(pdu.result)
    append(pdu.source)
    append(pdu.reason)
  }
}
