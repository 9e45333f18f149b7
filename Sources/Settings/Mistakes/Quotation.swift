/// Quotes text from a file or a command line in a message of one line: visible, and never long.
public enum Quotation {
  /// The longest text that is quoted whole, in characters as shown.
  private static let longest = 60
  /// How many characters of a long file name are shown: at its beginning and at its end.
  private static let (fileNameBeginning, fileNameEnd) = (80, 160)

  /// `text` in quotation marks, with control characters escaped, cut off if it is long.
  public static func of(_ text: String) -> String { "\"\(shown(text))\"" }

  /// `text` as ``of(_:)`` shows it, without quotation marks.
  static func shown(_ text: String) -> String {
    let (beginning, isWhole) = beginning(of: text.unicodeScalars, longest)
    return beginning.joined() + (isWhole ? "" : "…")
  }

  /// `text`, or `nil` if a message would cut it off or escape it, or it was not UTF-8: nobody should be told
  /// to type or write that.
  static func whole(_ text: String) -> String? {
    shown(text) == text && !text.unicodeScalars.contains("\u{FFFD}") ? text : nil
  }

  /// Whether a byte is an ASCII letter or digit, or `-`, `_` or `.`.
  @Sendable static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The file name `name`, which may contain any bytes but NUL: if it is not UTF-8, the bytes outside ASCII
  /// are escaped. Leaves out the middle of a long name.
  public static func ofFileName(_ name: [UInt8]) -> String {
    if let text = String(validating: name, as: UTF8.self) { return ofFileName(text) }
    var result = ""
    for byte in name {
      result +=
        byte < 0x80 ? escaped(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
    }
    return ofFileName(result)
  }

  /// The file name `name`; leaves out the middle of a long one.
  static func ofFileName(_ name: String) -> String {
    let scalars = name.unicodeScalars
    let (all, isWhole) = beginning(of: scalars, fileNameBeginning + fileNameEnd)
    if isWhole { return all.joined() }
    let (end, _) = beginning(of: scalars.reversed(), fileNameEnd)
    return beginning(of: scalars, fileNameBeginning).text.joined() + "…"
      + end.reversed().joined()
  }

  /// The first of `scalars` that fit into `room` characters as shown, and whether they are all of them.
  private static func beginning(
    of scalars: some Sequence<Unicode.Scalar>, _ room: Int
  ) -> (text: [String], isWhole: Bool) {
    var text: [String] = []
    var room = room
    for scalar in scalars {
      let shown = escaped(scalar)
      room -= shown.unicodeScalars.count
      if room < 0 { return (text, false) }
      text.append(shown)
    }
    return (text, true)
  }

  /// A character, escaped if it is invisible.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let isVisible = !isControl(scalar) && (scalar == " " || !LookAlike.isSpace(scalar))
    return isVisible ? String(scalar) : scalar.escaped(asASCII: true)
  }

  /// Whether a scalar controls the terminal or the writing direction, or is invisible.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
