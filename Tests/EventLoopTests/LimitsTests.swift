import Settings
import Testing

@testable import EventLoop

/// What the settings of the section limits come to, given how many connections have room.
@Suite struct LimitsTests {
  @Test(
    "There may be as many as have room, half of them without an association, or 64",
    arguments: [(20_000, 10_000), (200, 100), (128, 64), (100, 64), (1, 64)])
  func automatic(room: Int, pending: Int) {
    let limits = Limits(Settings(), room: room)
    #expect(limits.associations == room && limits.pending == pending)
  }

  @Test("A number counts where it has room")
  func numbers() {
    var settings = Settings()
    settings.maxAssociations = 500
    settings.maxPending = 300
    settings.maxAssociationsPerAddress = 5
    settings.maxPendingPerAddress = 6
    settings.maxConnectionRate = 7
    #expect(Limits(settings, room: 1000).associations == 500)
    #expect(Limits(settings, room: 1000).pending == 300)
    let few = Limits(settings, room: 200)
    #expect((few.associations, few.pending) == (200, 300))
    #expect((few.associationsPerAddress, few.pendingPerAddress, few.connectionRate) == (5, 6, 7))
  }
}
