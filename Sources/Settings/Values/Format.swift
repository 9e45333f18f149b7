/// How a value is read from text and written as text: what is written is read as the same value from
/// a file.
struct Format<T: Sendable>: Sendable {
  /// The value in a text, or what is wrong with it.
  let read: @Sendable (String) -> Value<T>
  /// The text of a value.
  let write: @Sendable (T) -> String
  /// Whether it is that of a list.
  var isList = false
  /// The values that there are, when they are few words.
  var choices: [String] = []
  /// The value that an option without one stands for.
  var impliedValue: String?
  /// What its number counts.
  var unit = Setting.Unit.none
  /// Whether it is one AE title or several, which may hold marks that stand around values elsewhere.
  var isTitle = false
}

extension Format<LogLevel> {
  /// A level of the log.
  static let level = Format(
    read: Value.level, write: { "\($0)" }, choices: LogLevel.allCases.map { "\($0)" })
}

extension Format<LogTarget> {
  /// Where the log goes.
  static let target = Format(
    read: Value.target, write: { $0.rawValue }, choices: LogTarget.allCases.map(\.rawValue))
}

extension Format<Preference> {
  /// An order of transfer syntaxes.
  static let preference = Format(
    read: Value.preference, write: { $0.rawValue }, choices: Preference.allCases.map(\.rawValue))
}

extension Format<String> {
  /// An AE title; in quotation marks where a file would be read differently without.
  static let aeTitle = Format(
    read: Value.aeTitle, write: ListText.quotedIfNeeded, isTitle: true)
}

extension Format<String?> {
  /// The name of a user, or none.
  static let user = Format(read: Value.user, write: { $0 ?? "none" }, choices: ["none"])
}

extension Format<Bool> {
  /// Yes or no.
  static let yesOrNo = Format(
    read: Value.yesOrNo, write: { $0 ? "yes" : "no" }, choices: ["yes", "no"], impliedValue: "yes")
}

extension Format<UInt32> {
  /// Seconds with decimals, held in milliseconds.
  static let seconds = Format(read: Value.seconds, write: Self.inSeconds, unit: .seconds)
  /// The length of a PDU in bytes.
  static let pduLength = Format(read: Value.maxPDU, write: { String($0) }, unit: .bytes)

  private static func inSeconds(_ milliseconds: UInt32) -> String {
    var decimals = String(milliseconds % 1000 + 1000).dropFirst()
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(milliseconds / 1000)" + (decimals.isEmpty ? "" : ".\(decimals)")
  }
}

extension Format<Int?> {
  /// A number within `range`, or `auto`.
  static func automatic(_ range: ClosedRange<Int>) -> Format {
    Format(
      read: { Value.automatic($0, range) }, write: { $0.map { String($0) } ?? "auto" },
      choices: ["auto"])
  }
}

extension Format<Int> {
  /// A number within `range`.
  static func number(_ range: ClosedRange<Int>) -> Format {
    Format(read: { Value.number($0, range) }, write: { String($0) })
  }

  /// A number of bytes within `range`, with K, M or G for the powers of 1024.
  static func bytes(_ range: ClosedRange<Int>) -> Format {
    Format(read: { Value.bytes($0, range) }, write: Value.inBytes, unit: .bytes)
  }
}

extension Format<[UInt16]> {
  /// TCP ports, at least one.
  static let ports = Format(
    read: { Value.list($0, Value.port) }, write: { ListText.of($0.map { String($0) }) },
    isList: true)
}

extension Format<[String]> {
  /// Addresses, or all of them, which is the empty list, and what pynetdicom takes an empty text for.
  static let addresses = list(or: "all", isImplied: true, of: Value.address) { $0 }
  /// Patterns of AE titles, or all of them, which is the empty list.
  static let aeTitlePatterns = list(
    or: "all", isTitle: true, of: Value.aeTitlePattern
  ) { $0 }
}

extension Format<[AddressRange]> {
  /// Addresses and networks, at least one.
  static let ranges = Format(
    read: { Value.list($0, Value.addressRange) }, write: { ListText.of($0.map(\.text)) },
    isList: true)
  /// Addresses and networks, or all of them, which is the empty list.
  static let rangesOrAll = list(or: "all", of: Value.addressRange) { $0.text }
  /// Addresses and networks, or none of them, which is the empty list.
  static let rangesOrNone = list(or: "none", of: Value.addressRange) { $0.text }
}

extension Format {
  /// A list of elements, whose `text` is written; `word` is an empty one, and if `isImplied` an empty
  /// text too.
  fileprivate static func list<Element>(
    or word: String, isImplied: Bool = false,
    isTitle: Bool = false,
    of element: @escaping @Sendable (String) -> Value<Element>,
    _ text: @escaping @Sendable (Element) -> String
  ) -> Format where T == [Element] {
    Format(
      read: { Value.list($0, or: word, isImplied: isImplied, element) },
      write: { list in
        let texts = list.map(text)
        // In quotation marks it is the one element that is called so.
        return texts.isEmpty ? word : texts == [word] ? "\"\(word)\"" : ListText.of(texts)
      },
      isList: true, choices: [word], isTitle: isTitle)
  }
}

extension Setting {
  /// What the number of a setting counts: who comes from another format writes it behind the number.
  enum Unit: Sendable {
    /// Nothing, or it is no number.
    case none
    /// Seconds.
    case seconds
    /// Bytes.
    case bytes
  }
}
