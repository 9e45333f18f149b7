extension Configuration {
  /// Every setting with its value and where that comes from: a configuration file itself.
  public var dump: String {
    var text = "# Every setting of echoscpd with its value, and where that comes from.\n"
    let lines = Setting.all.map { "\($0.key) = \($0.text(settings))" }
    let width = lines.map(\.utf8.count).filter { $0 <= Self.commentColumn }.max() ?? 0
    for section in Setting.Section.allCases {
      text += "\n[\(section.name)]\n"
      for (setting, line) in zip(Setting.all, lines) where setting.section == section {
        let gap = String(repeating: " ", count: max(2, width + 2 - line.utf8.count))
        text += "\(line)\(gap)# \(origin(of: setting.key).text)\n"
      }
    }
    return text
  }

  /// The last column behind which no comment is lined up with the others.
  private static let commentColumn = 50
}
