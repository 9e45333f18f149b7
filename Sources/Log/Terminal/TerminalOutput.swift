import Linux

/// Records as lines on stderr, many in one write.
struct TerminalOutput: LogOutput {
  /// How much is rendered before it is written, in bytes.
  private static let batch = 32 << 10
  /// How much is written by one call, in bytes (PIPE_BUF): so much has room in any pipe that has room at all,
  /// and so a pipe that blocks, which is others' to change, holds nobody up.
  private static let chunk = 4096

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
