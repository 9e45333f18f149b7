import ByteCoding

/// Escapes bytes from a peer for a human reader: no control character ever reaches a log.
public enum Escaping {
  /// Returns `bytes` as ASCII, with the backslash and every byte that is not printable as `\xNN`.
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

  /// Returns `bytes` as ASCII in double quotes, with any double quote escaped too, so that the second quote
  /// is the end.
  public static func quoted(_ bytes: Span<UInt8>) -> String {
    let mark = UInt8(ascii: "\"")
    let inside = ascii(bytes).split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(inside.joined(separator: "\\x\(hexadecimal(mark))"))\""
  }

  /// Returns `bytes` as UTF-8; if they are not valid, or have a backslash or a character that controls the
  /// terminal or the direction of writing, returns them as ``ascii(_:)`` does.
  public static func utf8(_ bytes: Span<UInt8>) -> String {
    let all = copy(of: bytes)
    guard let text = String(validating: all, as: UTF8.self),
      !text.unicodeScalars.contains(where: { mayControl($0) || $0 == "\\" })
    else { return ascii(bytes) }
    return text
  }

  /// Returns `text` on one line: escapes characters that control the terminal or the direction of writing,
  /// but not the backslash, since `text` may be escaped already.
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

  /// Returns `byte` as two hexadecimal digits.
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

/// A count with its noun: the one place in this target that knows singular and plural, so that no text
/// says "1 bytes".
public enum Counted {
  /// `1 byte`, `2 bytes`.
  ///
  /// - Parameter things: The plural of `thing`, unless it is formed by adding "s".
  public static func text(
    _ count: some BinaryInteger, _ thing: String, _ things: String? = nil
  ) -> String {
    "\(count) \(count == 1 ? thing : things ?? thing + "s")"
  }
}

/// Returns `number` in upper-case hexadecimal digits, as wide as its type.
public func hex<Number: FixedWidthInteger>(_ number: Number) -> String {
  let digits = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: Number.bitWidth / 4 - digits.utf8.count) + digits
}
