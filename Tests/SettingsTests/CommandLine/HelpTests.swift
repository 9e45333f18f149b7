import Settings
import Testing

/// The text of `--help`.
@Suite struct HelpTests {
  private let lines = Help.text.split(separator: "\n", omittingEmptySubsequences: false)

  @Test("Every name of an option is there, except for those that few people use")
  func mentionsEveryName() {
    let words = Set(Help.text.split { " ,[\n".contains($0) })
    for name in CommandLineOption.names {
      let text = name.endsInEqualsSign ? "\(name.text)=" : name.text
      let isThere = words.contains("-\(text)") || words.contains("--\(text)")
      #expect(isThere == name.option.isListed, "\(name.text) in the help")
    }
    #expect(
      lines.suffix(2).first
        == "  --KEY value                         any other setting of echoscp.conf(5)")
  }

  @Test("The port and every group are there, each once")
  func hasItsParts() {
    #expect(lines.first == "usage: echoscpd [options] [port]")
    #expect(lines.contains { $0.hasPrefix("  port ") && $0.hasSuffix("(default: 11112)") })
    for group in OptionGroup.all {
      let isListed = group.options.contains(where: \.isListed)
      #expect(lines.count { $0 == "\(group.heading):" } == (isListed ? 1 : 0))
    }
    #expect(Help.text.hasSuffix("\n"))
    #expect(!Help.text.hasSuffix("\n\n"))
  }

  @Test("An option is below its own group")
  func isGrouped() throws {
    var group = ""
    for line in lines {
      if line.hasSuffix(":"), !line.hasPrefix(" ") { group = String(line.dropLast()) }
      for setting in Setting.all where setting.placeholder != nil {
        if line.contains("--\(setting.key) ") { #expect(group == setting.section.heading) }
      }
      for flag in Switch.all where line.contains("--\(flag.long) ") {
        let setting = try #require(Setting.named(flag.key))
        #expect(group == setting.section.heading)
      }
    }
  }

  @Test("The help is plain text for a terminal: ASCII, no tab, no blank at the end of a line")
  func isPlain() {
    #expect(Help.text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    #expect(!lines.contains { $0.hasSuffix(" ") })
  }
}
