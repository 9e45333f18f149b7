import CLinux
import Journal

/// Records as lines on stderr, many in one write.
struct TerminalOutput: LogOutput {
  private static let standardError: Int32 = 2
  /// How much is rendered before it is written, in bytes.
  private static let batch = 32 << 10

  private let lines: @Sendable (Record, Priority?) -> String
  private let isStopping: () -> Bool
  private var text: [UInt8] = []
  /// Whether the reader took nothing the last time; then the end of the program does not wait for it
  /// once more.
  private var isStalled = false

  /// - Parameters:
  ///   - lines: What a record looks like, down to a level.
  ///   - isStopping: Whether the program is about to end.
  init(lines: @escaping @Sendable (Record, Priority?) -> String, isStopping: @escaping () -> Bool) {
    self.lines = lines
    self.isStopping = isStopping
    text.reserveCapacity(2 * Self.batch)
  }

  mutating func put(_ record: Record, level: Priority?) -> UInt64 {
    text += lines(record, level).utf8
    return text.count >= Self.batch ? flush() : 0
  }

  /// Writes what there is; what nobody takes is given up, and counted by its lines.
  mutating func flush() -> UInt64 {
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
