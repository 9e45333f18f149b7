import CLinux
public import Linux

/// The socket through which entries reach the journal of this machine.
///
/// It sends them as datagrams in the journal's native protocol, many in one system call, which libsystemd has
/// no function for. Every entry fits into a datagram.
public final class JournalSocket: Sendable {
  /// The result of sending entries.
  public enum Delivery: Equatable, Sendable {
    /// The journal took the first ones, this many.
    case taken(Int)
    /// The journal has no room at the moment.
    case busy
    /// There is no journal.
    case missing
    /// The first entry cannot be sent.
    case refused
  }

  private let descriptor: Descriptor

  /// A socket that is not connected, so that entries reach the journal again after its restart.
  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("socket", cl_journal_open()))
  }

  /// Sends consecutive entries without blocking: the first begins at `start`, and each ends at
  /// its offset in `ends`.
  public func send(_ entries: [UInt8], _ start: Int, _ ends: Span<Int>) -> Delivery {
    let sent = Int(cl_journal_send(descriptor.number, entries.span, start, ends))
    if sent > 0 { return .taken(sent) }
    switch SystemError.Known(rawValue: Int32(-sent)) {
    case .wouldBlock, .noBuffers: return .busy
    case .noSuchFile, .connectionRefused: return .missing
    default: return .refused
    }
  }
}

/// Tells whether standard error is connected to the journal: the service manager then names the file in the
/// environment (systemd.exec(5), JOURNAL_STREAM).
public enum JournalStream {
  private static let standardError: Int32 = 2

  /// Whether standard error of this process is connected to the journal.
  public static var isStandardError: Bool {
    guard let variable = Environment.value(of: "JOURNAL_STREAM") else { return false }
    // It is another file if a shell or a wrapper has redirected it.
    return variable == name(of: standardError)
  }

  /// The name of the file behind `descriptor` in JOURNAL_STREAM: its device and inode.
  public static func name(of descriptor: Int32) -> String? {
    var device: UInt64 = 0
    var inode: UInt64 = 0
    // Safe because both numbers are lent for the length of the call.
    guard unsafe cl_identify(descriptor, &device, &inode) == 0 else { return nil }
    return "\(device):\(inode)"
  }
}
