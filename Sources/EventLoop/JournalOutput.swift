import CSystemd
import Journal

/// Records as entries of the journal, with a field for each fact (sd_journal_sendv(3)).
///
/// Sending waits for a journal that is slow or stopped, as long as that takes: nobody waits for this
/// but the writer's thread.
struct JournalOutput: LogOutput {
  /// Sends the fields of an entry; the result is negative when the journal does not take it.
  typealias Send = @Sendable (_ fields: [String]) -> Int32

  private let run: UInt64
  private let send: Send

  /// - Parameters:
  ///   - run: What tells the associations of this run of the program from those of others.
  ///   - send: Sends an entry.
  init(run: UInt64 = .random(in: .min ... .max), send: @escaping Send) {
    self.run = run
    self.send = send
  }

  func put(_ record: Record, level: Priority?) -> UInt64 {
    guard let level, record.event.priority(in: .journal) <= level else { return 0 }
    let fields = JournalFields(run: run, withDumps: level == .debug).fields(of: record)
    return send(fields) < 0 ? 1 : 0
  }

  func flush() -> UInt64 { 0 }

  /// Sends an entry to the journal of this machine. Where there is none, it is lost in silence, as
  /// the library has it.
  @Sendable
  static func send(_ fields: [String]) -> Int32 {
    var bytes: [UInt8] = []
    let lengths = fields.map(\.utf8.count)
    for field in fields { bytes += field.utf8 }
    // Safe because the bytes stay where they are for the length of the call, which only reads them,
    // and the lengths add up to theirs.
    return unsafe bytes.withUnsafeMutableBytes { bytes in
      var start = 0
      let vectors = unsafe lengths.map { length in
        defer { start += length }
        return unsafe iovec(iov_base: bytes.baseAddress.map { unsafe $0 + start }, iov_len: length)
      }
      return unsafe vectors.withUnsafeBufferPointer {
        unsafe sd_journal_sendv($0.baseAddress, Int32($0.count))
      }
    }
  }
}
