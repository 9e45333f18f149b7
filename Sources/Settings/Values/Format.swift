import Linux
import UpperLayer

/// How a value is read from text and written as text: what is written is read as the same value from
/// a file.
struct Format<Value: Sendable>: Sendable {
  /// The value in a text.
  let read: @Sendable (_ text: String) throws(Mistake) -> Value
  /// The text of a value.
  let write: @Sendable (_ value: Value) -> String
  /// What it says of its values without their type.
  var traits = Traits()
}

extension Format {
  /// The format whose texts `read` turns into values; the others have `fault`, and `advice` says what
  /// would be right.
  fileprivate init(
    _ fault: String, _ advice: String? = nil, placeholder: String? = nil, choices: [String] = [],
    read: @escaping @Sendable (String) -> Value?, write: @escaping @Sendable (Value) -> String
  ) {
    self.init(
      read: { text throws(Mistake) in
        guard let value = read(text) else { throw Mistake(of: text, fault, advice) }
        return value
      }, write: write, traits: Traits(placeholder: placeholder, choices: choices))
  }

  /// The same format with another trait.
  func with<Trait>(_ path: WritableKeyPath<Traits, Trait>, _ trait: Trait) -> Self {
    var format = self
    format.traits[keyPath: path] = trait
    return format
  }

  /// The name of one of the cases of a type; `others` are further names.
  fileprivate static func word(_ fault: String, others: [String: Value] = [:]) -> Self
  where Value: CaseIterable {
    let names = Value.allCases.map { "\($0)" }
    return Format(
      fault, "one of \(names.joined(separator: ", "))", choices: names,
      read: { text in Value.allCases.first { "\($0)" == text } ?? others[text] },
      write: { "\($0)" })
  }

  /// A list of values, separated by commas or spaces. Where it may be empty, `word` stands for that, and
  /// if `isImplied` an empty text too.
  fileprivate static func list<Element>(
    of element: Format<Element>, or word: String? = nil, isImplied: Bool = false
  ) -> Self where Value == [Element] {
    Format(
      read: { text throws(Mistake) in
        if text == word || text.isEmpty && isImplied { return [] }
        let orWord = text.isEmpty ? word.map { ", or \($0)" } ?? "" : ""
        guard let parts = ListText.elements(of: text) else {
          throw Mistake(of: text, "lacks a closing quotation mark")
        }
        if parts.isEmpty { throw Mistake("it is empty", "at least one value\(orWord)") }
        return try parts.map(element.read)
      },
      write: { list in
        let texts = list.map(element.write)
        guard let word else { return ListText.of(texts) }
        // In quotation marks it is the one element that is called so.
        return texts.isEmpty ? word : texts == [word] ? ListText.quoted(word) : ListText.of(texts)
      },
      traits: Traits(
        choices: [word].compactMap(\.self), isList: true, isTitle: element.traits.isTitle))
  }
}

extension Format<LogLevel> {
  /// A level of the log.
  static let level = word("is no log level", others: ["warn": .warning])
    .with(\.placeholder, "[l]evel")
}

extension Format<LogTarget> {
  /// Where the log goes.
  static let target = word("is no target of the log").with(\.placeholder, "[t]arget")
}

