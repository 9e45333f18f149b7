import Log
import TestKit
import Testing

@testable import Server

/// Accepting while no descriptors are left. Each test runs in its own process, and so has its own limit.
@Suite struct WorkerAcceptingTests {
  @Test("Without descriptors, connections wait at no cost, and are accepted when one is free")
  func outOfDescriptors() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let writer = try LogWriter(queueCount: 1, level: .info)
      try writer.start()
      let crew = try Crew(writer: writer)
      let clients = try (0..<20).map { _ in try crew.client() }
      for client in clients { client.send(Wire.associateRequest()) }
      DescriptorLimit.leave(8)
      try crew.start()
      // Some clients are served, the others wait in the backlog.
      var silent = clients.count
      _ = eventually {
        pause(milliseconds: 200)
        defer { silent = clients.count { $0.isSilent(for: 0) } }
        return silent < clients.count && silent == clients.count { $0.isSilent(for: 0) }
      }
      let waiting = clients.filter { $0.isSilent(for: 0) }
      let served = clients.filter { !$0.isSilent(for: 0) }
      // A descriptor in use for a moment when the limit was set adds one to those left.
      #expect((3...12).contains(served.count))
      for client in served { #expect(client.receivePDU().first == 0x02) }
      let before = processorTime()
      pause(milliseconds: 300)
      #expect(processorTime() - before < 200)
      func countOfWaiting() -> Int { waiting.count { $0.isSilent(for: 0) } }
      #expect(countOfWaiting() == waiting.count)
      // When one connection closes, the next one is served.
      served[0].shutDownWriting()
      #expect(eventually { countOfWaiting() == waiting.count - 1 })
      pause(milliseconds: 50)
      #expect(countOfWaiting() == waiting.count - 1)
      served[1].send(Wire.echoRequest(1))
      #expect(served[1].receivePDU() == echoResponse(1))
      // A descriptor freed by the client serves as well.
      served[0].hangUp()
      #expect(eventually { countOfWaiting() == waiting.count - 2 })
      // After all have closed, none waits; that is logged after a second without a refusal.
      for client in clients { client.hangUp() }
      pause(milliseconds: 1300)
      let late = try crew.client()
      late.send(Wire.associateRequest())
      #expect(late.receivePDU().first == 0x02)
      crew.stop(.stopping)
      writer.stop()
    }
    let log = lines(ofStandardError: process?.standardErrorContent)
    #expect(log.count { $0 == "I: Accepting Association" } == 21)
    #expect(
      log.contains(
        "E: out of file descriptors: accepting pauses until a connection ends; "
          + "raise LimitNOFILE= or ulimit -n"))
    #expect(log.contains("I: file descriptors are free again: accepting resumes"))
    // The error is not repeated at the limit.
    #expect(log.count { $0.hasPrefix("E: ") } == 1)
  }

  @Test("Without descriptors, the oldest of all make room, whichever worker has them")
  func oldestMakeRoom() async {
    _ = await #expect(processExitsWith: .success) {
      let crew = try Crew(workers: 3)
      let clients = try (0..<60).map { _ in try crew.client() }
      DescriptorLimit.leave(8)
      try crew.start()
      func waiting() -> [Int] { clients.indices.filter { clients[$0].isSilent(for: 0) } }
      #expect(eventually { waiting().count <= 12 })
      let last = try #require(clients.last)
      last.send(Wire.associateRequest())
      #expect(last.receivePDU().first == 0x02)
      // No connection is closed while none comes. Each worker may have made room for the same last one, and
      // one accepted first may be counted later than that of another worker.
      pause(milliseconds: 300)
      let left = waiting()
      pause(milliseconds: 200)
      #expect(waiting() == left)
      #expect((5...12).contains(left.count))
      #expect(left.count { $0 >= 60 - 20 } >= left.count - 2)
      crew.stop(.stopping)
    }
  }

  @Test("A stop without free descriptors ends in time")
  func stopsWithoutDescriptors() async {
    await #expect(processExitsWith: .success) {
      let crew = try Crew()
      let clients = try (0..<20).map { _ in try crew.client() }
      for client in clients { client.send(Wire.associateRequest() + Wire.releaseRequest) }
      DescriptorLimit.leave(8)
      try crew.start()
      #expect(clients[0].receivePDU().first == 0x02)
      #expect(crew.stop(.draining) < 1000 + UInt64(Worker.tick) + slack)
      #expect(crew.hasEnded)
    }
  }
}
