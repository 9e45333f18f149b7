/// The name of a section that is about a device: the word `device`, then its AE title, as it is or in
/// quotation marks.
enum DeviceSection {
  private static let word = "device"
  /// How it is told that there are such sections.
  static let form = "[\(word) TITLE]"

  /// The title in the name of a section, or what is wrong with it; nothing when the section is not
  /// about a device.
  static func title(in name: String) -> Value<String>? {
    guard let (first, rest) = parts(of: name), first == word else { return nil }
    switch ConfigurationLine.titleValue(rest) {
    case .right(let text):
      if text.isEmpty {
        return .wrong("the AE title of the device is missing; [device CT1] has one")
      }
      switch Value.aeTitle(text) {
      // Blanks around a title are not significant (PS3.8 §9.3.2).
      case .right(let title): return .right(ConfigurationLine.trimmed(title))
      case .wrong(let problem): return .wrong(problem)
      }
    case .wrong(let problem): return .wrong(problem)
    }
  }

  /// What somebody meant who misspelt the word.
  static func correction(of name: String) -> String? {
    guard let (first, rest) = parts(of: name), !rest.isEmpty,
      NearestName.of(first, among: [word]) != nil, case .right = title(in: "\(word) \(rest)")
    else { return nil }
    return Quotation.whole("[\(word) \(rest)]")
  }

  /// How the section of the device called `title` is written.
  static func text(of title: String) -> String {
    let isPlain =
      title.unicodeScalars.allSatisfy { $0 != "\"" && $0 != "]" } && !StrayMark.encloses(title)
    return "[\(word) \(isPlain ? title : ListText.quoted(title))]"
  }

  /// The first word of a name and what stands behind it; nothing when there is no word.
  private static func parts(of name: String) -> (first: String, rest: String)? {
    let scalars = name.unicodeScalars
    let end = scalars.firstIndex { QuotedScanner.isBlank($0) || $0 == "\"" } ?? scalars.endIndex
    if end == scalars.startIndex { return nil }
    return (String(scalars[..<end]), ConfigurationLine.trimmed(String(scalars[end...])))
  }
}
