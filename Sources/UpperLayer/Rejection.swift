/// The result, source and reason of an A-ASSOCIATE-RJ PDU (PS3.8 §9.3.4, Table 9-21).
public struct Rejection: Error, Equatable, Sendable {
  /// 1 rejected permanently, 2 rejected transiently.
  public let result: UInt8
  /// 1 service user, 2 service provider (ACSE), 3 service provider (Presentation).
  public let source: UInt8
  /// What `source` gives as its reason.
  public let reason: UInt8

  /// A rejection with the three fields as they are on the wire.
  public init(result: UInt8, source: UInt8, reason: UInt8) {
    self.result = result
    self.source = source
    self.reason = reason
  }

  /// Protocol version not supported (permanent, provider (ACSE), 2).
  public static let protocolVersion = Rejection(result: 1, source: 2, reason: 2)
  /// Application context name not supported (permanent, user, 2).
  public static let applicationContext = Rejection(result: 1, source: 1, reason: 2)
  /// Calling AE title not recognized (permanent, user, 3).
  public static let callingAETitle = Rejection(result: 1, source: 1, reason: 3)
  /// Called AE title not recognized (permanent, user, 7).
  public static let calledAETitle = Rejection(result: 1, source: 1, reason: 7)
  /// Temporary congestion (transient, provider (Presentation), 1).
  public static let temporaryCongestion = Rejection(result: 2, source: 3, reason: 1)
  /// Local limit exceeded (transient, provider (Presentation), 2).
  public static let localLimitExceeded = Rejection(result: 2, source: 3, reason: 2)
}
