import CLinux
import Journal

/// Records as lines on stderr, many in one write.
struct TerminalOutput: LogOutput {
  private static let standardError: Int32 = 2
  /// How much is rendered before it is written, in bytes.
  private static let batch = 32 << 10

  /// Appends what a record looks like, down to a level.
  typealias Append = @Sendable (Record, Priority?, inout [UInt8]) -> Void

  private let append: Append
  private let isStopping: () -> Bool
  private var text: [UInt8] = []
  /// Whether the reader took nothing the last time; then the end of the program does not wait for it
  /// once more.
  private var isStalled = false

  /// - Parameters:
  ///   - append: Appends a record.
  ///   - isStopping: Whether the program is about to end.
  init(append: @escaping Append, isStopping: @escaping () -> Bool) {
    self.append = append
    self.isStopping = isStopping
    text.reserveCapacity(2 * Self.batch)
  }

  mutating func put(_ record: Record, level: Priority?) -> UInt64 {
    append(record, level, &text)
    return text.count >= Self.batch ? flush(at: record.time) : 0
  }

  func put(_ dropped: [DroppedRecords]) -> UInt64 { dropped.reduce(0) { $0 + $1.count } }

  /// The steps are shown as they come, all of them.
  var next: UInt64? { nil }

  mutating func putDue(at now: UInt64, isLast: Bool, level: Priority?) {}

  var isDone: Bool { text.isEmpty }

  /// Writes what there is; what nobody takes is given up, and counted by its lines.
  mutating func flush(at now: UInt64) -> UInt64 {
    var offset = 0
    while offset < text.count {
      let written = cl_write(Self.standardError, text.span.extracting(droppingFirst: offset))
      if written > 0 {
        offset += written
        isStalled = false
      } else {
        let isFull = written == -Int(SystemError.Known.wouldBlock.rawValue)
        let patience = isStalled && isStopping() ? 0 : Writer.patienceMilliseconds
        isStalled = !isFull || cl_wait_writable(Self.standardError, patience) <= 0
        if isStalled { break }
      }
    }
    let lost = text[offset...].count { $0 == UInt8(ascii: "\n") }
    text.removeAll(keepingCapacity: text.capacity <= 4 * Self.batch)
    return UInt64(lost)
  }
}
