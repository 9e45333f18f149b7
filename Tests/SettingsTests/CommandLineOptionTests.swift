import Settings
import Testing

/// The names under which the command line knows the table.
@Suite struct CommandLineOptionTests {
  @Test("The names are those of pynetdicom's echoscp, and the keys of the settings")
  func names() {
    let expected = [
      "acse-timeout", "ae-title", "aet", "ba", "bind-address", "d", "debug", "dimse-timeout",
      "drain-timeout", "h", "help", "implicit", "ll", "log-level", "max-associations", "max-pdu",
      "network-timeout", "pdu", "prefer-big", "prefer-little", "prefer-uncompr", "q", "quiet",
      "ta", "td", "tn", "v", "verbose", "version", "workers", "x", "xb", "xe", "xi",
    ]
    #expect(CommandLineOption.names.map(\.text).sorted() == expected)
  }

  @Test("No two options share a name")
  func namesAreUnique() {
    let names = CommandLineOption.names.map(\.text)
    #expect(Set(names).count == names.count)
  }

  @Test("Only -x= is written with an equals sign")
  func endsInEqualsSign() {
    let names = CommandLineOption.names.filter(\.endsInEqualsSign).map(\.text)
    #expect(names == ["x"])
  }

  @Test("A setting takes a value; a switch, the help and the version take none")
  func takesArgument() {
    for name in CommandLineOption.names {
      switch name.option {
      case .setting: #expect(name.option.takesArgument, "\(name.text)")
      case .switch, .help, .version: #expect(!name.option.takesArgument, "\(name.text)")
      }
    }
  }

  @Test("Both names of an option mean the same")
  func resolves() throws {
    func meaning(_ name: String) throws -> String {
      let option = try #require(CommandLineOption.names.first { $0.text == name }).option
      switch option {
      case .setting(let setting): return setting.key
      case .switch(let flag): return flag.long
      case .help: return "help"
      case .version: return "version"
      }
    }
    for setting in Setting.all where setting.placeholder != nil {
      for name in [setting.key, setting.short].compactMap({ $0 }) {
        #expect(try meaning(name) == setting.key)
      }
    }
    for flag in Switch.all {
      #expect(try meaning(flag.long) == flag.long)
      #expect(try meaning(flag.short.replacing("=", with: "")) == flag.long)
    }
    #expect(try meaning("help") == "help")
    #expect(try meaning("h") == "help")
    #expect(try meaning("version") == "version")
  }
}
