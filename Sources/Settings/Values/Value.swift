import CLinux

/// A value read from text, or what is wrong with the text and what would be right.
enum Value<T> {
  /// The value.
  case right(T)
  /// What is wrong; what would be right.
  case wrong(String)
}

extension Value<Never> {
  /// The longest timeout: eleven and a half days, in seconds.
  static let longestSeconds = 1_000_000.0

  static func level(_ text: String) -> Value<LogLevel> {
    if text == "warn" { return .right(.warning) }
    for level in LogLevel.allCases where "\(level)" == text { return .right(level) }
    return .wrong(
      "\(Quotation.of(text)) is no log level; one of none, critical, error, warning, info, debug, "
        + "auto")
  }

  static func target(_ text: String) -> Value<LogTarget> {
    if let target = LogTarget(rawValue: text) { return .right(target) }
    let names = LogTarget.allCases.map(\.rawValue).joined(separator: ", ")
    return .wrong("\(Quotation.of(text)) is no target of the log; one of \(names)")
  }

  static func preference(_ text: String) -> Value<Preference> {
    if let preference = Preference(rawValue: text) { return .right(preference) }
    let names = Preference.allCases.map(\.rawValue).joined(separator: ", ")
    return .wrong("\(Quotation.of(text)) is no order of transfer syntaxes; one of \(names)")
  }

  static func port(_ text: String) -> Value<UInt16> {
    if let port = digits(text, UInt16.self), port > 0 { return .right(port) }
    return .wrong("\(Quotation.of(text)) is no port; a number from 1 to 65535")
  }

