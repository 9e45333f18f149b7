public import Linux
public import Settings
import Synchronization
import Systemd
public import UpperLayer

/// The thread that renders records and writes them to stderr or to the journal, so that a slow or stopped
/// reader of the log delays no peer.
public final class LogWriter: Sendable {
  /// The time after which rendered text is dropped if the reader takes nothing.
  static let patienceMilliseconds: Int32 = 1000

  /// The pause after a round with records, in which further ones gather.
  private static let pauseMilliseconds: Int32 = 2

  /// The most memory for the attachments of records not written yet, in bytes.
  private static let mostAttachmentMemory = 8 << 20

  /// The destination for which records are rendered.
  let rendering: Rendering
  /// The number of the lowest priority that is written, or 0 if nothing is written.
  private let quietest: Atomic<UInt8>
  private let logPDUs: Atomic<Bool>
  /// The records owed to known peers; `nil` for a terminal.
  private let owed: OwedRecords?
  /// The number of records whose attachments were dropped.
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

  /// A writer of the records in `queueCount` queues, to the destination and down to the level in `settings`.
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

  /// A writer of the records in `queueCount` queues to stderr, down to `level`, rendered as for a terminal or by
  /// `lines`.
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

  /// The lowest priority that is written, or `nil` if nothing is written.
  public var level: Priority? { Priority(rawValue: quietest.load(ordering: .relaxed)) }

  /// Applies the level in `settings`, and whether to write refused bytes, from the next record on.
  public func apply(_ settings: Settings) {
    let level = settings.quietestPriority(in: rendering)
    quietest.store(level?.rawValue ?? 0, ordering: .relaxed)
    logPDUs.store(settings.logPdus, ordering: .relaxed)
  }

  /// Sets the function that tells whether a `[device]` section names a peer, whose first failure is always
  /// written, from the next record on.
  public func know(devices: @escaping @Sendable (Subject) -> Bool) { owed?.know(devices: devices) }

  /// Whether any part of the refused `bytes` is written.
  ///
  /// Above debug, a terminal shows only input that is not DICOM, and the AE titles of a malformed request that
  /// arrived completely. At debug, it lists a well-formed request instead of its bytes.
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

  /// Whether anything below a warning is written: otherwise no step of an association is.
  public var writesSteps: Bool { quietest.load(ordering: .relaxed) > Priority.warning.rawValue }

  /// Whether the text of a record of `event` names its subject.
  public func namesSubject(of event: Event) -> Bool {
    rendering == .journal || hasOwnLines || TerminalLines.namesSubject(of: event)
  }

  /// Whether a record of `event` is written. Costs one comparison.
  public func writes(_ event: Event) -> Bool {
    event.priority(in: rendering).rawValue <= quietest.load(ordering: .relaxed)
  }

  /// Returns the number of a new association, unique in this run.
  public func numberAssociation() -> UInt64 { associations.add(1, ordering: .relaxed).newValue }

  /// Whether stderr is connected to the journal.
  public static var isStandardErrorTheJournal: Bool { JournalStream.isStandardError }

  /// Sends `record` to the journal at once, for a start that fails before there is a writer.
  ///
  /// - Returns: Whether stderr is connected to the journal and the journal took the record.
  public static func tellJournal(_ record: Record) -> Bool {
    guard isStandardErrorTheJournal, let journal = try? JournalSocket() else { return false }
    var output = JournalOutput(send: journal.send)
    let now = Instant.now.milliseconds
    _ = output.put(record, level: .critical) + output.flush(at: now)
    return output.isDone
  }

  /// Starts the thread.
  public func start() throws(SystemError) {
    let started = try Thread(name: "writer") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Writes the queued records and ends the thread; drops them if the reader does not take them.
  public func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    wakeup.signal()
    thread.withLock { _ = $0?.join(milliseconds: 2 * Self.patienceMilliseconds) }
  }

  /// Hands over a record from the thread that owns queue number `queue`.
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
    // Pairs with the fence in `sleep`: either the writer sees the record, or this thread sees it asleep.
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
      // Read before the queues, so that records put before the stop are written.
      let isLast = isStopping.load(ordering: .sequentiallyConsistent)
      let kept = owed?.drain() ?? []
      let hasWritten = write(to: &output, dropped: &dropped, &ends)
      // The records queued before the kept ones have been written by now.
      for record in kept { write(record, to: &output, dropped: &dropped) }
      let isBusy = hasWritten || !kept.isEmpty
      for queue in queues { dropped += output.put(queue.drainDropped()) }
      if rendering == .terminal { dropped += leftOut.exchange(0, ordering: .relaxed) }
      let now = Instant.now.milliseconds
      output.putDue(at: now, isLast: isLast && !isBusy, level: level)
      dropped += output.flush(at: now)
      // Skip the report right after a pause without records: the reader has not resumed in that time.
      if dropped > 0, isBusy || isLast || !hasPaused {
        let lost = output.put(Record(.recordsDropped(dropped, .logSlow), about: nil), level: level)
        // If this record is lost as well, report the loss again later.
        if lost + output.flush(at: now) == 0 { dropped = 0 }
      }
      if isBusy {
        // Records put during the pause are written together.
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

  /// Writes the records of all queues to `output`, in the order in which they were handed over.
  ///
  /// The second look at the queues finds every record that any thread handed over before one of the first look,
  /// so the order up to the latest record of the first look is final. Later records stay queued, so that a busy
  /// thread does not keep the writer here.
  ///
  /// - Parameter ends: Reused memory for the end of each queue.
  /// - Returns: Whether there were any records.
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

  /// The queue with the oldest record before `ends` whose number is at most `latest`.
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

/// The destination of the writer's thread, which alone uses it.
protocol LogOutput {
  /// Takes a record, which is shown if its priority is at least `level`.
  ///
  /// - Returns: The amount that was dropped, of this record or of earlier ones.
  mutating func put(_ record: Record, level: Priority?) -> UInt64

  /// Takes the counts of records for which a queue had no room.
  ///
  /// - Returns: The number of records to report as dropped.
  mutating func put(_ dropped: [DroppedRecords]) -> UInt64

  /// The time of the next call that is due without a new record, in milliseconds of the monotonic clock; `nil`
  /// if none is due.
  var next: UInt64? { get }

  /// Writes the reports that are due at `now`, or all of them at the end of the program.
  mutating func putDue(at now: UInt64, isLast: Bool, level: Priority?)

  /// Sends the records taken so far on their way.
  ///
  /// - Returns: The amount that was dropped.
  mutating func flush(at now: UInt64) -> UInt64

  /// Whether all records have been written or dropped.
  var isDone: Bool { get }
}
