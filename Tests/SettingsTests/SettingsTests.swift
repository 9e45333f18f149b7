import Settings
import Testing

/// What holds when nobody has configured anything.
@Suite struct SettingsTests {
  @Test("There are no devices")
  func devices() { #expect(Settings().devices == []) }

  @Test("The levels stand in their order, the quietest first")
  func levelsAreOrdered() {
    #expect(LogLevel.allCases == [.none, .critical, .error, .warning, .info, .debug, .auto])
  }
}
