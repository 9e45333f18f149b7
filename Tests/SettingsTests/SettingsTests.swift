import Settings
import Testing
import UpperLayer

/// What holds when nobody has configured anything.
@Suite struct SettingsTests {
  @Test("The defaults are those of the manual")
  func defaults() {
    let settings = Settings()
    #expect(settings.logLevel == .auto)
    #expect(settings.logTarget == .auto && settings.logPdus)
    #expect(settings.user == nil && !settings.coreDumps)
    #expect(settings.port == [11112])
    #expect(settings.bindAddress == [])
    #expect(settings.aeTitle.unpadded == "ECHOSCP")
    #expect(settings.acseTimeout == 30_000)
    #expect(settings.dimseTimeout == 30_000)
    #expect(settings.networkTimeout == 30_000)
    #expect(settings.maxPdu == 16382)
    #expect(settings.workers == nil)
    #expect(settings.drainTimeout == 5_000)
    #expect(settings.prefer == .none)
    #expect(!settings.requireCalledAeTitle)
    #expect(settings.allowCallingAeTitles == [])
    #expect(settings.allowAddresses == [] && settings.denyAddresses == [])
    #expect(settings.devices == [])
    #expect(settings.maxAssociations == nil)
    #expect(settings.maxAssociationsPerAddress == 0)
    #expect(settings.maxPending == nil)
    #expect(settings.maxPendingPerAddress == 0)
    #expect(settings.maxConnectionRate == 0)
    #expect(settings.partialPduMemory == 33_554_432)
    #expect(settings.maxPdusPerWakeup == 1024)
    #expect(settings.maxBytesPerWakeup == 65_536)
    #expect(settings.maxUnread == 16_384)
  }

  @Test("No property is without its default in the test above")
  func everyDefaultIsTested() {
    #expect(Mirror(reflecting: Settings()).children.count == 29)
  }

  @Test("The levels stand in their order, the quietest first")
  func levelsAreOrdered() {
    #expect(LogLevel.allCases == [.none, .critical, .error, .warning, .info, .debug, .auto])
  }
}
