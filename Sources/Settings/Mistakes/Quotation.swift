/// Text from a file or a command line as a message on one line repeats it: visible, and never long.
public enum Quotation {
  /// The longest text that is repeated whole, in characters as they are shown.
  private static let longest = 60
  /// How much of the name of a file is repeated when it is long: its beginning and its end.
  private static let (fileNameBeginning, fileNameEnd) = (80, 160)

  /// `text` in quotation marks, with control characters escaped, and cut off when it is long.
  public static func of(_ text: String) -> String { "\"\(shown(text))\"" }

  /// `text` as ``of(_:)`` shows it, without quotation marks.
  static func shown(_ text: String) -> String {
    let (beginning, isWhole) = beginning(of: text.unicodeScalars, longest)
    return beginning.joined() + (isWhole ? "" : "…")
  }

  /// `text` where a message repeats it as it is; nil when it would be cut off or escaped, or was no
  /// UTF-8: that must not be typed or written.
  static func whole(_ text: String) -> String? {
    shown(text) == text && !text.unicodeScalars.contains("\u{FFFD}") ? text : nil
  }

  /// Whether a byte is a letter or a digit of ASCII, or one of `-`, `_` and `.`.
  @Sendable static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The name of a file, which may have any bytes but NUL: what is no UTF-8 is escaped too. Of a long
  /// one the middle is left out.
  public static func ofFileName(_ name: [UInt8]) -> String {
    if let text = String(validating: name, as: UTF8.self) { return ofFileName(text) }
    var result = ""
    for byte in name {
      result +=
        byte < 0x80 ? escaped(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
    }
    return ofFileName(result)
  }

  /// The name of a file that is text.
  static func ofFileName(_ name: String) -> String {
    let scalars = name.unicodeScalars
    let (all, isWhole) = beginning(of: scalars, fileNameBeginning + fileNameEnd)
    if isWhole { return all.joined() }
    let (end, _) = beginning(of: scalars.reversed(), fileNameEnd)
    return beginning(of: scalars, fileNameBeginning).text.joined() + "…"
      + end.reversed().joined()
  }

  /// The first of `scalars`, each as it is shown, that `room` is enough for, and whether they are all.
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

  /// A character, escaped when it cannot be seen.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let isVisible = !isControl(scalar) && (scalar == " " || !LookAlike.isSpace(scalar))
    return isVisible ? String(scalar) : scalar.escaped(asASCII: true)
  }

  /// Whether a scalar controls the terminal or the direction of writing, or cannot be seen.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
