import Testing

@testable import Settings

/// The names of the options on the command line.
@Suite struct CommandLineOptionTests {
  @Test("The names are those of pynetdicom's echoscp, and the keys of the settings")
  func names() {
    let settings = SettingSample.all.filter { !["port", "prefer"].contains($0.key) }
      .flatMap { [$0.key, $0.short].compactMap(\.self) }
    let others = [
      "V", "aec", "c", "called-ae-title", "calling-ae-title", "check-config", "config", "count",
      "critical", "d", "debug", "devices", "dump-config", "h", "haproxy-check", "help", "implicit",
      "interval",
      "json", "prefer-big",
      "prefer-little", "prefer-uncompr", "probe", "q", "quiet", "reload", "server-name", "tls", "v",
      "verbose", "version", "w", "warning", "x", "xb", "xe", "xi",
    ]
    let expected = (settings + others).sorted()
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

  @Test(
    "A setting requires a value unless one is implied; of the others, those with a placeholder do")
  func takesArgument() {
    let without = CommandLineOption.names.filter { !$0.option.takesArgument }.map(\.text).sorted()
    #expect(
      without == [
        "V", "check-config", "core-dumps", "d", "debug", "devices", "dump-config", "h",
        "haproxy-check", "help", "implicit",
        "json", "log-pdus", "prefer-big",
        "prefer-little", "prefer-uncompr", "probe", "q", "quiet", "require-called-ae-title", "tls",
        "v",
        "verbose",
        "version", "x", "xb", "xe", "xi",
      ])
  }

  @Test(
    "The message about an unknown option has the one that was meant, or all that it may be",
    arguments: [
      ("--acse-timout", "--acse-timout is not an option; use --acse-timeout"),
      ("-acse-timout=5", "-acse-timout=5 is not an option; use --acse-timeout"),
      ("--AE_Title", "--AE_Title is not an option; use --ae-title"),
      ("--colour", "--colour is not an option"),
      ("--", "-- is not an option"),
      ("-z\u{1B}", "-z\\u{1B} is not an option"),
      ("--ae", "--ae is not an option; use --ae-title"),
      (
        "--prefer",
        "--prefer is ambiguous: expected one of --prefer-big, --prefer-little, --prefer-uncompr"
      ),
    ])
  func unknown(word: String, problem: String) {
    #expect(CommandLineOption.problem(unknown: word) == problem)
  }

  @Test("The long and the short name of an option mean the same")
  func resolves() throws {
    func meaning(_ name: String) throws -> String {
      let option = try #require(CommandLineOption.names.first { $0.text == name }).option
      switch option {
      case .setting(let setting): return setting.key
      case .switch(let flag): return flag.long
      case .action(let action): return action.long
      case .probe(let option): return option.long
      }
    }
    for option in ProbeOption.allCases {
      for name in [option.long, option.short].compactMap({ $0 }) {
        #expect(try meaning(name) == option.long)
      }
    }
    for action in Action.allCases { #expect(try meaning(action.long) == action.long) }
    for setting in Setting.all where setting.placeholder != nil {
      for name in [setting.key, setting.short].compactMap({ $0 }) {
        #expect(try meaning(name) == setting.key)
      }
    }
    for flag in Switch.all {
      #expect(try meaning(flag.long) == flag.long)
      #expect(try meaning(flag.short.replacing("=", with: "")) == flag.long)
    }
    #expect(try meaning("h") == "help")
  }
}
