import CLinux
import CSystemd

/// The socket by which entries reach the journal of this machine.
///
/// They travel as datagrams in its native protocol, many in one system call, for which libsystemd has
/// no function; what is too long for a datagram is left to sd_journal_sendv(3), which passes it in a
/// file. Where there is no journal, entries are lost in silence, as the library has it.
final class JournalSocket: Sendable {
  private let descriptor: Descriptor

  /// A socket that is connected to nothing, so that a journal which is restarted finds its entries.
  init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("socket", cl_journal_open()))
  }

  /// Sends entries, one behind the other, each ending where `ends` says.
  ///
  /// - Returns: how many the journal does not take.
  func send(_ entries: [UInt8], _ ends: [Int]) -> Int {
    var lost = 0
    var next = 0
    while next < ends.count {
      let start = next == 0 ? 0 : ends[next - 1]
      let sent = Int(
        cl_journal_send(
          descriptor.number, entries.span, start, ends.span.extracting(droppingFirst: next)))
      if sent > 0 {
        next += sent
        continue
      }
      switch Int32(-sent) {
      case SystemError.Known.noSuchFile.rawValue:
        break
      case SystemError.Known.messageTooLong.rawValue:
        if !Self.sendByLibrary(entries[start..<ends[next]]) { lost += 1 }
      default:
        lost += 1
      }
      next += 1
    }
    return lost
  }

  /// Sends one entry of any length.
  private static func sendByLibrary(_ entry: ArraySlice<UInt8>) -> Bool {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    var rest = entry
    while let end = rest.firstIndex(where: { $0 == newline || $0 == equals }) {
      let name = rest[..<end]
      bytes += name
      bytes.append(equals)
      var value = rest[(end + 1)...]
      var length = value.firstIndex(of: newline).map { $0 - value.startIndex } ?? value.count
      if rest[end] == newline {
        length = value.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        value = value.dropFirst(8)
      }
      bytes += value.prefix(length)
      ends.append(bytes.count)
      rest = value.dropFirst(length + 1)
    }
    // Safe because the bytes stay where they are for the length of the call, which only reads them,
    // and every part lies within them.
    return unsafe bytes.withUnsafeMutableBytes { bytes in
      var start = 0
      let parts = unsafe ends.map { end in
        defer { start = end }
        return unsafe iovec(
          iov_base: bytes.baseAddress.map { unsafe $0 + start }, iov_len: end - start)
      }
      return unsafe parts.withUnsafeBufferPointer {
        unsafe sd_journal_sendv($0.baseAddress, Int32($0.count)) >= 0
      }
    }
  }

  private static let newline = UInt8(ascii: "\n")
  private static let equals = UInt8(ascii: "=")
}
