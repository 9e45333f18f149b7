/// How much of an A-ASSOCIATE-RQ has come when waiting for the rest of it ended, and what the system
/// knows of the way that it took (tcp(7), TCP_INFO).
public struct RequestProgress: Sendable, Equatable {
  /// How many of its bytes have come.
  public var received: UInt32 = 0
  /// How many it has by its header (PS3.8 §9.3.2); 0 while that has not come.
  public var expected: UInt32 = 0
  /// The size of the segments that came, in bytes.
  public var segment: UInt32 = 0
  /// How many segments came before an earlier one.
  public var outOfOrder: UInt32 = 0
  /// How many segments this host had to send again.
  public var retransmissions: UInt32 = 0

  /// Nothing has come.
  public init() {}
}