  /// PS3.5 §6.2, VR AE: 1 to 16 characters of the default repertoire, no backslash, no control
  /// character, not only spaces.
  static func aeTitle(_ text: String) -> Value<String> {
    let bytes = text.utf8
    let isInRepertoire = bytes.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x5C }
    if (1...16).contains(bytes.count), isInRepertoire, bytes.contains(where: { $0 != 0x20 }) {
      return .right(text)
    }
    return .wrong(
      "\(Quotation.of(text)) is no AE title; 1 to 16 ASCII characters without backslash, not only spaces"
    )
  }

  /// Seconds with decimals, as milliseconds; what is above 0 stays above 0.
  static func seconds(_ text: String) -> Value<UInt32> {
    let isNumeric = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    if isNumeric, let seconds = Double(text), seconds >= 0, seconds <= longestSeconds {
      let isZero = text.utf8.allSatisfy { $0 == 0x30 || $0 == 0x2E }
      return .right(isZero ? 0 : max(UInt32((seconds * 1000).rounded()), 1))
    }
    return .wrong("\(Quotation.of(text)) is no time; seconds from 0 to 1000000, as 30 or 0.5")
  }

  static func maxPDU(_ text: String) -> Value<UInt32> {
    if let length = digits(text, UInt32.self), length == 0 || length >= 16 { return .right(length) }
    return .wrong(
      "\(Quotation.of(text)) is no PDU length; bytes from 16 to 4294967295, or 0 for no limit")
  }

  static func automatic(_ text: String, _ range: ClosedRange<Int>) -> Value<Int?> {
    if text == "auto" { return .right(nil) }
    if let number = digits(text, Int.self), range.contains(number) { return .right(number) }
    return .wrong(
      "\(Quotation.of(text)) is out of range; "
        + "a number from \(range.lowerBound) to \(range.upperBound), or auto")
  }

  static func number(_ text: String, _ range: ClosedRange<Int>) -> Value<Int> {
    if let number = digits(text, Int.self), range.contains(number) { return .right(number) }
    return .wrong(
      "\(Quotation.of(text)) is out of range; a number from \(range.lowerBound) to "
        + "\(range.upperBound)")
  }

  /// The letters for powers of 1024, the largest first, as systemd has them.
  private static let units: [(letter: String, size: Int)] = [
    ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10),
  ]

  /// A number of bytes, with K, M or G behind it, as `32M`.
  static func bytes(_ text: String, _ range: ClosedRange<Int>) -> Value<Int> {
    let unit = units.first { text.hasSuffix($0.letter) }
    let number = digits(unit == nil ? text : String(text.dropLast()), Int.self)
    let (bytes, isBeyond) = (number ?? -1).multipliedReportingOverflow(by: unit?.size ?? 1)
    if number != nil, !isBeyond, range.contains(bytes) { return .right(bytes) }
    return .wrong(
      "\(Quotation.of(text)) is no number of bytes; from \(inBytes(range.lowerBound)) to "
        + "\(inBytes(range.upperBound)), as 65536 or 64K")
  }

  /// A number of bytes as text, with the largest unit that leaves nothing over.
  static func inBytes(_ bytes: Int) -> String {
    for unit in units where bytes >= unit.size && bytes % unit.size == 0 {
      return "\(bytes / unit.size)\(unit.letter)"
    }
    return String(bytes)
  }

  static func address(_ text: String) -> Value<String> {
    if cl_is_address(text.utf8.span) != 0 { return .right(text) }
    return .wrong(
      "\(Quotation.of(text)) is no address; an IPv4 or IPv6 address, as 192.0.2.1 or ::1")
  }

  /// A pattern that some AE title matches: `*` stands for any characters, `?` for one.
  static func aeTitlePattern(_ text: String) -> Value<String> {
    if case .right = aeTitle(text) { return .right(text) }
    return .wrong(
      "\(Quotation.of(text)) is no AE title; 1 to 16 ASCII characters without backslash, "
        + "not only spaces, * and ? standing for others")
  }

  /// The name of a user as useradd(8) has it, with capital letters and dots as many sites have them.
  static func user(_ text: String) -> Value<String?> {
    if text == "none" { return .right(nil) }
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    if isName, (1...32).contains(text.utf8.count), !text.hasPrefix("-") { return .right(text) }
    return .wrong(
      "\(Quotation.of(text)) is no name of a user; 1 to 32 letters, digits, dots, - and _, no - in "
        + "front, or none")
  }

  static func yesOrNo(_ text: String) -> Value<Bool> {
    switch text {
    case "yes", "true", "on", "1": .right(true)
    case "no", "false", "off", "0": .right(false)
    default: .wrong("\(Quotation.of(text)) is neither yes nor no")
    }
  }

  static func addressRange(_ text: String) -> Value<AddressRange> {
    do throws(AddressRange.Fault) {
      return .right(try AddressRange(text))
    } catch {
      switch error {
      case .unreadable:
        return .wrong(
          "\(Quotation.of(text)) is no address; an IPv4 or IPv6 address or network, as 192.0.2.1, "
            + "192.0.2.0/24 or 2001:db8::/32")
      case .bitsBehindPrefix(let range):
        return .wrong("\(Quotation.of(text)) has bits behind its prefix; \(range.text) has none")
      case .hasLink(let range):
        return .wrong(
          "\(Quotation.of(text)) names a link, but a rule holds on every link; "
            + "\(range.text) names none")
      }
    }
  }

  /// Values separated by commas or spaces, at least one.
  static func list<Element>(
    _ text: String, _ element: (String) -> Value<Element>
  ) -> Value<[Element]> {
    guard let parts = ListText.elements(of: text) else {
      return .wrong("\(Quotation.of(text)) lacks a closing quotation mark")
    }
    var elements: [Element] = []
    for part in parts {
      switch element(part) {
      case .right(let value): elements.append(value)
      case .wrong(let problem): return .wrong(problem)
      }
    }
    return elements.isEmpty ? .wrong("it is empty; at least one value") : .right(elements)
  }

  /// The same, where `word`, and if `isImplied` an empty text, stands for an empty list.
  static func list<Element>(
    _ text: String, or word: String, isImplied: Bool, _ element: (String) -> Value<Element>
  ) -> Value<[Element]> {
    if text == word || text.isEmpty && isImplied { return .right([]) }
    if text.isEmpty { return .wrong("it is empty; at least one value, or \(word)") }
    return list(text, element)
  }

  private static func digits<Number: FixedWidthInteger>(_ text: String, _: Number.Type) -> Number? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Number(text) : nil
  }
}
