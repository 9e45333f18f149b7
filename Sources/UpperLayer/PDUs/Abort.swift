import ByteCoding

/// The source and reason of an A-ABORT PDU (PS3.8 §9.3.8, Table 9-26).
public struct Abort: Equatable, Sendable {
  /// 0 for the service user, 2 for the service provider; a peer may send any value.
  public let source: UInt8
  /// The provider's reason; not significant when the source is the service user.
  public let reason: UInt8

  /// An abort with the two fields as they are on the wire.
  public init(source: UInt8, reason: UInt8) {
    self.source = source
    self.reason = reason
  }

  /// Whether the source is the service provider rather than its user (Table 9-26).
  public var isOfProvider: Bool { source == 2 }

  /// Initiated by the service user (source 0, reason 0).
  public static let serviceUser = Abort(source: 0, reason: 0)
  /// Initiated by the service provider: unrecognized PDU (source 2, reason 1).
  public static let unrecognizedPDU = Abort(source: 2, reason: 1)
  /// Initiated by the service provider: unexpected PDU (source 2, reason 2).
  public static let unexpectedPDU = Abort(source: 2, reason: 2)
  /// Initiated by the service provider: invalid PDU parameter value (source 2, reason 6).
  public static let invalidPDUParameter = Abort(source: 2, reason: 6)
}

extension OutputSpan where Element == UInt8 {
  /// Appends an A-ABORT (PS3.8 §9.3.8).
  @_lifetime(self: copy self)
  public mutating func append(_ abort: Abort) {
    appendHeader(.abort, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt16)
    append(abort.source)
    append(abort.reason)
  }
}
