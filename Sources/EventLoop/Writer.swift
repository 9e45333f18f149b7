import CLinux
public import Journal
public import Settings
import Synchronization

/// The one thread that renders records and writes them to stderr, so that a slow or stopped reader
/// of the log delays no peer.
public final class Writer: Sendable {
  private static let standardError: Int32 = 2
  /// How much is rendered before it is written, in bytes.
  private static let batch = 32 << 10
  /// How long a reader that takes nothing is waited for before what was rendered is given up.
  private static let patienceMilliseconds: Int32 = 1000

  /// How much memory the attachments of records take that are not written yet, in bytes.
  private static let mostAttachmentMemory = 8 << 20

  /// What the records are written for.
  public let rendering: Rendering
  /// The number of the quietest priority that is written, 0 when nothing is.
  private let quietest: Atomic<UInt8>
  private let queues: [RecordQueue]
  private let attachmentMemory = MemoryBudget(limit: mostAttachmentMemory)
  private let lines: (@Sendable (Record) -> String)?
  private let wakeup: Wakeup
  private let poller: Poller
  private let count = Atomic<UInt64>(0)
  private let isAsleep = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<Thread?>(nil)

  /// A writer of the records in `queueCount` queues, where and down to the level that `settings`
  /// say.
  public convenience init(queueCount: Int, settings: Settings) throws(SystemError) {
    let rendering = settings.rendering
    try self.init(queueCount: queueCount, level: settings.quietestPriority(in: rendering))
  }

  /// A writer of the records in `queueCount` queues, down to `level`, as a terminal shows them or as
  /// `lines` has them.
  init(
    queueCount: Int, level: Priority?, lines: (@Sendable (Record) -> String)? = nil
  ) throws(SystemError) {
    queues = (0..<queueCount).map { _ in RecordQueue() }
    rendering = .terminal
    quietest = Atomic(level?.rawValue ?? 0)
    self.lines = lines
    wakeup = try Wakeup()
    poller = try Poller()
    try poller.add(wakeup.number, .input, token: 0)
  }

  /// The quietest priority that is written; nothing is when there is none.
  public var level: Priority? { Priority(rawValue: quietest.load(ordering: .relaxed)) }

  /// Writes down to the level that `settings` say, from the next record on.
  public func applyLevel(of settings: Settings) {
    let level = settings.quietestPriority(in: rendering)
    quietest.store(level?.rawValue ?? 0, ordering: .relaxed)
  }

  /// Whether a record of `event` is written; costs a comparison.
  func writes(_ event: Event) -> Bool {
    event.priority.rawValue <= quietest.load(ordering: .relaxed)
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
  public func put(_ record: Record, into queue: Int) {
    var record = record
    record.number = count.add(1, ordering: .relaxed).oldValue
    if let attachment = record.attachment, !attachmentMemory.reserve(attachment.size) {
      record.attachment = nil
      queues[queue].countDropped()
    }
    if !queues[queue].put(record) { release(record) }
    // Pairs with the fence in `sleep`: either the writer sees the record, or this sees it asleep.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if isAsleep.load(ordering: .relaxed) { wakeup.signal() }
  }

  /// Gives back the memory of the attachment of `record`, which goes now.
  private func release(_ record: Record) {
    if let attachment = record.attachment { attachmentMemory.release(attachment.size) }
  }

  private func run() {
    var text: [UInt8] = []
    text.reserveCapacity(2 * Self.batch)
    var records: [Record] = []
    var dropped: UInt64 = 0
    var isStalled = false
    while true {
      // Read before the queues, so that what came before the stop is written.
      let isLast = isStopping.load(ordering: .sequentiallyConsistent)
      let settled = gather(&records)
      for record in records[..<settled] {
        text += render(record).utf8
        release(record)
        if text.count >= Self.batch { dropped += write(&text, &isStalled) }
      }
      records.removeFirst(settled)
      dropped += queues.reduce(0) { $0 + $1.takeDropped() }
      dropped += write(&text, &isStalled)
      if dropped > 0 {
        text += render(Record(.recordsDropped(dropped), about: nil)).utf8
        // Said another time when this line, too, is given up.
        if write(&text, &isStalled) == 0 { dropped = 0 }
      }
      if !records.isEmpty { continue }
      if isLast { return }
      sleep()
    }
  }

  private func render(_ record: Record) -> String {
    lines?(record) ?? TerminalLines(level: level).lines(of: record)
  }

  /// Takes records out of all queues, in the order in which they were handed over.
  ///
  /// What was handed over before a record was, by whichever thread, is found at the latest by the
  /// second look, so the order up to the latest record of the first look is final.
  ///
  /// - Returns: how many of `records` are in their final order.
  private func gather(_ records: inout [Record]) -> Int {
    take(&records)
    guard let latest = records.map(\.number).max() else { return 0 }
    take(&records)
    records.sort { $0.number < $1.number }
    return records.firstIndex { $0.number > latest } ?? records.count
  }

  private func take(_ records: inout [Record]) {
    for queue in queues {
      // No more than what has room, so that a busy thread does not keep the writer here.
      for _ in 0..<RecordQueue.capacity {
        guard let record = queue.take() else { break }
        records.append(record)
      }
    }
  }

  private func sleep() {
    isAsleep.store(true, ordering: .relaxed)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if queues.allSatisfy(\.isEmpty), !isStopping.load(ordering: .relaxed) {
      var events = InlineArray<64, cl_event>(repeating: cl_event())
      _ = try? poller.wait(&events, milliseconds: -1)
    }
    isAsleep.store(false, ordering: .relaxed)
    wakeup.clear()
  }

  /// Writes `text` and empties it; what nobody takes is given up.
  ///
  /// - Parameter isStalled: Whether the reader took nothing the last time; then the end of the
  ///   program does not wait for it once more.
  /// - Returns: how many lines were given up.
  private func write(_ text: inout [UInt8], _ isStalled: inout Bool) -> UInt64 {
    var offset = 0
    while offset < text.count {
      let written = cl_write(Self.standardError, text.span.extracting(droppingFirst: offset))
      if written > 0 {
        offset += written
        isStalled = false
      } else {
        let isFull = written == -Int(SystemError.Known.wouldBlock.rawValue)
        let patience =
          isStalled && isStopping.load(ordering: .relaxed) ? 0 : Self.patienceMilliseconds
        isStalled = !isFull || cl_wait_writable(Self.standardError, patience) <= 0
        if isStalled { break }
      }
    }
    let lost = text[offset...].count { $0 == UInt8(ascii: "\n") }
    text.removeAll(keepingCapacity: text.capacity <= 4 * Self.batch)
    return UInt64(lost)
  }
}
