import CLinux
import Glibc
public import Linux

/// The socket by which entries reach the journal of this machine.
///
/// They travel as datagrams in its native protocol, many in one system call, for which libsystemd has
/// no function. No entry is too long for a datagram.
public final class JournalSocket: Sendable {
  /// What became of entries that were to be sent.
  public enum Delivery: Equatable, Sendable {
    /// The first ones, so many of them, were taken.
    case taken(Int)
    /// The journal has no room at the moment.
    case busy
    /// There is no journal.
    case missing
    /// The first one cannot be sent.
    case refused
  }

  private let descriptor: Descriptor

  /// A socket that is connected to nothing, so that a journal which is restarted finds its entries.
  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("socket", cl_journal_open()))
  }

  /// Sends entries, one behind the other from `start` on, each ending where `ends` says, without waiting.
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

/// Whether standard error is connected to the journal: the service manager then says in the
/// environment which file it is (systemd.exec(5), JOURNAL_STREAM).
public enum JournalStream {
  private static let standardError: Int32 = 2

  /// Whether it is that of this process.
  public static var isStandardError: Bool {
    // Safe because nothing changes the environment, and the text is copied at once.
    let variable = unsafe getenv("JOURNAL_STREAM").map { unsafe String(cString: $0) }
    guard let variable else { return false }
    // It is another file when a shell or a wrapper has redirected it.
    return variable == name(of: standardError)
  }

  /// How the environment names the file behind `descriptor`: its device and inode.
  public static func name(of descriptor: Int32) -> String? {
    var device: UInt64 = 0
    var inode: UInt64 = 0
    // Safe because both numbers are lent for the length of the call.
    guard unsafe cl_identify(descriptor, &device, &inode) == 0 else { return nil }
    return "\(device):\(inode)"
  }
}
