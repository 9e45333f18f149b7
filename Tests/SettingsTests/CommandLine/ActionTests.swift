import Settings
import Testing

/// The options that select an action.
@Suite struct ActionTests {
  @Test(
    "An action has its names; --config and --reload require a value, and --probe may have one",
    arguments: [
      (.help, "help", "h", nil), (.version, "version", "V", nil),
      (.config, "config", nil, "[f]ile"), (.checkConfig, "check-config", nil, nil),
      (.dumpConfig, "dump-config", nil, nil),
      (.reload, "reload", nil, "[p]rocess"), (.probe, "probe", nil, "[h]ost[:port]"),
    ] as [(Action, String, String?, String?)])
  func names(action: Action, long: String, short: String?, placeholder: String?) {
    #expect(action.long == long)
    #expect(action.short == short)
    #expect(action.placeholder == placeholder)
    #expect(
      CommandLineOption.action(action).takesArgument
        == (placeholder != nil && action != .probe))
    #expect(!action.help.isEmpty)
  }

  @Test("All actions are in the table above, and none has the name of a setting or a switch")
  func all() {
    #expect(
      Action.allCases == [
        .help, .version, .config, .checkConfig, .dumpConfig, .reload, .probe,
      ])
    for action in Action.allCases {
      #expect(Setting.named(action.long) == nil)
      #expect(!Switch.all.contains { $0.long == action.long })
    }
  }

  @Test("The help of --config names the file that is read without it")
  func standardPath() {
    #expect(Action.config.help.contains(ConfigurationFile.standardPath))
  }

  @Test("Two different actions are refused, in either order; --config is valid with each")
  func contradictions() {
    for first in Action.allCases where first != .config {
      for second in Action.allCases where second != .config {
        var line = CommandLineSettings()
        #expect(line.problem(adding: .config, Array("a".utf8)) == nil)
        #expect(line.problem(adding: first, Array("7".utf8)) == nil)
        let problem = line.problem(adding: second, Array("7".utf8))
        #expect((problem == nil) == (first == second))
        if let problem {
          #expect(
            problem == "--\(second.long) conflicts with --\(first.long); use only one of them")
        }
        #expect(line.action == first)
        #expect(line.configurationFile == Array("a".utf8))
      }
    }
  }
}