extension Format<TransferSyntaxPreference> {
  /// An order of transfer syntaxes.
  static let preference = word("is no order of transfer syntaxes")
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
  /// The name of a user as useradd(8) has it, with capital letters and dots as many sites have them; or
  /// none.
  static let user = Format(
    "is no name of a user", "1 to 32 letters, digits, dots, - and _, no - in front, or none",
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
  /// What would be right (PS3.5 §6.2, VR AE).
  fileprivate static let form = "1 to 16 ASCII characters without backslash, not only spaces"
  /// An AE title; in quotation marks where a file would be read differently without.
  static let aeTitle = Format(
    "is no AE title", form, placeholder: "[a]etitle",
    read: { AETitle($0) }, write: { ListText.quotedIfNeeded($0.unpadded) }
  ).with(\.isTitle, true)
}

extension Format<[AETitlePattern]> {
  /// Patterns of AE titles, or all of them, which is the empty list.
  static let aeTitlePatterns = list(
    of: Format<AETitlePattern>(
      "is no AE title", "\(Format<AETitle>.form), * and ? standing for others",
      read: { AETitlePattern($0) }, write: \.unpadded
    ).with(\.isTitle, true), or: "all"
  ).with(\.placeholder, "[t]itles")
}

extension Format<UInt16> {
  /// A TCP port.
  static let port = Format(
    "is no port", "a number from 1 to 65535",
    read: { text in digits(text).flatMap { $0 > 0 ? $0 : nil } }, write: { String($0) })
}

extension Format<[UInt16]> {
  /// TCP ports, at least one.
  static let ports = list(of: .port)
}

extension Format<[String]> {
  /// Addresses, or all of them, which is the empty list, and what pynetdicom takes an empty text for.
  static let addresses = list(
    of: Format<String>(
      "is no address", "an IPv4 or IPv6 address, as 192.0.2.1 or ::1",
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
            of: text, "is no address",
            "an IPv4 or IPv6 address or network, as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32")
        case .bitsBehindPrefix(let range):
          throw Mistake(of: text, "has bits behind its prefix", "\(range.text) has none")
        case .hasLink(let range):
          throw Mistake(
            of: text, "names a link, but a rule holds on every link", "\(range.text) names none")
        }
      }
    }, write: \.text)
}

extension Format<[AddressRange]> {
  /// Addresses and networks, at least one.
  static let ranges = list(of: .range)
  /// Addresses and networks, or all of them, which is the empty list.
  static let rangesOrAll = list(of: .range, or: "all").with(\.placeholder, "[a]ddresses")
  /// Addresses and networks, or none of them, which is the empty list.
  static let rangesOrNone = list(of: .range, or: "none")
    .with(\.placeholder, "[a]ddresses")
}

extension Format<UInt32> {
  /// The length of a PDU in bytes.
  static let pduLength = Format(
    "is no PDU length", "bytes from 16 to 4294967295, or 0 for no limit",
    placeholder: "[n]umber of bytes",
    read: { text in digits(text).flatMap { $0 == 0 || $0 >= 16 ? $0 : nil } },
    write: { String($0) }
  ).with(\.unit, .bytes)

  /// Seconds with decimals, held in milliseconds; what is above 0 stays above 0. The longest are eleven
  /// and a half days.
  static let seconds = Format(
    "is no time", "seconds from 0 to 1000000, as 30 or 0.5", placeholder: "[s]econds",
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
  /// The letters for powers of 1024, the largest first, as systemd has them.
  private static let units: [(letter: String, size: Int)] = [
    ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10),
  ]

  /// A number within `range`.
  static func number(_ range: ClosedRange<Int>) -> Self {
    Format(
      "is out of range", "a number from \(range.lowerBound) to \(range.upperBound)",
      placeholder: "[n]umber",
      read: { text in digits(text).flatMap { range.contains($0) ? $0 : nil } },
      write: { String($0) })
  }

  /// A number of bytes within `range`, with K, M or G for the powers of 1024.
  static func bytes(_ range: ClosedRange<Int>) -> Self {
    let bounds = "from \(inBytes(range.lowerBound)) to \(inBytes(range.upperBound))"
    return Format(
      "is no number of bytes", "\(bounds), as 65536 or 64K", placeholder: "[b]ytes",
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

  /// A number of bytes as text, with the largest unit that leaves nothing over.
  @Sendable private static func inBytes(_ bytes: Int) -> String {
    let unit = units.first { bytes >= $0.size && bytes % $0.size == 0 }
    return unit.map { "\(bytes / $0.size)\($0.letter)" } ?? String(bytes)
  }
}

extension Format<Int?> {
  /// A number within `range`, or `auto`.
  static func automatic(_ range: ClosedRange<Int>) -> Self {
    Format(
      "is out of range", "a number from \(range.lowerBound) to \(range.upperBound), or auto",
      placeholder: "[n]umber", choices: ["auto"],
      read: { text in
        if text == "auto" { return .some(nil) }
        guard let number: Int = digits(text), range.contains(number) else { return nil }
        return .some(number)
      }, write: { $0.map { String($0) } ?? "auto" })
  }
}

/// The number that `text` is in digits.
private func digits<Number: FixedWidthInteger>(_ text: String) -> Number? {
  text.utf8.allSatisfy(isDigit) ? Number(text) : nil
}

/// Whether a byte is a digit.
func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
