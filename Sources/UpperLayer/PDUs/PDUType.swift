import ByteCoding

/// The kinds of PDU of the Upper Layer protocol (PS3.8 §9.3.1, Tables 9-11 to 9-26).
public enum PDUType: UInt8, Sendable, CaseIterable {
  /// A-ASSOCIATE-RQ (PS3.8 §9.3.2).
  case associateRequest = 0x01
  /// A-ASSOCIATE-AC (PS3.8 §9.3.3).
  case associateAccept = 0x02
  /// A-ASSOCIATE-RJ (PS3.8 §9.3.4).
  case associateReject = 0x03
  /// P-DATA-TF (PS3.8 §9.3.5).
  case dataTransfer = 0x04
  /// A-RELEASE-RQ (PS3.8 §9.3.6).
  case releaseRequest = 0x05
  /// A-RELEASE-RP (PS3.8 §9.3.7).
  case releaseReply = 0x06
  /// A-ABORT (PS3.8 §9.3.8).
  case abort = 0x07

  /// The size of every PDU header, in bytes: type, a reserved byte, and the 32-bit length of the rest.
  public static let headerSize = 6

  /// The PDU-length field of A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP and A-ABORT: four.
  public static let fixedLength: UInt32 = 4

  /// Whether every PDU of this type has the PDU-length ``fixedLength``.
  private var hasFixedLength: Bool {
    switch self {
    case .associateReject, .releaseRequest, .releaseReply, .abort: true
    case .associateRequest, .associateAccept, .dataTransfer: false
    }
  }

  /// Whether this type has a fixed length, and `bytes` begin with a header that states it.
  func hasItsLength(asHeader bytes: Span<UInt8>) -> Bool {
    hasFixedLength && bytes.count >= Self.headerSize
      && bytes.bigEndian(UInt32.self, at: 2) == Self.fixedLength
  }

  /// Whether the PDU-length, as far as it has arrived, is one that no implementation sends: 16 MiB or more,
  /// or 64 KiB or more where it must be four (PS3.8 §9.3.4 and §9.3.6 to §9.3.8).
  public func isTooLong(asHeader bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 2 else { return false }
    return bytes[2] != 0 || hasFixedLength && bytes.count > 3 && bytes[3] != 0
  }

  /// Whether `bytes` begin with this type but cannot begin even a malformed PDU.
  ///
  /// That is so if the reserved byte is not 0 and the PDU-length is 16 MiB or more, or is not the fixed
  /// length of the type; or if it is 64 KiB or more where it must be four. DICOM implementations send the
  /// reserved byte as 0 (PS3.8 §9.3.1), and an A-ABORT is one whatever its length.
  func isImpossible(asHeader bytes: Span<UInt8>) -> Bool {
    let isReservedSet = bytes.count > 1 && bytes[1] != 0
    if isTooLong(asHeader: bytes) { return isReservedSet || hasFixedLength && self != .abort }
    return isReservedSet && hasFixedLength && bytes.count >= Self.headerSize
      && !hasItsLength(asHeader: bytes)
  }

  /// Returns the reason to abort because of the PDU-length `length`, or `nil` if it is valid.
  ///
  /// - Parameter maximumLength: The longest P-DATA-TF that the association allows; 0 means no limit.
  @inline(__always)
  func abortReason(ofLength length: UInt32, maximumLength: UInt32) -> AbortReason? {
    let isRight: Bool
    var limit = UInt32.max
    switch self {
    case .dataTransfer:
      if maximumLength != 0 { limit = maximumLength }
      isRight = length >= PDV.headerSize
    case .associateRequest:
      limit = AssociateRequest.maximumLength
      isRight = length >= AssociateRequest.fixedSize
    case .releaseRequest, .releaseReply:
      isRight = length == Self.fixedLength
    case .associateAccept, .associateReject, .abort:
      isRight = true
    }
    if length > limit { return .pduTooLong(self, length: length, limit: limit) }
    return isRight ? nil : .malformedPDU(self, Malformed(item: 0, offset: 0, .wrongLength))
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends a PDU header with the PDU-length `length` (PS3.8 §9.3.1).
  @inline(__always) @_lifetime(self: copy self)
  public mutating func appendHeader(_ type: PDUType, length: UInt32) {
    append(bigEndian: UInt16(type.rawValue) << 8)
    append(bigEndian: length)
  }

  /// Appends an A-RELEASE-RP (PS3.8 §9.3.7).
  @_lifetime(self: copy self)
  public mutating func appendReleaseReply() {
    appendHeader(.releaseReply, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt32)
  }
}
