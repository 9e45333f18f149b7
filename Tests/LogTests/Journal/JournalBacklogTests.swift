import Log
import Systemd
import TestKit
import Testing

@testable import Log

/// Entries on their way to a journal that is slow or temporarily missing.
@Suite struct JournalBacklogTests {
  private static func entry(_ number: Int, size: Int = 0) -> [UInt8] {
    Array("MESSAGE=\(number)\nFILL=\(String(repeating: "x", count: size))\n".utf8)
  }

  private static func numbers(_ journal: FakeJournal) -> [Int?] {
    journal.entries.map { Int($0[0].dropFirst("MESSAGE=".count)) }
  }

  @Test("Entries for which the journal has no room are retried and arrive later, in order")
  func busy() {
    let journal = FakeJournal()
    var backlog = JournalBacklog(send: journal.send)
    journal.answers(.busy)
    for number in 0..<500 { _ = backlog.append(weight: 1, at: 0) { $0 += Self.entry(number) } }
    for now: UInt64 in 0..<1000 { backlog.flush(at: now) }
    #expect(journal.refusals < 30 && !backlog.isEmpty)
    journal.answers(nil)
    backlog.flush(at: backlog.next ?? 0)
    #expect(Self.numbers(journal) == (0..<500).map { $0 })
    #expect(backlog.isFlowing && backlog.size == 0 && backlog.drainLosses() == .init())
  }

  @Test("A journal that takes part of a call gets the rest in the next")
  func some() {
    let journal = FakeJournal()
    var backlog = JournalBacklog { bytes, start, ends in
      journal.send(bytes, start, ends.extracting(first: 1))
    }
    for number in 0..<100 { _ = backlog.append(weight: 1, at: 0) { $0 += Self.entry(number) } }
    backlog.flush(at: 0)
    #expect(Self.numbers(journal) == (0..<100).map { $0 } && backlog.size == 0)
  }

  @Test("No more is kept than the capacity, a quarter of which is for known peers")
  func bound() {
    let journal = FakeJournal()
    var backlog = JournalBacklog(send: journal.send)
    journal.answers(.busy)
    var kept = 0
    for isAcquaintance in [false, true] {
      for number in 0..<1000 {
        guard backlog.hasRoom(isAcquaintance: isAcquaintance) else {
          backlog.lose(2)
          continue
        }
        _ = backlog.append(weight: 1, at: 0) { $0 += Self.entry(number, size: 16 << 10) }
        kept += 1
      }
      let limit = JournalBacklog.capacity - (isAcquaintance ? 0 : JournalBacklog.reserve)
      #expect((limit..<limit + (32 << 10)).contains(backlog.size))
    }
    journal.answers(nil)
    backlog.flush(at: 1000)
    #expect(journal.entries.count == kept && backlog.size == 0)
    let losses = backlog.drainLosses()
    #expect(losses == .init(slow: UInt64(2 * (2000 - kept))))
  }

  @Test("A journal that returns within ten seconds gets everything; later, losses are counted")
  func missing() {
    let journal = FakeJournal()
    var backlog = JournalBacklog(send: journal.send)
    func put(_ number: Int, at now: UInt64) {
      _ = backlog.append(weight: 3, at: now) { $0 += Self.entry(number) }
    }
    func wait(until end: UInt64) {
      while let next = backlog.next, next <= end { backlog.flush(at: next) }
    }
    journal.answers(.missing)
    put(1, at: 0)
    backlog.flush(at: 0)
    wait(until: 9000)
    journal.answers(nil)
    wait(until: 10_000)
    #expect(Self.numbers(journal) == [1])
    journal.answers(.missing)
    put(2, at: 20_000)
    backlog.flush(at: 20_000)
    wait(until: 40_000)
    #expect(backlog.isEmpty && backlog.next == nil && backlog.size == 0)
    #expect(!backlog.isFlowing)
    journal.answers(nil)
    put(4, at: 50_000)
    backlog.flush(at: 50_000)
    let losses = backlog.drainLosses()
    #expect(Self.numbers(journal) == [1, 4] && losses == .init(missing: 3))
  }

  @Test("An entry that cannot be sent is counted, and those after it are sent")
  func refused() {
    let journal = FakeJournal()
    let long = 1000
    var backlog = JournalBacklog { bytes, start, ends in
      if ends[0] - start > long { return .refused }
      return journal.send(bytes, start, ends.extracting(first: 1))
    }
    for number in 0..<6 {
      _ = backlog.append(weight: 5, at: 0) {
        $0 += Self.entry(number, size: number == 2 ? 2 * long : 0)
      }
    }
    backlog.flush(at: 0)
    let losses = backlog.drainLosses()
    #expect(Self.numbers(journal) == [0, 1, 3, 4, 5] && losses == .init(refused: 5))
  }
}
