/// The result, source and reason of an A-ASSOCIATE-RJ PDU (PS3.8 §9.3.4, Table 9-21), whatever numbers
/// a peer has put there.
public struct AssociateReject: Equatable, Sendable {
  /// 1 rejected permanently, 2 rejected transiently.
  public let result: UInt8
  /// 1 service user, 2 service provider (ACSE), 3 service provider (Presentation).
  public let source: UInt8
  /// What `source` gives as its reason.
  public let reason: UInt8

  /// A PDU with the three fields as they are on the wire.
  public init(result: UInt8, source: UInt8, reason: UInt8) {
    self.result = result
    self.source = source
    self.reason = reason
  }
}
