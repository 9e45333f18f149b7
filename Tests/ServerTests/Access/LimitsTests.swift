import Settings
import Testing

@testable import Server

/// The number of connections available, and the limits that follow from the settings.
@Suite struct LimitsTests {
  private static func places(_ descriptors: Int, workers: Int = 4) -> Places? {
    Places(descriptors: descriptors, workers: workers)
  }

  @Test(
    "A quarter of all is for connections without an association, but at least 64 or half",
    arguments: [
      (16_384, 4, 12_228, 4076), (1024, 4, 708, 236), (288, 4, 144, 64), (256, 4, 152, 64),
      (64, 2, 16, 16), (1_073_741_816, 4, 786_432, 262_144), (20_000, 1, 14_949, 4983),
    ])
  func automatic(descriptors: Int, workers: Int, associations: Int, pending: Int) throws {
    let places = try #require(Self.places(descriptors, workers: workers))
    let limits = Limits(Settings(), places)
    #expect(limits.associations == associations && limits.pending == pending)
    #expect(limits.associations + limits.pending == places.connections)
    #expect(limits.sharesAssociations)
  }

  @Test("Whatever the settings, both together never exceed the places")
  func sums() throws {
    for descriptors in [48, 64, 255, 256, 1024, 16_384] {
      let places = try #require(Self.places(descriptors))
      for associations in [nil, 1, 50, 700, 1_000_000] as [Int?] {
        for pending in [nil, 1, 50, 700, 1_000_000] as [Int?] {
          var settings = Settings()
          settings.maxAssociations = associations
          settings.maxPending = pending
          let limits = Limits(settings, places)
          #expect(limits.associations + limits.pending <= places.connections)
          #expect(limits.associations > 0 && limits.pending > 0)
          #expect(limits.associations <= associations ?? .max)
          #expect(limits.pending <= pending ?? .max)
        }
      }
    }
  }

  @Test("Below the least descriptor limit there are no places")
  func least() {
    for workers in [1, 2, 4, 64] {
      let least = Places.least(workers: workers)
      #expect(Self.places(least, workers: workers) != nil)
      #expect(Self.places(least - 1, workers: workers) == nil)
    }
  }

  @Test("A number holds if it fits; configured associations reduce the pending ones")
  func numbers() throws {
    let places = try #require(Self.places(1024))
    var settings = Settings()
    settings.maxAssociations = 800
    #expect(Limits(settings, places).associations == 800)
    #expect(Limits(settings, places).pending == 144)
    settings.maxAssociations = 500
    settings.maxPending = 300
    settings.maxAssociationsPerAddress = 5
    settings.maxPendingPerAddress = 6
    settings.maxConnectionRate = 7
    settings.partialPduMemory = 8 << 20
    let limits = Limits(settings, places)
    #expect((limits.associations, limits.pending) == (500, 300))
    #expect(!limits.sharesAssociations)
    #expect(
      (limits.associationsPerAddress, limits.pendingPerAddress, limits.connectionRate) == (5, 6, 7))
    #expect(limits.partialPDUMemory == 2 << 20)
  }
}
