import Settings
import Testing

/// The text of `--help`.
@Suite struct HelpTests {
  private let lines = Help.text.split(separator: "\n", omittingEmptySubsequences: false)

  @Test("Every option is there under all of its names, with what it does")
  func mentionsEveryOption() {
    for setting in Setting.all {
      guard let placeholder = setting.placeholder else { continue }
      let short = setting.short.map { "-\($0), " } ?? ""
      expectRow("\(short)--\(setting.key) \(placeholder)", setting.help)
    }
    for flag in Switch.all { expectRow("-\(flag.short), --\(flag.long)", flag.help) }
    expectRow("-h, --help", "print this help and exit")
    expectRow("--version", "print version information and exit")
  }

  @Test("Every name that the command line knows is there")
  func mentionsEveryName() {
    let words = Set(Help.text.split { " ,\n".contains($0) })
    for name in CommandLineOption.names {
      let text = name.endsInEqualsSign ? "\(name.text)=" : name.text
      #expect(
        words.contains("-\(text)") || words.contains("--\(text)"), "no \(name.text) in the help")
    }
  }

  @Test("The port stands where it belongs, and so does every group, each once")
  func hasItsParts() {
    #expect(lines.first == "usage: echoscpd [options] [port]")
    #expect(lines.contains { $0.hasPrefix("  port ") && $0.hasSuffix("(default: 11112)") })
    for section in Setting.Section.allCases {
      #expect(lines.count { $0 == "\(section.rawValue):" } == 1)
    }
    #expect(Help.text.hasSuffix("\n"))
    #expect(!Help.text.hasSuffix("\n\n"))
  }

  @Test("An option stands below its own group")
  func isGrouped() throws {
    var group = ""
    for line in lines {
      if line.hasSuffix(":"), !line.hasPrefix(" ") { group = String(line.dropLast()) }
      for setting in Setting.all where setting.placeholder != nil {
        if line.contains("--\(setting.key) ") { #expect(group == setting.section.rawValue) }
      }
      for flag in Switch.all where line.contains("--\(flag.long) ") {
        let setting = try #require(Setting.named(flag.key))
        #expect(group == setting.section.rawValue)
      }
    }
  }

  @Test("The explanations of all options stand in one column")
  func isAligned() {
    let helps = Setting.all.filter { $0.key != "prefer" }.map(\.help) + Switch.all.map(\.help)
    var columns: Set<Int> = []
    for help in helps {
      for line in lines where line.hasSuffix(help) { columns.insert(line.count - help.count) }
    }
    #expect(columns.count == 1, "columns \(columns)")
  }

  @Test("It is plain text for a terminal: ASCII, no tab, no blank at the end of a line")
  func isPlain() {
    #expect(Help.text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    #expect(!lines.contains { $0.hasSuffix(" ") })
  }

  /// Looks for an option with its explanation behind it, on the same line or on the next one.
  private func expectRow(_ option: String, _ help: String) {
    let index = lines.firstIndex { $0 == "  \(option)" || $0.hasPrefix("  \(option) ") }
    guard let index else {
      Issue.record("no \(option) in the help")
      return
    }
    let isAlone = lines[index] == "  \(option)"
    #expect(lines[isAlone ? index + 1 : index].hasSuffix("  \(help)"), "\(option)")
  }
}
