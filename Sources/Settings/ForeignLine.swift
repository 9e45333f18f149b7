/// A line without an equals sign: as YAML, JSON, XML, or a server's configuration has it.
enum ForeignLine {
  /// How lines begin that are comments elsewhere.
  private static let comments = ["//", "/*", "*/", "-- ", "<!--", "REM ", "rem ", "!", "%", "' "]
  /// The longest line that is looked at, in bytes.
  private static let longest = 1000

  /// What is wrong with it, and what is written instead.
  static func problem(_ text: String) -> String {
    let fault = "\(Quotation.of(text)) sets nothing"
    guard text.utf8.count <= longest else { return "\(fault); key = value does" }
    if let problem = LookAlike.problem(in: text) { return problem }
    if comments.contains(where: text.hasPrefix) { return "\(fault); a comment begins with # or ;" }
    if let right = correction(of: text) { return "\(fault); write \(Quotation.shown(right))" }
    if text.hasPrefix("- ") { return "\(fault); a list stands on one line, key = value, value" }
    return "\(fault); key = value does"
  }

  /// The same line as it is written here, or nothing when one cannot tell.
  private static func correction(of text: String) -> String? {
    let isMark = { (scalar: Unicode.Scalar) in "\"'`<{[( \t".unicodeScalars.contains(scalar) }
    let start = text.unicodeScalars.drop(while: isMark)
    let name = start.prefix {
      $0.properties.isAlphabetic || "-_.0123456789".unicodeScalars.contains($0)
    }
    let key = ForeignName.bare(String(name))
    var rest = start[name.endIndex...].drop { "\"'`>: \t".unicodeScalars.contains($0) }
    // What closes an element of XML.
    if let end = Substring(rest).place(of: "</") { rest = rest[..<end.lowerBound] }
    let values = StrayMark.elements(of: ConfigurationLine.plainValue(String(rest)))
    if values.isEmpty, Setting.Section(rawValue: key.lowercased()) != nil, String(name) != text {
      return "[\(key.lowercased())]"
    }
    let keys = Setting.all.map(\.key) + DeviceSetting.all.map(\.key)
    guard !key.isEmpty, !values.isEmpty, let right = ForeignName.key(meantBy: key, among: keys)
    else { return nil }
    let isList = Setting.named(right)?.isList ?? true
    let value =
      isList ? ListText.of(values) : ListText.quotedIfNeeded(values.joined(separator: " "))
    return "\(right) = \(value)"
  }
}
