import Glibc
import Journal
import Settings
import Synchronization
import TestKit
import Testing

@testable import EventLoop

/// The thread that writes the log, with a journal behind it that takes entries, refuses them, or
/// does not answer.
@Suite struct WriterJournalTests {
  @Test("Records arrive in their order, as fields, down to the level")
  func order() throws {
    let journal = FakeJournal()
    let writer = try Writer(queueCount: 2, level: .info, journal: journal.send)
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

  @Test("The level of a running writer changes from one record to the next")
  func level() throws {
    let journal = FakeJournal()
    let writer = try Writer(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    var settings = Settings()
    for (level, isWritten) in [
      (LogLevel.debug, true), (.info, false), (.auto, false), (.debug, true), (.none, false),
    ] {
      settings.logLevel = level
      writer.applyLevel(of: settings)
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

  @Test("What the journal refuses is counted, and said as soon as it takes something")
  func refused() throws {
    let journal = FakeJournal()
    journal.refuses(true)
    let writer = try Writer(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    for number in 1...20 { writer.put(warning(number), into: 0) }
    let isRefused = eventually { journal.refusals >= 20 }
    #expect(isRefused)
    pause(milliseconds: 50)
    #expect(journal.entries == [])
    journal.refuses(false)
    writer.put(warning(7), into: 0)
    writer.stop()
    #expect(journal.entries.map(count) == [7, 20])
  }

  @Test("A journal that does not answer delays nobody, and grave records are kept for it")
  func blocked() throws {
    let journal = FakeJournal()
    journal.blocks(true)
    let writer = try Writer(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    writer.put(warning(1), into: 0)
    let isBlocked = eventually { journal.isBlocking }
    #expect(isBlocked)
    let stopwatch = Stopwatch()
    let steps = 100_000
    for _ in 0..<steps { writer.put(Record(.acceptingAgain, about: nil), into: 0) }
    let room = RecordQueue.capacity / 8
    for number in 1...room { writer.put(warning(1000 + number), into: 0) }
    #expect(stopwatch.passed < 5000)
    journal.blocks(false)
    writer.stop()
    let told = journal.entries.filter { $0.contains("PRIORITY=4") }.map(count)
    let dropped = steps - RecordQueue.capacity / 8 * 7
    #expect(told.filter { $0 != dropped } == [1] + (1001...1000 + room))
    #expect(told.count { $0 == dropped } == 1)
  }

  @Test("An association is answered at once while the journal does not answer")
  func answersMeanwhile() throws {
    let journal = FakeJournal()
    journal.blocks(true)
    let writer = try Writer(queueCount: 1, level: .debug, journal: journal.send)
    try writer.start()
    let crew = try Crew(writer: writer)
    try crew.start()
    for number in 1...20 {
      let client = try crew.client()
      let stopwatch = Stopwatch()
      client.send(Wire.associateRequest() + Wire.echoRequest(number) + Wire.releaseRequest)
      client.shutDownWriting()
      let (bytes, end) = client.receiveAll()
      #expect(end == .closed && !bytes.isEmpty)
      #expect(stopwatch.passed < slack)
    }
    #expect(eventually { journal.isBlocking })
    crew.stop(.draining)
    #expect(crew.echoes == 20)
    journal.blocks(false)
    writer.stop()
  }

  @Test("The end of the program does not wait for a journal that does not answer")
  func givesUp() async {
    await #expect(processExitsWith: .success) {
      let journal = FakeJournal()
      journal.blocks(true)
      let writer = try Writer(queueCount: 1, level: .info, journal: journal.send)
      try writer.start()
      for number in 1...10 { writer.put(warning(number), into: 0) }
      let stopwatch = Stopwatch()
      writer.stop()
      _exit(stopwatch.passed < 2000 + slack ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test("The real one is called with the fields, and takes no offence at a machine without it")
  func real() throws {
    let journal = try JournalSocket()
    let short = Array("MESSAGE=a test of echoscpd\nPRIORITY=7\n".utf8)
    let long = Array("MESSAGE=".utf8) + [UInt8](repeating: 0x78, count: 20 << 20) + Array("\n".utf8)
    let ends = [short.count, short.count + long.count, 2 * short.count + long.count]
    #expect(journal.send(short + long + short, ends) == 0)
  }
}

/// A record that can be told from others by its count.
private func warning(_ number: Int) -> Record {
  Record(.recordsDropped(UInt64(number)), about: nil)
}

/// The count in the message of such a record, or nothing.
private func count(_ fields: [String]) -> Int? {
  fields.first.flatMap { $0.firstMatch(of: /MESSAGE=(\d+) log records?/) }.flatMap { Int($0.1) }
}

/// A journal that keeps what it takes, and takes it or not.
final class FakeJournal: Sendable {
  private let taken = Mutex<[[String]]>([])
  private let isRefusing = Atomic<Bool>(false)
  private let isShut = Atomic<Bool>(false)
  private let waiting = Atomic<Bool>(false)
  private let refused = Atomic<Int>(0)

  /// The fields of each entry.
  var entries: [[String]] { taken.withLock { $0 } }
  /// How many it has refused.
  var refusals: Int { refused.load(ordering: .sequentiallyConsistent) }
  /// Whether somebody waits for it.
  var isBlocking: Bool { waiting.load(ordering: .sequentiallyConsistent) }

  /// Whether it refuses what comes.
  func refuses(_ value: Bool) { isRefusing.store(value, ordering: .sequentiallyConsistent) }

  /// Whether it lets its callers wait.
  func blocks(_ value: Bool) { isShut.store(value, ordering: .sequentiallyConsistent) }

  /// What a writer sends by.
  @Sendable
  func send(_ bytes: [UInt8], _ ends: [Int]) -> Int {
    waiting.store(true, ordering: .sequentiallyConsistent)
    while isShut.load(ordering: .sequentiallyConsistent) { pause(milliseconds: 1) }
    waiting.store(false, ordering: .sequentiallyConsistent)
    if isRefusing.load(ordering: .sequentiallyConsistent) {
      refused.add(ends.count, ordering: .sequentiallyConsistent)
      return ends.count
    }
    let starts = [0] + ends
    let entries = zip(starts, ends).map { NativeEntry.fields(of: bytes[$0..<$1]) }
    taken.withLock { $0 += entries }
    return 0
  }
}
