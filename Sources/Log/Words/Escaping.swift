import ByteCoding

/// Bytes from a peer as a person may read them: no control character ever reaches a log.
public enum Escaping {
  /// `bytes` as ASCII, every other byte and the backslash as `\xNN`.
  public static func ascii(_ bytes: Span<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for index in bytes.indices {
      let byte = bytes[index]
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") {
        text.append(byte)
      } else {
        text += "\\x\(hexadecimal(byte))".utf8
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `bytes` as ASCII in double quotes; a double quote among them is escaped, too, so that the second
  /// one is the end.
  public static func quoted(_ bytes: Span<UInt8>) -> String {
    let mark = UInt8(ascii: "\"")
    let inside = ascii(bytes).split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(inside.joined(separator: "\\x\(hexadecimal(mark))"))\""
  }

  /// `bytes` as UTF-8, with what is none, and what controls the terminal or the direction of
  /// writing, escaped byte by byte.
  public static func utf8(_ bytes: Span<UInt8>) -> String {
    let all = copy(of: bytes)
    guard let text = String(validating: all, as: UTF8.self),
      !text.unicodeScalars.contains(where: { mayControl($0) || $0 == "\\" })
    else { return ascii(bytes) }
    return text
  }

  /// `text` on one line: what controls the terminal or the direction of writing is escaped, and
  /// nothing else, since it may be escaped already.
  public static func line(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if mayControl(scalar) {
        line += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// `byte` in two hexadecimal digits.
  public static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// A copy of `bytes`.
  public static func copy(of bytes: Span<UInt8>) -> [UInt8] {
    [UInt8](capacity: bytes.count) { $0.append(copying: bytes) }
  }

  private static func mayControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

/// A number of things in words: the one place of this target that knows of singular and plural, so
/// that no text has "1 bytes".
public enum Counted {
  /// `1 byte`, `2 bytes`.
  ///
  /// - Parameter things: Several of them, where that is more than an "s" behind `thing`.
  public static func text(
    _ count: some BinaryInteger, _ thing: String, _ things: String? = nil
  ) -> String {
    "\(count) \(count == 1 ? thing : things ?? thing + "s")"
  }
}

/// `number` in upper-case hexadecimal digits, as wide as its type.
public func hex<Number: FixedWidthInteger>(_ number: Number) -> String {
  let digits = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: Number.bitWidth / 4 - digits.utf8.count) + digits
}
