public import Linux
public import Settings
import Synchronization
import Systemd
public import UpperLayer

/// The one thread that renders records and brings them to stderr or to the journal, so that a slow or
/// stopped reader of the log delays no peer.
public final class LogWriter: Sendable {
  /// How long a reader that takes nothing is waited for before what was rendered is given up.
  static let patienceMilliseconds: Int32 = 1000

  /// How long the writer lets records gather, once there are many, before it looks again.
  private static let pauseMilliseconds: Int32 = 2

  /// How much memory the attachments of records take that are not written yet, in bytes.
  private static let mostAttachmentMemory = 8 << 20

  /// What the records are written for.
  let rendering: Rendering
  /// The number of the quietest priority that is written, 0 when nothing is.
  private let quietest: Atomic<UInt8>
  private let logPDUs: Atomic<Bool>
  /// What the journal owes to whom; a terminal owes nothing.
  private let owed: OwedRecords?
  /// How many attachments had to be left out of their records.
  private let leftOut = Atomic<UInt64>(0)
  private let queues: [RecordQueue]
  private let attachmentMemory = MemoryBudget(limit: mostAttachmentMemory)
  private let hasOwnLines: Bool
  private let makeOutput: @Sendable (LogWriter) -> any LogOutput
  private let wakeup: Wakeup
  private let poller: Poller
  private let count = Atomic<UInt64>(0)
  private let associations = Atomic<UInt64>(0)
  private let isAsleep = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)
  private let thread = Locked<Thread?>(nil)

  /// A writer of the records in `queueCount` queues, where and down to the level that `settings`
  /// say.
  public convenience init(queueCount: Int, settings: Settings) throws(SystemError) {
    let rendering = settings.rendering
    let level = settings.quietestPriority(in: rendering)
    switch rendering {
    case .terminal: try self.init(queueCount: queueCount, level: level)
    case .journal:
      let journal = try JournalSocket()
      try self.init(queueCount: queueCount, level: level, journal: journal.send)
      apply(settings)
    }
  }

  /// A writer of the records in `queueCount` queues to stderr, down to `level`, as a terminal shows
  /// them or as `lines` has them.
  public convenience init(
    queueCount: Int, level: Priority?, lines: (@Sendable (Record) -> String)? = nil
  ) throws(SystemError) {
    try self.init(
      queueCount: queueCount, level: level, .terminal, hasOwnLines: lines != nil
    ) { writer in
      TerminalOutput(
        append: { record, level, text in
          if let lines {
            text += lines(record).utf8
          } else {
            TerminalLines(level: level).append(record, to: &text)
          }
        },
        isStopping: { writer.isStopping.load(ordering: .relaxed) })
    }
  }

  /// A writer of the records in `queueCount` queues to the journal, down to `level`.
  public convenience init(
    queueCount: Int, level: Priority?, journal send: @escaping JournalBacklog.Send
  ) throws(SystemError) {
    let owed = OwedRecords()
    try self.init(queueCount: queueCount, level: level, .journal, owed) { _ in
      JournalOutput(owed: owed, send: send)
    }
  }

  private init(
    queueCount: Int, level: Priority?, _ rendering: Rendering, _ owed: OwedRecords? = nil,
    hasOwnLines: Bool = false, _ makeOutput: @escaping @Sendable (LogWriter) -> any LogOutput
  ) throws(SystemError) {
    queues = (0..<queueCount).map { _ in RecordQueue(rendering) }
    self.rendering = rendering
    self.owed = owed
    quietest = Atomic(level?.rawValue ?? 0)
    logPDUs = Atomic(true)
    self.hasOwnLines = hasOwnLines
    self.makeOutput = makeOutput
    wakeup = try Wakeup()
    poller = try Poller()
    try poller.add(wakeup.number, .input, token: 0)
  }

  /// The quietest priority that is written; `nil` when none is.
  public var level: Priority? { Priority(rawValue: quietest.load(ordering: .relaxed)) }

  /// Writes down to the level that `settings` say, and the bytes of what was refused if they say so, from
  /// the next record on.
  public func apply(_ settings: Settings) {
    let level = settings.quietestPriority(in: rendering)
    quietest.store(level?.rawValue ?? 0, ordering: .relaxed)
    logPDUs.store(settings.logPdus, ordering: .relaxed)
  }

  /// Knows whom the `[device]` sections name, whose first failure is always told, from the next record on.
  public func know(devices: @escaping @Sendable (Subject) -> Bool) { owed?.know(devices: devices) }

  /// Whether something of `bytes`, which were refused, is written. What a terminal shows above debug is what
  /// is not DICOM, and the AE titles of a malformed request that came whole; a well-formed one it lists.
  public func writes(_ bytes: Span<UInt8>, _ kind: RefusedBytes) -> Bool {
    guard logPDUs.load(ordering: .relaxed),
      quietest.load(ordering: .relaxed) >= Priority.warning.rawValue
    else { return false }
    if rendering == .journal || level == .debug && kind != .request { return true }
    return switch kind {
    case .brokenRequest(let length): bytes.count == Int(length)
    case .request, .command: false
    case .foreign: true
    }
  }

  /// Whether anything quieter than a warning is written: only then may one of the steps of an
  /// association be.
  public var writesSteps: Bool { quietest.load(ordering: .relaxed) > Priority.warning.rawValue }

  /// Whether a record of `event` says whom it is about.
  public func namesSubject(of event: Event) -> Bool {
    rendering == .journal || hasOwnLines || TerminalLines.namesSubject(of: event)
  }

  /// Whether a record of `event` is written; costs a comparison.
  public func writes(_ event: Event) -> Bool {
    event.priority(in: rendering).rawValue <= quietest.load(ordering: .relaxed)
  }

  /// A number for one more association, which no other one of this run has.
  public func numberAssociation() -> UInt64 { associations.add(1, ordering: .relaxed).newValue }

  /// Whether what is written to stderr ends up in the journal.
  public static var isStandardErrorTheJournal: Bool { JournalStream.isStandardError }

  /// Sends `record` to the journal at once, for a start that fails before there is a writer: whether
  /// stderr is connected to the journal, and that has taken it.
  public static func tellJournal(_ record: Record) -> Bool {
    guard isStandardErrorTheJournal, let journal = try? JournalSocket() else { return false }
    var output = JournalOutput(send: journal.send)
    let now = Instant.now.milliseconds
    _ = output.put(record, level: .critical) + output.flush(at: now)
    return output.isDone
  }

  /// Begins to write.
  public func start() throws(SystemError) {
    let started = try Thread(name: "writer") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Writes what is still queued, and ends; gives up on a reader that does not take it.
  public func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    wakeup.signal()
    thread.withLock { _ = $0?.join(milliseconds: 2 * Self.patienceMilliseconds) }
  }

  /// Hands over a record of the thread that owns queue number `queue`.
  public func put(_ record: consuming Record, into queue: Int) {
    record.number = count.add(1, ordering: .relaxed).oldValue
    var size = record.size
    if size > 0, !attachmentMemory.reserve(size) {
      record.dropAttachments()
      size = 0
      leftOut.add(1, ordering: .relaxed)
    }
    let isKept = !queues[queue].hasRoom(for: record.event) && owed?.keep(record) == true
    if !isKept, !queues[queue].put(record), size > 0 { attachmentMemory.release(size) }
    // Pairs with the fence in `sleep`: either the writer sees the record, or this sees it asleep.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if isAsleep.load(ordering: .relaxed) { wakeup.signal() }
  }

  private func run() {
    var output = makeOutput(self)
    var ends = [Int](repeating: 0, count: queues.count)
    var dropped: UInt64 = 0
    var hasPaused = false
    var end: UInt64?
    while true {
      // Read before the queues, so that what came before the stop is written.
      let isLast = isStopping.load(ordering: .sequentiallyConsistent)
      let kept = owed?.drain() ?? []
      let hasWritten = write(to: &output, dropped: &dropped, &ends)
      // What stood in front of them in their queues has been written by now.
      for record in kept { write(record, to: &output, dropped: &dropped) }
      let isBusy = hasWritten || !kept.isEmpty
      for queue in queues { dropped += output.put(queue.drainDropped()) }
      if rendering == .terminal { dropped += leftOut.exchange(0, ordering: .relaxed) }
      let now = Instant.now.milliseconds
      output.putDue(at: now, isLast: isLast && !isBusy, level: level)
      dropped += output.flush(at: now)
      // After a pause in which nothing came, nobody has begun to read since the last time.
      if dropped > 0, isBusy || isLast || !hasPaused {
        let lost = output.put(Record(.recordsDropped(dropped, .logSlow), about: nil), level: level)
        // Said another time when this record, too, is given up.
        if lost + output.flush(at: now) == 0 { dropped = 0 }
      }
      if isBusy {
        // What comes meanwhile is written together.
        hasPaused = !isLast
        if hasPaused { Thread.sleep(milliseconds: Self.pauseMilliseconds) }
        continue
      }
      if isLast {
        end = end ?? now + UInt64(Self.patienceMilliseconds)
        if output.isDone || now >= end ?? now { return }
      }
      sleep(until: end.map { min($0, output.next ?? $0) } ?? output.next)
      hasPaused = false
    }
  }

  /// Brings the records of all queues to `output`, in the order in which they were handed over.
  ///
  /// What was handed over before a record was, by whichever thread, is found at the latest by the
  /// second look, so the order up to the latest record of the first look is final. What came behind
  /// that stays, and so a busy thread does not keep the writer here.
  ///
  /// - Parameter ends: Where each queue ends; memory of its own for that.
  /// - Returns: whether there were any.
  private func write(
    to output: inout any LogOutput, dropped: inout UInt64, _ ends: inout [Int]
  ) -> Bool {
    var latest: UInt64?
    for queue in queues {
      guard let number = queue.latestNumber(before: queue.end) else { continue }
      latest = max(latest ?? 0, number)
    }
    guard let latest else { return false }
    for index in queues.indices { ends[index] = queues[index].end }
    while let index = queueOfOldest(before: ends, to: latest), let record = queues[index].popFirst()
    {
      write(record, to: &output, dropped: &dropped)
    }
    return true
  }

  private func write(_ record: Record, to output: inout any LogOutput, dropped: inout UInt64) {
    dropped += output.put(record, level: level)
    if record.size > 0 { attachmentMemory.release(record.size) }
  }

  /// The queue that has the oldest of the records before `ends` that are numbered up to `latest`.
  private func queueOfOldest(before ends: [Int], to latest: UInt64) -> Int? {
    var found: Int?
    var least = latest
    for index in queues.indices {
      guard let number = queues[index].oldestNumber(before: ends[index]), number <= least else {
        continue
      }
      (found, least) = (index, number)
    }
    return found
  }

  private func sleep(until next: UInt64?) {
    isAsleep.store(true, ordering: .relaxed)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if queues.allSatisfy(\.isEmpty), owed?.isEmpty ?? true,
      next != nil || !isStopping.load(ordering: .relaxed)
    {
      var events = Poller.noEvents
      let now = Instant.now.milliseconds
      let wait = next.map { Int32(clamping: $0 - min($0, now)) } ?? -1
      _ = try? poller.wait(&events, milliseconds: wait)
    }
    isAsleep.store(false, ordering: .relaxed)
    wakeup.clear()
  }
}

/// Where the writer's thread brings records. Only that thread has one.
protocol LogOutput {
  /// Takes a record that is shown if it is at least as grave as `level`.
  ///
  /// - Returns: how much was given up, of this record or of those before it.
  mutating func put(_ record: Record, level: Priority?) -> UInt64

  /// Takes what is known of records for which a queue had no room.
  ///
  /// - Returns: how much of it is to be told as dropped.
  mutating func put(_ dropped: [DroppedRecords]) -> UInt64

  /// When it has something to do of its own accord, in milliseconds of the monotonic clock; nil while it
  /// has not.
  var next: UInt64? { get }

  /// Says what is due at `now`, or everything at the end of the program.
  mutating func putDue(at now: UInt64, isLast: Bool, level: Priority?)

  /// Sees to it that what was taken so far is on its way.
  ///
  /// - Returns: how much of it was given up.
  mutating func flush(at now: UInt64) -> UInt64

  /// Whether all of it has arrived, or was given up.
  var isDone: Bool { get }
}
