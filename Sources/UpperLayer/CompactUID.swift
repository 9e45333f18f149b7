/// A UID that the DICOM standard registers below its root 1.2.840.10008 (PS3.6 annex A), in eight
/// bytes, for a record to name it: of more components than a ``StandardUID`` has, as those of storage
/// are, but not for comparing.
///
/// Sixteen symbols of four bits, the first one in the highest bits: 0 is the end, 1 to 10 are the
/// digits from 0 on, 11 is a period, and 12 is "5.1.4.1.1.", with which SOP classes of storage begin.
public struct CompactUID: Equatable, Sendable {
  /// The symbols; never 0.
  public let symbols: UInt64

  private static let root: String = "1.2.840.10008."
  private static let storage: String = "5.1.4.1.1."
  private static let capacity = 16

  /// The UID whose symbols these are, or nothing when there are none.
  public init?(symbols: UInt64) {
    if symbols == 0 { return nil }
    self.symbols = symbols
  }

  /// The UID in `value`, without its padding, or nothing when it is not one of the kind this type can
  /// hold.
  public init?(_ value: Span<UInt8>) {
    let end = StandardUID.unpaddedLength(value)
    guard Self.begins(value, from: 0, to: end, with: Self.root) else { return nil }
    var index = Self.root.utf8.count
    var packed: UInt64 = 0
    var count = 0
    if Self.begins(value, from: index, to: end, with: Self.storage) {
      index += Self.storage.utf8.count
      packed = 12
      count = 1
    }
    while index < end {
      let digit = value[index] &- UInt8(ascii: "0")
      guard count < Self.capacity, digit <= 9 || value[index] == UInt8(ascii: ".") else {
        return nil
      }
      packed = packed << 4 | (digit <= 9 ? UInt64(digit) + 1 : 11)
      count += 1
      index += 1
    }
    if count == 0 { return nil }
    symbols = packed << UInt64(4 * (Self.capacity - count))
  }

  private static func begins(
    _ value: Span<UInt8>, from start: Int, to end: Int, with text: String
  ) -> Bool {
    let bytes = text.utf8.span
    guard end - start > bytes.count else { return false }
    for index in bytes.indices where value[start + index] != bytes[index] { return false }
    return true
  }
}
