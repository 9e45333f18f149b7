import Linux
import Log
import Server
import Settings
import Testing

@testable import Log

/// When a record was made.
@Suite struct RecordTimeTests {
  @Test("A record has the moment at which it was made, unless that was looked at already")
  func hasItsMoment() throws {
    let before = Instant.now.milliseconds
    let places = try #require(Places(descriptors: 1000, workers: 1))
    var settings = Settings()
    settings.maxAssociations = 100_000
    let records = [Record(.stopping, about: nil)] + Service.remarks(settings, places)
    #expect(records.count == 2)
    for record in records { #expect((before...Instant.now.milliseconds).contains(record.time)) }
    #expect(Record(.stopping, about: nil, at: 7).time == 7)
  }
}
