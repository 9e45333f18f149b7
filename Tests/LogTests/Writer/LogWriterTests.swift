import CLinux
import Glibc
import Settings
import Synchronization
import Systemd
import TestKit
import Testing

@testable import Log

/// The thread that writes the log to stderr. Each test writes from a process of its own.
@Suite struct LogWriterTests {
  @Test("Records of all threads are written in the order in which they were handed over")
  func order() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      makeRoomInStandardError()
      let writer = try LogWriter(queueCount: 2, level: .info)
      try writer.start()
      // Two threads take turns handing over records.
      let turn = Atomic<Int>(1)
      let haveEnded = try onTwoThreads { thread in
        for number in 1...1500 where number % 2 == thread {
          while turn.load(ordering: .sequentiallyConsistent) != number { pause(milliseconds: 0) }
          writer.put(echo(number), into: thread)
          if number % 100 == 0 { pause(milliseconds: 2) }
          turn.store(number + 1, ordering: .sequentiallyConsistent)
        }
      }
      #expect(haveEnded)
      writer.stop()
    }
    #expect(
      lines(ofStandardError: process?.standardErrorContent)
        == (1...1500).map { "I: Received Echo Request (MsgID \($0))" })
  }

  @Test("A record wakes a sleeping writer")
  func wakesUp() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let writer = try LogWriter(queueCount: 1, level: .info)
      try writer.start()
      for number in 1...20 {
        pause(milliseconds: 5)
        writer.put(echo(number), into: 0)
      }
      // No stop: the writer must write the record without one.
      pause(milliseconds: 500)
    }
    #expect(
      lines(ofStandardError: process?.standardErrorContent)
        == (1...20).map { "I: Received Echo Request (MsgID \($0))" })
  }

  @Test("Records put before the stop are written, and the number of dropped ones is reported")
  func dropped() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      makeRoomInStandardError()
      let writer = try LogWriter(queueCount: 2, level: .info)
      for number in 1...RecordQueue.capacity { writer.put(echo(number), into: 0) }
      writer.put(Record(.receiverStalled(.silent), about: nil), into: 0)
      writer.put(echo(7), into: 1)
      try writer.start()
      writer.stop()
    }
    let all = lines(ofStandardError: process?.standardErrorContent)
    let room = RecordQueue.capacity / 8 * 7
    #expect(all.count == room + 3)
    #expect(all.starts(with: (1...room).map { "I: Received Echo Request (MsgID \($0))" }))
    #expect(all.dropFirst(room).first?.hasPrefix("W: echoscpd: network-timeout") == true)
    #expect(
      all.suffix(2) == [
        "I: Received Echo Request (MsgID 7)",
        "W: \(RecordQueue.capacity - room) log records were dropped: the log is too slow",
      ])
  }

  @Test("A writer without a level writes nothing")
  func quiet() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let writer = try LogWriter(queueCount: 1, level: nil)
      try writer.start()
      writer.put(echo(1), into: 0)
      writer.put(Record(.outOfDescriptors(isSystems: false), about: nil), into: 0)
      writer.stop()
    }
    #expect(lines(ofStandardError: process?.standardErrorContent) == [])
  }

  @Test("A log that nobody reads delays the end of the program by a second, not forever")
  func nobodyReads() async {
    await #expect(processExitsWith: .success) {
      let pipe = try SocketPair()
      replaceStandardError(by: pipe.takeOther())
      let writer = try LogWriter(queueCount: 1, level: .info)
      try writer.start()
      let producer = Stopwatch()
      for number in 1...200_000 { writer.put(echo(number), into: 0) }
      // The thread that hands over does not wait.
      let isQuick = producer.passed < 10_000
      let stopwatch = Stopwatch()
      writer.stop()
      // Exit as the program does, without any further care for the writer.
      _exit(isQuick && stopwatch.passed < 1000 + slack ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test("The count of dropped records survives a log that nobody reads for a while")
  func countIsKept() async {
    await #expect(processExitsWith: .success) {
      let pipe = try SocketPair()
      replaceStandardError(by: pipe.takeOther())
      let filling = [UInt8](repeating: 0x78, count: 4096)
      while cl_write(2, filling.span) > 0 {}
      let writer = try LogWriter(queueCount: 1, level: .info)
      let count = RecordQueue.capacity + 100
      for number in 1...count { writer.put(echo(number), into: 0) }
      try writer.start()
      // By now all records are dropped, and so is the line that reports it.
      pause(milliseconds: 3500 + Double(slack))
      _ = pipe.receiveAll()
      writer.put(echo(7), into: 0)
      writer.stop()
      let text = String(decoding: pipe.receiveAll(), as: UTF8.self)
      let lines = text.split(separator: "\n")
      let isRight =
        lines.count == 2 && lines[0] == "I: Received Echo Request (MsgID 7)"
        && lines[1] == "W: \(count) log records were dropped: the log is too slow"
      _exit(isRight ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test("A closed log makes the writer neither end nor wait")
  func closedLog() async {
    await #expect(processExitsWith: .success) {
      replaceStandardError(by: -1)
      // On a busy machine, one attempt may take long for no reason of the writer's.
      let times = try (0..<3).map { _ in
        let writer = try LogWriter(queueCount: 1, level: .info)
        try writer.start()
        for number in 1...1000 { writer.put(echo(number), into: 0) }
        let stopwatch = Stopwatch()
        writer.stop()
        return stopwatch.passed
      }
      #expect(times.contains { $0 < slack }, "\(times)")
    }
  }
}

/// Gives the pipe of standard error room for all that a test writes, however late it is read: a stopping writer
/// waits only one second.
private func makeRoomInStandardError() {
  let setPipeSize: Int32 = 1031
  _ = fcntl(2, setPipeSize, 1 << 20)
}

/// A step that is distinguishable by its Message ID.
private func echo(_ number: Int) -> Record {
  Record(.echoReceived(messageID: UInt16(truncatingIfNeeded: number), contextID: 1), about: nil)
}

/// The destination and level of the log where the settings say `auto`.
@Suite struct LogSettingsTests {
  @Test("A level is the priority of its name; auto is warning on a terminal, info in the journal")
  func levels() {
    let expected: [(LogLevel, terminal: Priority?, journal: Priority?)] = [
      (.none, nil, nil), (.critical, .critical, .critical), (.error, .error, .error),
      (.warning, .warning, .warning), (.info, .info, .info), (.debug, .debug, .debug),
      (.auto, .warning, .info),
    ]
    #expect(expected.map(\.0) == LogLevel.allCases)
    for (level, terminal, journal) in expected {
      var settings = Settings()
      settings.logLevel = level
      #expect(settings.quietestPriority(in: .terminal) == terminal)
      #expect(settings.quietestPriority(in: .journal) == journal)
    }
  }

  @Test("An explicit target applies, whatever the environment")
  func namedTarget() {
    var settings = Settings()
    settings.logTarget = .journal
    #expect(settings.rendering == .journal)
    settings.logTarget = .stderr
    #expect(settings.rendering == .terminal)
  }

  @Test("With auto, the target is the journal exactly if standard error is connected to it")
  func automaticTarget() async {
    await #expect(processExitsWith: .success) {
      setJournalStream(nil)
      #expect(Settings().rendering == .terminal)
      let name = try #require(JournalStream.name(of: 2))
      setJournalStream(name)
      #expect(Settings().rendering == .journal)
      setJournalStream("\(name)0")
      #expect(Settings().rendering == .terminal)
    }
  }
}
