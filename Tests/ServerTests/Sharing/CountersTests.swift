import Testing

@testable import Server

/// The counters of a worker.
@Suite struct CountersTests {
  @Test("Associations and echoes are counted separately")
  func counts() {
    let counters = Counters()
    #expect(counters.associations == 0 && counters.echoes == 0)
    for _ in 0..<3 { counters.countAssociation() }
    for _ in 0..<5 { counters.countEcho() }
    #expect(counters.associations == 3 && counters.echoes == 5)
  }
}
