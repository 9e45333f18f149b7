/// Lines without an equals sign, such as those of YAML, JSON, XML or the configuration of a server.
enum ForeignLine {
  /// The beginnings of comments in other formats.
  private static let comments = ["//", "/*", "*/", "-- ", "<!--", "REM ", "rem ", "!", "%", "' "]
  /// The longest line that is examined, in bytes.
  private static let longest = 1000

  /// The message about the line `text`, with what to write in `section` instead.
  static func problem(_ text: String, in section: ConfigurationFile.SectionName) -> String {
    let fault = "\(Quotation.of(text)) sets nothing"
    let usual = Mistake(fault, expected: "key = value").text
    guard text.utf8.count <= longest else { return usual }
    if let problem = LookAlike.problem(in: text) { return problem }
    if comments.contains(where: text.hasPrefix) {
      return Mistake(fault, "start a comment with # or ;").text
    }
    if let right = correction(of: text, in: section) { return Mistake(fault, right).text }
    if text.hasPrefix("- ") {
      return Mistake(fault, "put a list on one line, as in key = value, value").text
    }
    return usual
  }

  /// The advice what to write instead of `text`, or `nil` if the meaning is not clear.
  private static func correction(
    of text: String, in section: ConfigurationFile.SectionName
  ) -> String? {
    let isMark = { (scalar: Unicode.Scalar) in "\"'`<{[( \t".unicodeScalars.contains(scalar) }
    let start = text.unicodeScalars.drop(while: isMark)
    let name = start.prefix {
      $0.properties.isAlphabetic || "-_.0123456789".unicodeScalars.contains($0)
    }
    let key = ForeignName.bare(String(name))
    var rest = start[name.endIndex...].drop { "\"'`>: \t".unicodeScalars.contains($0) }
    // The closing tag of an XML element.
    if let end = Substring(rest).place(of: "</") { rest = rest[..<end.lowerBound] }
    let values = StrayMark.elements(of: ConfigurationLine.plainValue(String(rest)))
    if values.isEmpty, Setting.Section(rawValue: key.lowercased()) != nil, String(name) != text {
      return "write [\(key.lowercased())]"
    }
    guard !key.isEmpty, !values.isEmpty else { return nil }
    if let right = lines(key, values, in: section) { return "write \(right)" }
    if case .other(let instead) = ForeignName.meaning(of: key) { return instead }
    return nil
  }

  /// The lines that set the setting meant by `key` to `values`, and their section unless it is `section`;
  /// `nil` if the meaning is not clear.
  private static func lines(
    _ key: String, _ values: [String], in section: ConfigurationFile.SectionName
  ) -> String? {
    let isDevice = if case .device = section { true } else { false }
    let keys = DeviceSetting.all.map(\.key) + (isDevice ? [] : Setting.all.map(\.key))
    guard let key = ForeignName.key(meantBy: key, among: keys) else { return nil }
    var lines: [(key: String, value: String)] = []
    var place = isDevice ? nil : DeviceSection.form
    if let setting = DeviceSetting.named(key) {
      lines = Repair.line(ListText.of(values), setting.property).map { [(key, $0)] } ?? []
    } else if let setting = Setting.named(key) {
      let whole = values.joined(separator: " ")
      let value = setting.isList ? ListText.of(values) : ListText.quotedIfNeeded(whole)
      let isPlace = ["port", "bind-address"].contains(key)
      lines =
        Repair.line(value, setting.property).map { [(key, $0)] }
        ?? (isPlace ? Endpoint(values)?.assignments : nil) ?? []
      place = section == .known(setting.section) ? nil : "[\(setting.section.name)]"
    }
    guard !lines.isEmpty else { return nil }
    let text = lines.map { "\($0.key) = \($0.value)" }.joined(separator: ", and ")
    return Quotation.whole(text).map { $0 + (place.map { " in \($0)" } ?? "") }
  }
}
