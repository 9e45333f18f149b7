import Linux
import UpperLayer

/// A format that reads values from text and writes them as text. A value that was written is read as the
/// same value from a file.
struct Format<Value: Sendable>: Sendable {
  /// Reads the value in `text`.
  let read: @Sendable (_ text: String) throws(Mistake) -> Value
  /// Writes `value` as text.
  let write: @Sendable (_ value: Value) -> String
  /// The traits that do not depend on the type of the values.
  var traits = Traits()
}

extension Format {
  /// A format that reads with `read`. A text for which it returns `nil` has `fault`, and `values` describes
  /// the allowed ones.
  init(
    _ fault: String, _ values: String? = nil, placeholder: String? = nil, choices: [String] = [],
    read: @escaping @Sendable (String) -> Value?, write: @escaping @Sendable (Value) -> String
  ) {
    self.init(
      read: { text throws(Mistake) in
        guard let value = read(text) else { throw Mistake(of: text, fault, expected: values) }
        return value
      }, write: write, traits: Traits(placeholder: placeholder, choices: choices))
  }

  /// This format with `trait` at `path`.
  func with<Trait>(_ path: WritableKeyPath<Traits, Trait>, _ trait: Trait) -> Self {
    var format = self
    format.traits[keyPath: path] = trait
    return format
  }

  /// The names of the cases of a type, and `others` as further names.
  static func word(_ fault: String, others: [String: Value] = [:]) -> Self
  where Value: CaseIterable {
    let names = Value.allCases.map { "\($0)" }
    return Format(
      fault, "one of \(names.joined(separator: ", "))", choices: names,
      read: { text in Value.allCases.first { "\($0)" == text } ?? others[text] },
      write: { "\($0)" })
  }

  /// A list of values, separated by commas or blanks. If it may be empty, `word` stands for the empty list,
  /// and so does an empty text if `isImplied`.
  static func list<Element>(
    of element: Format<Element>, or word: String? = nil, isImplied: Bool = false
  ) -> Self where Value == [Element] {
    Format(
      read: { text throws(Mistake) in
        if text == word || text.isEmpty && isImplied { return [] }
        let orWord = text.isEmpty ? word.map { ", or \($0)" } ?? "" : ""
        guard let parts = ListText.elements(of: text) else {
          throw Mistake(of: text, "has no closing quotation mark")
        }
        if parts.isEmpty {
          throw Mistake("the list is empty", expected: "at least one value\(orWord)")
        }
        return try parts.map(element.read)
      },
      write: { list in
        let texts = list.map(element.write)
        guard let word else { return ListText.of(texts) }
        // In quotation marks, the word is an element of that name.
        return texts.isEmpty ? word : texts == [word] ? ListText.quoted(word) : ListText.of(texts)
      },
      traits: Traits(
        choices: [word].compactMap(\.self), isList: true, isTitle: element.traits.isTitle))
  }
}

extension Format<LogLevel> {
  /// A log level.
  static let level = word("is not a log level", others: ["warn": .warning])
    .with(\.placeholder, "[l]evel")
}

extension Format<LogTarget> {
  /// A log target.
  static let target = word("is not a log target").with(\.placeholder, "[t]arget")
}

extension Format<TransferSyntaxPreference> {
  /// A preference among transfer syntaxes.
  static let preference = word("is not a transfer syntax preference")
}

extension Format<Bool> {
  /// Yes or no.
  static let yesOrNo = Format(
    "is neither yes nor no", placeholder: "[=yes|no]", choices: ["yes", "no"],
    read: { text in
      switch text {
      case "yes", "true", "on", "1": true
      case "no", "false", "off", "0": false
      default: nil
      }
    }, write: { $0 ? "yes" : "no" }
  ).with(\.impliedValue, "yes")
}

extension Format<String?> {
  /// `none`, or a user name as useradd(8) accepts it, and with the capital letters and dots that many sites
  /// use.
  static let user = Format(
    "is not a user name",
    "none, or 1 to 32 letters, digits, dots, hyphens and underscores, with no hyphen in front",
    placeholder: "[n]ame", choices: ["none"],
    read: { text in
      if text == "none" { return .some(nil) }
      guard text.utf8.allSatisfy(Quotation.isPlain), (1...32).contains(text.utf8.count),
        !text.hasPrefix("-")
      else { return nil }
      return .some(text)
    }, write: { $0 ?? "none" })
}

extension Format<AETitle> {
  /// The allowed values (PS3.5 §6.2, VR AE).
  fileprivate static let form = "1 to 16 printable ASCII characters, no backslash, not all spaces"
  /// An AE title, written in quotation marks if a file would be read differently without them.
  static let aeTitle = Format(
    "is not an AE title", form, placeholder: "[a]etitle",
    read: { AETitle($0) }, write: { ListText.quotedIfNeeded($0.unpadded) }
  ).with(\.isTitle, true)
}

extension Format<[AETitlePattern]> {
  /// Patterns of AE titles, or `all`, which is the empty list.
  static let aeTitlePatterns = list(
    of: Format<AETitlePattern>(
      "is not an AE title", "\(Format<AETitle>.form), with * and ? as wildcards",
      read: { AETitlePattern($0) }, write: \.unpadded
    ).with(\.isTitle, true), or: "all"
  ).with(\.placeholder, "[t]itles")
}

extension Format<UInt16> {
  /// A TCP port.
  static let port = Format(
    "is not a port", "1 to 65535",
    read: { text in digits(text).flatMap { $0 > 0 ? $0 : nil } }, write: { String($0) })
}

