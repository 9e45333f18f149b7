import Linux
import Settings
import Testing

@testable import Log
@testable import Server

/// The remarks of a service at its start.
@Suite struct RemarkTimeTests {
  @Test("A remark has the time at which it was made")
  func hasItsMoment() throws {
    let before = Instant.now.milliseconds
    let places = try #require(Places(descriptors: 1000, workers: 1))
    var settings = Settings()
    settings.maxAssociations = 100_000
    let records = Service.remarks(settings, places)
    #expect(records.count == 1)
    for record in records { #expect((before...Instant.now.milliseconds).contains(record.time)) }
  }
}
