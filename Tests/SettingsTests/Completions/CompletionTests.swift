import Settings
import TestKit
import Testing

/// The completions of the shells: as agreed on, and complete. Tests/Interop checks whether the shells understand
/// them.
@Suite struct CompletionTests {
  @Test(
    "The completions are the agreed ones",
    arguments: [
      ("echoscpd.bash", BashCompletion.text), ("_echoscpd", ZshCompletion.text),
      ("echoscpd.fish", FishCompletion.text),
    ])
  func agreed(file: String, text: String) throws {
    try TextFile("packaging/completions/\(file)").expect(text)
  }

  @Test("bash and zsh know every option by its usual names, and fish by the names alone")
  func everyOption() {
    let bash = words(of: BashCompletion.text)
    let zsh = words(of: ZshCompletion.text.replacing("\\=", with: "="))
    let fish = words(of: FishCompletion.text)
    for option in CommandLineOption.all {
      for name in option.usualNames {
        #expect(bash.contains(name), "bash: \(name)")
        #expect(zsh.contains(name), "zsh: \(name)")
      }
      for name in option.plainNames {
        #expect(bash.contains(name), "bash: \(name)")
        #expect(fish.contains(name), "fish: \(name)")
      }
    }
  }

  @Test("zsh and fish describe every option")
  func everyHelp() {
    for option in CommandLineOption.all {
      #expect(plain(ZshCompletion.text).contains("[\(plain(option.help))]"))
      #expect(plain(FishCompletion.text).contains(" -d \(plain(option.help))\n"))
    }
  }

  @Test("A value is completed by its choices, by files, or not at all")
  func values() throws {
    func completion(_ long: String) throws -> Completion {
      Completion(try #require(CommandLineOption.all.first { $0.long == long }))
    }
    let levels = ["none", "critical", "error", "warning", "info", "debug", "auto"]
    #expect(try completion("log-level") == .words(levels))
    #expect(try completion("log-target") == .words(["auto", "journal", "stderr"]))
    #expect(try completion("workers") == .words(["auto"]))
    #expect(try completion("require-called-ae-title") == .attachedWords(["yes", "no"]))
    #expect(try completion("config") == .file)
    #expect(try completion("tls-certificate") == .file && completion("tls-crl") == .file)
    #expect(try completion("tls-client-certificate") == .words(["require", "request", "no"]))
    #expect(try completion("server-name") == .anything)
    #expect(try completion("count") == .anything)
    #expect(try completion("ae-title") == .anything)
    for name in ["verbose", "implicit", "help", "dump-config", "probe", "json", "tls"] {
      #expect(try completion(name) == .nothing)
    }
  }

  @Test("Options that conflict with a given one are not offered")
  func alternatives() throws {
    func alternatives(_ long: String) throws -> [String] {
      try #require(CommandLineOption.all.first { $0.long == long }).alternatives.map(\.long)
    }
    #expect(try alternatives("debug") == ["quiet", "verbose", "debug"])
    #expect(try alternatives("help") == ["help", "version", "check-config", "dump-config"])
    #expect(try alternatives("config") == ["config"])
    #expect(try alternatives("ae-title") == ["ae-title"])
  }

  /// Returns a text without a shell's quoting.
  private func plain(_ text: String) -> String { text.filter { $0 != "\\" && $0 != "'" } }

  /// Returns the words of a file, each also without its equals sign and the part after it.
  private func words(of text: String) -> Set<String> {
    let words = text.split { " ()'\n{},|[]".contains($0) }.map(String.init)
    return Set(words + words.map { String($0.prefix { $0 != "=" }) })
  }
}
