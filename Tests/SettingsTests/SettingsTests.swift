import Settings
import Testing

/// The defaults.
@Suite struct SettingsTests {
  @Test("By default there are no devices")
  func devices() { #expect(Settings().devices == []) }

  @Test("The log levels are in order, the quietest first")
  func levelsAreOrdered() {
    #expect(LogLevel.allCases == [.none, .critical, .error, .warning, .info, .debug, .auto])
  }
}
