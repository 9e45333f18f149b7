import Log
import Settings
import Systemd
import TestKit
import Testing

@testable import Log

/// Where the log goes and how much of it, where the settings leave something open.
@Suite struct LogSettingsTests {
  @Test("A level is the priority of its name; auto is warning on a terminal, info in the journal")
  func levels() {
    let expected: [(LogLevel, terminal: Priority?, journal: Priority?)] = [
      (.none, nil, nil), (.critical, .critical, .critical), (.error, .error, .error),
      (.warning, .warning, .warning), (.info, .info, .info), (.debug, .debug, .debug),
      (.auto, .warning, .info),
    ]
    #expect(expected.map(\.0) == LogLevel.allCases)
    for (level, terminal, journal) in expected {
      var settings = Settings()
      settings.logLevel = level
      #expect(settings.quietestPriority(in: .terminal) == terminal)
      #expect(settings.quietestPriority(in: .journal) == journal)
    }
  }

  @Test("A target that is named counts, whatever the environment says")
  func namedTarget() {
    var settings = Settings()
    settings.logTarget = .journal
    #expect(settings.rendering == .journal)
    settings.logTarget = .stderr
    #expect(settings.rendering == .terminal)
  }

  @Test("Without one it is the journal exactly if standard error is the journal's")
  func automaticTarget() async {
    await #expect(processExitsWith: .success) {
      setJournalStream(nil)
      #expect(Settings().rendering == .terminal)
      let name = try #require(JournalStream.name(of: 2))
      setJournalStream(name)
      #expect(Settings().rendering == .journal)
      setJournalStream("\(name)0")
      #expect(Settings().rendering == .terminal)
    }
  }
}
