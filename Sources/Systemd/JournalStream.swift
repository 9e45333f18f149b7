import CLinux
import Glibc

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
