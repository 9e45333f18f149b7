import Linux
import TestKit
import Testing

@testable import Server
@testable import Systemd

/// The watchdog of the service manager, which is fed while every worker goes round.
@Suite struct WatchdogTests {
  @Test("There is no watchdog if the service manager has none")
  func none() {
    #expect(Watchdog(timeout: nil, now: .now, rounds: []) == nil)
    #expect(Watchdog(timeout: 0, now: .now, rounds: []) == nil)
  }

  @Test("Idle workers are nudged, and the watchdog is fed")
  func idleWorkers() throws {
    let crew = try Crew.running(workers: 2)
    var now = Instant.now
    var watchdog = try #require(
      Watchdog(timeout: 400, now: now, rounds: crew.threads.map(\.counters.rounds)))
    for turn in 0..<50 {
      let before = crew.threads.map(\.counters.rounds)
      let isFed = self.isFed(&watchdog, now, crew.threads)
      #expect(isFed || turn == 0)
      #expect(eventually { zip(crew.threads, before).allSatisfy { $0.counters.rounds > $1 } })
      let isFedTooEarly = self.isFed(&watchdog, now, crew.threads)
      #expect(!isFedTooEarly)
      now = now + 100
      #expect(watchdog.next == now)
    }
  }

  @Test("The watchdog is not fed while one worker is stuck, however busy the other one is")
  func stuckWorker() throws {
    let running = try Crew.running()
    let stuck = try Crew()
    let threads = running.threads + stuck.threads
    var now = Instant.now
    var watchdog = try #require(
      Watchdog(timeout: 400, now: now, rounds: threads.map(\.counters.rounds)))
    for _ in 0..<4 {
      let isFed = self.isFed(&watchdog, now, threads)
      #expect(!isFed)
      now = now + 100
      pause(milliseconds: 20)
    }
    try stuck.start()
    #expect(eventually { stuck.threads[0].counters.rounds > 0 })
    let isFed = self.isFed(&watchdog, now, threads)
    #expect(isFed)
  }

  private func isFed(_ watchdog: inout Watchdog, _ now: Instant, _ crew: [WorkerThread]) -> Bool {
    watchdog.isFed(at: now, rounds: crew.map(\.counters.rounds)) {
      for thread in crew { thread.wakeup.signal() }
    }
  }
}
