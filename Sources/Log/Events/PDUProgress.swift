public import Linux
public import UpperLayer

/// How much of a PDU or message has come when waiting for the rest of it ended, and what the system knows
/// of the way that it took (tcp(7), TCP_INFO).
public struct PDUProgress: Sendable, Equatable {
  /// What has come of what.
  public var pdu: IncompletePDU
  /// The way that it took.
  public var path = TCPPath()

  /// As much as `pdu` says; nothing at all has come without it.
  public init(_ pdu: IncompletePDU = IncompletePDU()) { self.pdu = pdu }

  /// What it is, given that an A-ASSOCIATE-RQ was due.
  public enum Opening {
    /// Nothing has come.
    case nothing
    /// An A-ASSOCIATE-RQ has begun.
    case request
    /// A single ENQ, with which a laboratory analyser asks for the line.
    case enquiry
    /// Too few bytes of something else to tell what it is.
    case other(UInt8)
  }

  /// What has come instead of an A-ASSOCIATE-RQ, or of it.
  public var opening: Opening {
    switch (pdu.firstByte, pdu.received) {
    case (nil, _): .nothing
    case (PDUType.associateRequest.rawValue, _): .request
    case (0x05, 1): .enquiry
    case (let byte?, _): .other(byte)
    }
  }
}
