/// The checksum of a header (PP2_TYPE_CRC32C, section 2.2.3): CRC32c, that of SCTP and iSCSI (RFC 4960 appendix B). It
/// is computed bit by bit: a header has at most 1,024 bytes, once for each connection, which a table would not make
/// noticeably faster.
struct CRC32C {
  /// The polynomial of Castagnoli, with the lowest power in the highest bit.
  private static let polynomial: UInt32 = 0x82F6_3B78

  private var remainder = UInt32.max

  /// The checksum of the bytes added.
  var value: UInt32 { ~remainder }

  /// Adds `bytes` to those that the checksum is computed of.
  mutating func add(_ bytes: Span<UInt8>) {
    for index in bytes.indices { add(bytes[index]) }
  }

  /// Adds one byte.
  mutating func add(_ byte: UInt8) {
    remainder ^= UInt32(byte)
    for _ in 0..<8 {
      remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : Self.polynomial)
    }
  }
}
