import ByteCoding

/// A UID that the DICOM standard registers below its root 1.2.840.10008 (PS3.6 annex A), with the remaining
/// components packed into one integer, so that comparing two UIDs is one instruction.
///
/// Up to four components from 1 to 65535 fit, which is enough for every UID this program must know.
public struct StandardUID: Equatable, Sendable {
  /// The components below the root, 16 bits each, the last one in the lowest bits.
  public let components: UInt64

  /// The UID whose one to four components below 1.2.840.10008 are packed in `components`, 16 bits each.
  ///
  /// A literal for five components does not compile.
  ///
  /// - Precondition: No component is 0, or no received UID would be equal.
  @inlinable
  public init(components: UInt64) {
    assert(Self.isPossible(components), "no received UID has these components")
    self.components = components
  }

  /// Whether reading a UID can result in `components`: zeros are allowed only before the first component.
  @usableFromInline
  static func isPossible(_ components: UInt64) -> Bool {
    var rest = components
    while rest != 0, rest & 0xFFFF != 0 { rest >>= 16 }
    return components != 0 && rest == 0
  }

  private static let rootStart: UInt64 = 0x312E_322E_3834_302E  // "1.2.840."
  private static let rootMiddle: UInt32 = 0x3130_3030  // "1000"
  private static let rootEnd: UInt16 = 0x382E  // "8."
  private static let rootLength = 14
  private static let separator = UInt64(UInt8(ascii: ".") &- UInt8(ascii: "0"))

  /// The UID in `value`, or `nil` if this type cannot hold it.
  ///
  /// Trailing NULs and spaces are padding: PS3.8 annex F allows none, PS3.5 §9.1 one NUL, and devices send both.
  public init?(_ value: Span<UInt8>) {
    let end = Self.unpaddedLength(value)
    guard end > Self.rootLength,
      value.bigEndian(UInt64.self, at: 0) == Self.rootStart,
      value.bigEndian(UInt32.self, at: 8) == Self.rootMiddle,
      value.bigEndian(UInt16.self, at: 12) == Self.rootEnd
    else { return nil }
    var packed: UInt64 = 0
    var component: UInt64 = 0
    var index = Self.rootLength
    while index < end {
      // Any character other than a digit is more than 9 here.
      let digit = UInt64(value[index] &- UInt8(ascii: "0"))
      index &+= 1
      if digit <= 9 {
        component = component &* 10 &+ digit
        // A component has no leading zero, and this type cannot hold 0 itself.
        guard component != 0, component <= 0xFFFF else { return nil }
      } else {
        guard digit == Self.separator, component != 0, packed >> 32 == 0 else { return nil }
        packed = packed << 16 | component
        component = 0
      }
    }
    guard component != 0, packed >> 48 == 0 else { return nil }
    components = packed << 16 | component
  }

  /// Whether `value` has NULs or spaces at its end.
  static func isPadded(_ value: Span<UInt8>) -> Bool {
    let last = value.count &- 1
    return last >= 0 && value[last] & 0xDF == 0
  }

  /// Returns the number of bytes in `value`, not counting the NULs and spaces at its end.
  public static func unpaddedLength(_ value: Span<UInt8>) -> Int {
    var end = value.count
    while end > 0, value[end &- 1] == 0 || value[end &- 1] == 0x20 { end &-= 1 }
    return end
  }

  /// The DICOM Application Context Name 1.2.840.10008.3.1.1.1 (PS3.7 annex A.2.1).
  public static let applicationContext = StandardUID(components: 0x0003_0001_0001_0001)
}

extension OutputSpan where Element == UInt8 {
  /// Appends the text of `uid`, without padding.
  @_lifetime(self: copy self)
  public mutating func append(_ uid: StandardUID) {
    append(bigEndian: 0x312E_322E_3834_302E as UInt64)
    append(bigEndian: 0x3130_3030 as UInt32)
    store(UInt8(ascii: "8"))
    var rest = uid.components
    // Skip the leading components that the UID does not have.
    while rest != 0, rest >> 48 == 0 { rest <<= 16 }
    while rest != 0 {
      let component = UInt16(truncatingIfNeeded: rest >> 48)
      rest <<= 16
      if component > 9 {
        append(UInt8(ascii: "."))
        append(decimal: component)
      } else {
        append(bigEndian: UInt16(UInt8(ascii: ".")) << 8 | UInt16(UInt8(ascii: "0")) &+ component)
      }
    }
  }

  /// Appends `value` in decimal digits.
  @_lifetime(self: copy self)
  private mutating func append(decimal value: UInt16) {
    var divisor: UInt16 = 10_000
    while divisor > 1, value / divisor == 0 { divisor /= 10 }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }
}
