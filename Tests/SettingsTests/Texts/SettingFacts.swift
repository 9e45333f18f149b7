@testable import Settings

/// The facts about a setting that the manual shows below its description.
extension Setting {
  /// The allowed values, in the words of the message that refuses any other value.
  var valueText: String {
    let right = property.advice
    let words = choices.joined(separator: " or ")
    guard isList else { return right ?? (words.isEmpty ? "text" : words) }
    let list = "a list" + (right.map { "; each \($0)" } ?? "")
    return words.isEmpty ? list : "\(words), or \(list)"
  }

  /// The switches for the setting.
  var switches: [Switch] { Switch.all.filter { $0.key == key } }

  /// Whether the setting is the operand of the command line.
  var isOperand: Bool { placeholder == nil && switches.isEmpty }
}

extension DeviceSetting {
  /// What the manual shows as the default of each.
  static let defaultText = "none; at least one of these is required"

  /// The allowed values.
  var valueText: String {
    property.advice.map { property.traits.isList ? "a list; each \($0)" : $0 } ?? "text"
  }
}

extension Property {
  /// The allowed values, in the words of the message that refuses any other value.
  fileprivate var advice: String? {
    do throws(Mistake) {
      // No format accepts a lone backslash.
      try check("\\")
      return nil
    } catch {
      return error.advice
    }
  }
}

extension CommandLineOption {
  /// The default of the option's value, or `nil` if it has none.
  var defaultText: String? {
    switch self {
    case .setting(let setting): setting.defaultText
    case .probe(let option): option.defaultText
    case .switch, .action: nil
    }
  }

  /// The option's names as usually written: the short one after one dash, the long one after two.
  var usualNames: [String] { [short.map { "-\($0)" }, "--\(long)"].compactMap { $0 } }

  /// The name of the option's value, or `nil` if it has none.
  var valueName: String? {
    // Brackets mark the optional parts.
    if case .action(.probe) = self { return "[host[:port] ...]" }
    // The heading of the option shows the words of an optional value.
    guard let placeholder, !placeholder.hasPrefix("[=") else { return nil }
    return placeholder.replacing("[", with: "").replacing("]", with: "")
  }
}