extension Format<[UInt16]> {
  /// TCP ports, at least one.
  static let ports = list(of: .port)
  /// TCP ports, or `none`, which is the empty list.
  static let portsOrNone = list(of: .port, or: "none").with(\.placeholder, "[p]orts")
}

extension Format<[String]> {
  /// Addresses, or `all`, which is the empty list. An empty text is `all` too, as in pynetdicom.
  static let addresses = list(
    of: Format<String>(
      "is not an address", "an IPv4 or IPv6 address, such as 192.0.2.1 or ::1",
      read: { NetworkAddress.isAddress($0) ? $0 : nil }, write: { $0 }),
    or: "all", isImplied: true
  ).with(\.placeholder, "[a]ddress")
}

extension Format<AddressRange> {
  /// An address or a network.
  fileprivate static let range = Format(
    read: { text throws(Mistake) in
      do throws(AddressRange.Fault) {
        return try AddressRange(text)
      } catch {
        switch error {
        case .unreadable:
          throw Mistake(
            of: text, "is not an address",
            expected: "an IPv4 or IPv6 address or network, such as 192.0.2.1, 192.0.2.0/24 or "
              + "2001:db8::/32")
        case .bitsBehindPrefix(let range):
          throw Mistake(of: text, "has bits set after its prefix", "write \(range.text)")
        case .hasLink(let range):
          throw Mistake(
            of: text, "names an interface, but a rule applies to every interface",
            "write \(range.text)")
        }
      }
    }, write: \.text)
}

extension Format<[AddressRange]> {
  /// Addresses and networks, at least one.
  static let ranges = list(of: .range)
  /// Addresses and networks, or `all`, which is the empty list.
  static let rangesOrAll = list(of: .range, or: "all").with(\.placeholder, "[a]ddresses")
  /// Addresses and networks, or `none`, which is the empty list.
  static let rangesOrNone = list(of: .range, or: "none")
    .with(\.placeholder, "[a]ddresses")
}

extension Format<UInt32> {
  /// The length of a PDU in bytes.
  static let pduLength = Format(
    "is not a PDU length", "16 to 4294967295 bytes, or 0 for no limit",
    placeholder: "[n]umber of bytes",
    read: { text in digits(text).flatMap { $0 == 0 || $0 >= 16 ? $0 : nil } },
    write: { String($0) }
  ).with(\.unit, .bytes)

  /// Seconds with decimals, stored in milliseconds, up to eleven and a half days. A value above 0 stays
  /// above 0.
  static let seconds = Format(
    "is not a time", "0 to 1000000 seconds, such as 30 or 0.5", placeholder: "[s]econds",
    read: { text in
      let isNumeric = text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
      guard isNumeric, let seconds = Double(text), seconds <= 1_000_000 else { return nil }
      let isZero = !text.utf8.contains { $0 > UInt8(ascii: "0") }
      return isZero ? 0 : max(UInt32((seconds * 1000).rounded()), 1)
    },
    write: { milliseconds in
      var decimals = String(milliseconds % 1000 + 1000).dropFirst()
      while decimals.hasSuffix("0") { decimals.removeLast() }
      return "\(milliseconds / 1000)" + (decimals.isEmpty ? "" : ".\(decimals)")
    }
  ).with(\.unit, .seconds)
}

extension Format<Int> {
  /// The letters for powers of 1024, the largest first, as in systemd.
  private static let units: [(letter: String, size: Int)] = [
    ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10),
  ]

  /// A number within `range`.
  static func number(_ range: ClosedRange<Int>) -> Self {
    Format(
      "is not a valid number", "\(range.lowerBound) to \(range.upperBound)",
      placeholder: "[n]umber",
      read: { text in digits(text).flatMap { range.contains($0) ? $0 : nil } },
      write: { String($0) })
  }

  /// A number of bytes within `range`, with K, M or G for the powers of 1024.
  static func bytes(_ range: ClosedRange<Int>) -> Self {
    let bounds = "\(inBytes(range.lowerBound)) to \(inBytes(range.upperBound)) bytes"
    return Format(
      "is not a valid size", "\(bounds), such as 65536 or 64K", placeholder: "[b]ytes",
      read: { text in
        let unit = units.first { text.hasSuffix($0.letter) }
        guard let number: Int = digits(unit == nil ? text : String(text.dropLast())) else {
          return nil
        }
        let (bytes, isBeyond) = number.multipliedReportingOverflow(by: unit?.size ?? 1)
        return !isBeyond && range.contains(bytes) ? bytes : nil
      }, write: inBytes
    ).with(\.unit, .bytes)
  }

  /// A number of bytes as text, with the largest unit that divides it.
  @Sendable private static func inBytes(_ bytes: Int) -> String {
    let unit = units.first { bytes >= $0.size && bytes % $0.size == 0 }
    return unit.map { "\(bytes / $0.size)\($0.letter)" } ?? String(bytes)
  }
}

extension Format<Int?> {
  /// A number within `range`, or `auto`.
  static func automatic(_ range: ClosedRange<Int>) -> Self {
    Format(
      "is not a valid number", "\(range.lowerBound) to \(range.upperBound), or auto",
      placeholder: "[n]umber", choices: ["auto"],
      read: { text in
        if text == "auto" { return .some(nil) }
        guard let number: Int = digits(text), range.contains(number) else { return nil }
        return .some(number)
      }, write: { $0.map { String($0) } ?? "auto" })
  }
}

/// The number in `text`, or `nil` unless all of it is digits.
private func digits<Number: FixedWidthInteger>(_ text: String) -> Number? {
  text.utf8.allSatisfy(isDigit) ? Number(text) : nil
}

/// Whether a byte is a digit.
func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
