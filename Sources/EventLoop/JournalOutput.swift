import Journal

/// Records as entries of the journal, with a field for each fact, many in one system call.
///
/// Sending waits for a journal that is slow or stopped, as long as that takes: nobody waits for this
/// but the writer's thread.
struct JournalOutput: LogOutput {
  /// How much is rendered before it is sent, in bytes and in entries.
  private static let batch = (bytes: 64 << 10, entries: 64)

  /// Sends entries in the journal's native protocol, one behind the other; the result is how many of
  /// them the journal does not take.
  ///
  /// - Parameter ends: Where each of them ends.
  typealias Send = @Sendable (_ entries: [UInt8], _ ends: [Int]) -> Int

  private let run: UInt64
  private let send: Send
  private var entries: [UInt8] = []
  private var ends: [Int] = []
  private var folding = Folding()
  private var acquaintances = Acquaintances()

  /// - Parameters:
  ///   - run: What tells the associations of this run of the program from those of others.
  ///   - send: Sends entries.
  init(run: UInt64 = .random(in: .min ... .max), send: @escaping Send) {
    self.run = run
    self.send = send
  }

  mutating func put(_ record: Record, level: Priority?) -> UInt64 {
    guard let level, record.event.priority(in: .journal) <= level else { return 0 }
    // Who reads every step wants each of them.
    if level != .debug, folding.takes(record) { return 0 }
    var remark = Remark()
    remark.earlierAddress = acquaintances.meet(record)
    return append(record, remark, withDumps: level == .debug)
  }

  var next: UInt64? { folding.next }

  mutating func putDue(at now: UInt64, isLast: Bool) -> UInt64 {
    folding.takeDue(at: now, isLast: isLast).reduce(0) { $0 + append($1.0, $1.1, withDumps: false) }
  }

  private mutating func append(_ record: Record, _ remark: Remark, withDumps: Bool) -> UInt64 {
    JournalFields(run: run, withDumps: withDumps).append(record, remark, to: &entries)
    ends.append(entries.count)
    let isFull = entries.count >= Self.batch.bytes || ends.count == Self.batch.entries
    return isFull ? flush() : 0
  }

  mutating func flush() -> UInt64 {
    if ends.isEmpty { return 0 }
    let lost = send(entries, ends)
    ends.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: entries.capacity <= 4 * Self.batch.bytes)
    return UInt64(lost)
  }
}
