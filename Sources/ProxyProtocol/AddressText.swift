/// Reads the addresses and ports of a header of version 1 (section 2.1), in the strict forms that it allows: one that
/// two programs could read differently, such as a number with a leading zero, must not be accepted.
enum AddressText {
  private static let colon = UInt8(ascii: ":")
  private static let dot = UInt8(ascii: ".")

  /// The port in `text`, a decimal number from 0 to 65535, or `nil` if it is malformed.
  static func port(_ text: Span<UInt8>) -> UInt16? {
    var index = 0
    guard let port = decimal(text, at: &index, most: 0xFFFF), index == text.count else {
      return nil
    }
    return UInt16(truncatingIfNeeded: port)
  }

  /// The IPv4 address in `text`, four decimal numbers from 0 to 255 with dots between them, or `nil` if it is
  /// malformed. The first number is in the highest byte.
  static func ipv4(_ text: Span<UInt8>) -> UInt32? {
    var address: UInt32 = 0
    var index = 0
    for number in 0..<4 {
      if number > 0 {
        guard index < text.count, text[index] == dot else { return nil }
        index += 1
      }
      guard let byte = decimal(text, at: &index, most: 0xFF) else { return nil }
      address = address << 8 | byte
    }
    return index == text.count ? address : nil
  }

  /// The IPv6 address in `text`, in network byte order, or `nil` if it is malformed (RFC 4291 §2.2, all three forms).
  static func ipv6(_ text: Span<UInt8>) -> InlineArray<16, UInt8>? {
    var groups = Groups()
    var index = 0
    if text.count >= 2, text[0] == colon, text[1] == colon {
      groups.gap = 0
      index = 2
    }
    while index < text.count {
      let start = index
      guard let group = hexadecimal(text, at: &index) else { return nil }
      if index < text.count, text[index] == dot {
        guard let tail = ipv4(text.extracting(start..<text.count)) else { return nil }
        guard groups.append(UInt16(truncatingIfNeeded: tail >> 16)) else { return nil }
        guard groups.append(UInt16(truncatingIfNeeded: tail)) else { return nil }
        break
      }
      guard groups.append(group) else { return nil }
      if index == text.count { break }
      guard text[index] == colon else { return nil }
      index += 1
      // A single colon separates: a group has to follow.
      guard index < text.count else { return nil }
      if text[index] == colon {
        guard groups.gap == nil else { return nil }
        groups.gap = groups.count
        index += 1
      }
    }
    return groups.address
  }

  /// The groups of an IPv6 address, of 16 bits each.
  private struct Groups {
    private var values = InlineArray<8, UInt16>(repeating: 0)
    private(set) var count = 0
    /// The number of groups before `::`, or `nil` without it.
    var gap: Int?

    /// Appends a group and returns whether there was room for it.
    mutating func append(_ group: UInt16) -> Bool {
      guard count < 8 else { return false }
      values[count] = group
      count += 1
      return true
    }

    /// The address, or `nil` unless all groups are there or `::` stands for at least one.
    var address: InlineArray<16, UInt8>? {
      guard gap == nil ? count == 8 : count < 8 else { return nil }
      var address = InlineArray<16, UInt8>(repeating: 0)
      for index in 0..<count {
        let place = index < gap ?? 8 ? index : 8 - count + index
        address[2 * place] = UInt8(truncatingIfNeeded: values[index] >> 8)
        address[2 * place + 1] = UInt8(truncatingIfNeeded: values[index])
      }
      return address
    }
  }

  /// Reads one to four hexadecimal digits, or returns `nil` without any.
  private static func hexadecimal(_ text: Span<UInt8>, at index: inout Int) -> UInt16? {
    let start = index
    var value: UInt16 = 0
    while index < text.count, index < start + 4, let digit = digit(text[index]) {
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return index > start ? value : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// Reads a decimal number without leading zeros, or returns `nil` without one or if it exceeds `most`.
  private static func decimal(_ text: Span<UInt8>, at index: inout Int, most: UInt32) -> UInt32? {
    let start = index
    var value: UInt32 = 0
    while index < text.count, (0x30...0x39).contains(text[index]) {
      // The only number that begins with a zero is 0.
      guard index == start || value > 0 else { return nil }
      value = 10 * value + UInt32(text[index] - 0x30)
      guard value <= most else { return nil }
      index += 1
    }
    return index > start ? value : nil
  }
}
