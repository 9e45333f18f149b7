@testable import Settings

/// What the manual says of a row of the table besides its sentences.
extension Setting {
  /// Which values are right, in the words of the message that refuses a wrong one: what stands
  /// behind its semicolon.
  var valueText: String {
    let right = property.advice
    let words = choices.joined(separator: " or ")
    guard isList else { return right ?? (words.isEmpty ? "text" : words) }
    let list = "a list" + (right.map { "; each \($0)" } ?? "")
    return words.isEmpty ? list : "\(words), or \(list)"
  }

  /// The switches that set it.
  var switches: [Switch] { Switch.all.filter { $0.key == key } }

  /// Whether the command line sets it by the word that is no option.
  var isOperand: Bool { placeholder == nil && switches.isEmpty }
}

extension DeviceSetting {
  /// Which values are right.
  var valueText: String {
    property.advice.map { "a list; each \($0)" } ?? "text"
  }
}

extension Property {
  /// Which values are right, in the words of the mistake that refuses a wrong one.
  fileprivate var advice: String? {
    do throws(Mistake) {
      // No format takes a lone backslash.
      try check("\\")
      return nil
    } catch {
      return error.advice
    }
  }
}

extension CommandLineOption {
  /// The setting whose value it has.
  var setting: Setting? {
    switch self {
    case .setting(let setting): setting
    case .switch, .action, .probe: nil
    }
  }

  /// Its value when nobody says it, where it has one.
  var defaultText: String? {
    switch self {
    case .setting(let setting): setting.defaultText
    case .probe(let option): option.defaultText
    case .switch, .action: nil
    }
  }

  /// Its names as they are usually written: the short one behind one dash, the long one behind two.
  var usualNames: [String] { [short.map { "-\($0)" }, "--\(long)"].compactMap { $0 } }

  /// How its value is called, in plain words; nothing when it has none.
  var valueName: String? {
    // What may be left out stands in brackets.
    if case .action(.probe) = self { return "[host[:port]]" }
    // A value that may be left out is shown by its words.
    guard let placeholder, !placeholder.hasPrefix("[=") else { return nil }
    return placeholder.replacing("[", with: "").replacing("]", with: "")
  }

  /// Its names and its value as the head of an entry, in roff.
  var tag: String {
    let names = usualNames.map(Roff.bold).joined(separator: ", ")
    if let valueName { return "\(names) \(Roff.italic(valueName))" }
    return names + (placeholder.map(Roff.literal) ?? "")
  }
}
