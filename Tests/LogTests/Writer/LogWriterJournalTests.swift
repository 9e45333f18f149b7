import Glibc
import Log
import Settings
import Synchronization
import Systemd
import TestKit
import Testing

@testable import Log

/// The thread that writes the log, with a journal that takes entries, refuses them, or does not answer.
@Suite struct LogWriterJournalTests {
  @Test("Records arrive in order, as fields, down to the level")
  func order() throws {
    let journal = FakeJournal()
    let writer = try LogWriter(queueCount: 2, level: .info, journal: journal.send)
    try writer.start()
    #expect(writer.rendering == .journal)
    for number in 1...500 {
      writer.put(warning(number), into: number % 2)
      writer.put(Record(.connected, about: nil), into: number % 2)
    }
    writer.put(Record(.started, about: nil), into: 0)
    writer.stop()
    #expect(journal.entries.count == 501)
    #expect(journal.entries.dropLast().map(count) == (1...500).map { $0 })
    #expect(journal.entries.last?.contains("PRIORITY=6") == true)
    #expect(journal.entries.allSatisfy { $0.contains("SYSLOG_IDENTIFIER=echoscpd") })
  }

  @Test("A stop waits one second for a missing journal, whenever the next attempt would be")
  func stopsInTime() throws {
    let journal = FakeJournal()
    journal.answers(.missing)
    let writer = try LogWriter(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    writer.put(warning(1), into: 0)
    // By now the journal is tried once a second.
    #expect(eventually { journal.refusals >= 11 })
    pause(milliseconds: 300)
    let stopwatch = Stopwatch()
    writer.stop()
    #expect(stopwatch.passed >= 900 && stopwatch.passed < 1000 + slack)
  }

  @Test("The level of a running writer changes from one record to the next")
  func level() throws {
    let journal = FakeJournal()
    let writer = try LogWriter(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    var settings = Settings()
    for (level, isWritten) in [
      (LogLevel.debug, true), (.info, false), (.auto, false), (.debug, true), (.none, false),
    ] {
      settings.logLevel = level
      writer.apply(settings)
      #expect(writer.writes(.connected) == isWritten)
      #expect(writer.writes(.started) == (level != .none))
      #expect(writer.writes(.outOfDescriptors(isSystems: false)) == (level != .none))
      let before = journal.entries.count
      guard writer.writes(.connected) else { continue }
      writer.put(Record(.connected, about: nil), into: 0)
      let isThere = eventually { journal.entries.count == before + 1 }
      #expect(isThere)
    }
    writer.stop()
    #expect(journal.entries.count == 2)
    #expect(writer.level == nil)
  }

  @Test(
    "A start and a reload are written at every level but none",
    arguments: [Priority.critical, .error, .warning, .info, .debug, nil])
  func startAtEveryLevel(level: Priority?) throws {
    let journal = FakeJournal()
    let writer = try LogWriter(queueCount: 1, level: level, journal: journal.send)
    try writer.start()
    for event in [Event.started, .reloaded, .listening] {
      writer.put(Record(event, about: nil), into: 0)
    }
    writer.stop()
    let told = level == nil ? 0 : Event.listening.priority(in: .journal) <= level! ? 3 : 2
    #expect(journal.entries.count == told)
    #expect(journal.entries.allSatisfy { $0.contains("PRIORITY=6") })
  }

  @Test(
    "Entries that the journal refuses or cannot take are counted, and reported later",
    arguments: [
      (JournalSocket.Delivery.refused, "the journal refuses them"),
      (.missing, "there was no journal"),
    ])
  func lost(_ delivery: JournalSocket.Delivery, _ reason: String) throws {
    let journal = FakeJournal()
    journal.answers(delivery)
    var output = JournalOutput(now: 0, send: journal.send)
    for number in 1...20 {
      _ = output.put(Occurrence.record(at: 0, from: "192.0.2.\(number)"), level: .info)
    }
    for second: UInt64 in 0...20 { _ = output.flush(at: second * 1000) }
    #expect(journal.entries == [] && output.isDone)
    journal.answers(nil)
    _ = output.put(warning(7), level: .info)
    _ = output.flush(at: 30_000)
    #expect(journal.entries.map(count) == [7, 20])
    #expect(journal.entries.last?.first?.contains(reason) == true)
  }

  @Test("A journal that does not answer delays nobody, and records are kept for it meanwhile")
  func blocked() throws {
    let journal = FakeJournal()
    journal.answers(.busy)
    let writer = try LogWriter(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    let stopwatch = Stopwatch()
    for number in 1...100 { writer.put(warning(number), into: 0) }
    for _ in 0..<100_000 { writer.put(Record(.acceptingAgain, about: nil), into: 0) }
    for number in 101...200 { writer.put(warning(number), into: 0) }
    #expect(stopwatch.passed < 5000)
    #expect(eventually { journal.refusals > 5 })
    #expect(journal.entries == [])
    journal.answers(nil)
    writer.stop()
    let told = journal.entries.filter { $0.contains("PRIORITY=4") }.map(count)
    #expect(told == (1...200).map { $0 })
    // Whether records are written individually, folded, or dropped by a full queue, the sum is exact.
    #expect(journal.sum(of: "MESSAGE_ID=\(CatalogID.acceptingAgain.number)") == 100_000)
  }

  @Test("The end of the program does not wait for a journal that does not answer")
  func givesUp() async {
    await #expect(processExitsWith: .success) {
      let journal = FakeJournal()
      journal.answers(.busy)
      let writer = try LogWriter(queueCount: 1, level: .info, journal: journal.send)
      try writer.start()
      for number in 1...10 { writer.put(warning(number), into: 0) }
      let stopwatch = Stopwatch()
      writer.stop()
      _exit(stopwatch.passed < 2000 + slack ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test("The real journal takes entries with all fields, or reports that it is missing")
  func real() throws {
    let journal = try JournalSocket()
    let entry = Array("MESSAGE=a test of echoscpd\nPRIORITY=7\n".utf8)
    let ends = [entry.count, 2 * entry.count]
    let delivery = journal.send(entry + entry, 0, ends.span)
    #expect([.taken(2), .missing].contains(delivery))
  }
}

/// A record that is distinguishable by its count.
private func warning(_ number: Int) -> Record {
  Record(.recordsDropped(UInt64(number), .logSlow), about: nil)
}

/// Returns the count in the message of such a record, or `nil`.
private func count(_ fields: [String]) -> Int? {
  fields.first.flatMap { $0.firstMatch(of: /MESSAGE=(\d+) log records?/) }.flatMap { Int($0.1) }
}
