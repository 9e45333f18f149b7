/// How a value is read from text and written as text: `read(write(x))` is `x`.
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
}

extension Format<LogLevel> {
  /// A level of the log.
  static let level = Format(
    read: Value.level, write: { "\($0)" }, choices: LogLevel.allCases.map { "\($0)" })
}

extension Format<Preference> {
  /// An order of transfer syntaxes.
  static let preference = Format(
    read: Value.preference, write: { $0.rawValue }, choices: Preference.allCases.map(\.rawValue))
}

extension Format<String> {
  /// An AE title; in quotation marks where a file would be read differently without.
  static let aeTitle = Format(read: Value.aeTitle, write: ListText.quotedIfNeeded)
}

extension Format<Bool> {
  /// Yes or no.
  static let yesOrNo = Format(
    read: Value.yesOrNo, write: { $0 ? "yes" : "no" }, choices: ["yes", "no"], impliedValue: "yes")
}

extension Format<UInt32> {
  /// Seconds with decimals, held in milliseconds.
  static let seconds = Format(read: Value.seconds, write: Self.inSeconds)
  /// The length of a PDU in bytes.
  static let pduLength = Format(read: Value.maxPDU, write: { String($0) })

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

extension Format<[UInt16]> {
  /// TCP ports, at least one.
  static let ports = Format(
    read: { Value.list($0, Value.port) }, write: { ListText.of($0.map { String($0) }) },
    isList: true)
}

extension Format<[String]> {
  /// Addresses, or all of them, which is the empty list.
  static let addresses = allOr(Value.address)
  /// Patterns of AE titles, or all of them, which is the empty list.
  static let aeTitlePatterns = allOr(Value.aeTitlePattern)

  private static func allOr(_ element: @escaping @Sendable (String) -> Value<String>) -> Format {
    Format(
      read: { Value.listOrAll($0, element) },
      write: { list in
        // In quotation marks it is the one element that is called so.
        list.isEmpty ? "all" : list == ["all"] ? "\"all\"" : ListText.of(list)
      },
      isList: true, choices: ["all"])
  }
}
