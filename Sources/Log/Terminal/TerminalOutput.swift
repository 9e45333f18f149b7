import Linux

/// Writes records as lines to stderr, many per write.
struct TerminalOutput: LogOutput {
  /// The amount of text that is rendered before it is written, in bytes.
  private static let batch = 32 << 10
  /// The most that is written by one call, in bytes (PIPE_BUF): a pipe that is writable has room for that much,
  /// so that even a pipe in blocking mode, which other processes may share, does not block the writer.
  private static let chunk = 4096

  /// Appends the lines of a record, down to a level.
  typealias Append = @Sendable (Record, Priority?, inout [UInt8]) -> Void

  private let append: Append
  private let isStopping: () -> Bool
  private var text: [UInt8] = []
  /// Whether the reader took nothing the last time, so that the program does not wait for it again when it ends.
  private var isStalled = false

  /// - Parameters:
  ///   - append: Appends the lines of a record.
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

  /// Always `nil`, since every step is shown at once.
  var next: UInt64? { nil }

  mutating func putDue(at now: UInt64, isLast: Bool, level: Priority?) {}

  var isDone: Bool { text.isEmpty }

  /// Writes the rendered text; drops what the reader does not take and returns the number of its lines.
  mutating func flush(at now: UInt64) -> UInt64 {
    var offset = 0
    while offset < text.count {
      let patience = isStalled && isStopping() ? 0 : LogWriter.patienceMilliseconds
      isStalled = !StandardStream.error.waitWritable(milliseconds: patience)
      if isStalled { break }
      let written = writeChunk(from: offset)
      if written > 0 {
        offset += written
      } else if written != -Int(SystemError.Known.wouldBlock.rawValue) {
        isStalled = true
        break
      }
    }
    let lost = text[offset...].count { $0 == UInt8(ascii: "\n") }
    text.removeAll(keepingCapacity: text.capacity <= 4 * Self.batch)
    return UInt64(lost)
  }

  private func writeChunk(from offset: Int) -> Int {
    let end = min(offset + Self.chunk, text.count)
    return StandardStream.error.writeSome(text.span.extracting(offset..<end))
  }
}
