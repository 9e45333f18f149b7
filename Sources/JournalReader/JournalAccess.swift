import CSystemd
import Glibc

/// Whether the user may read the journal of this machine. Opening it never fails for lack of permission: there are just
/// no records.
public enum JournalAccess: Sendable, Equatable {
  /// The system's journal can be read.
  case granted
  /// The system's journal exists, but this user may not read it.
  case denied
  /// There is no journal of the system.
  case noJournal

  /// The access of this process to the journal of this machine.
  public static var current: JournalAccess {
    guard let machine else { return .noJournal }
    var isDenied = false
    for folder in [onDisk, inMemory] {
      // Safe because the call copies the path.
      if unsafe access("\(folder)/\(machine)/system.journal", R_OK) == 0 { return .granted }
      isDenied = isDenied || errno == EACCES
    }
    return isDenied ? .denied : .noJournal
  }

  /// Whether journald writes to memory. Files of the other kind may be left from before its settings changed, so the
  /// file that was written last counts.
  public static var isVolatile: Bool {
    guard let machine, let memory = timeOfChange("\(inMemory)/\(machine)/system.journal") else {
      return false
    }
    return memory > timeOfChange("\(onDisk)/\(machine)/system.journal") ?? 0
  }

  /// When a file was changed, in nanoseconds since 1970; `nil` if there is none.
  private static func timeOfChange(_ path: String) -> Int? {
    var facts = stat()
    // Safe because the call copies the path, and writes only to the structure that is its own.
    guard unsafe stat(path, &facts) == 0 else { return nil }
    return facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
  }

  private static let (onDisk, inMemory) = ("/var/log/journal", "/run/log/journal")

  /// The ID of this machine, which is the name of the folder of its journal.
  private static var machine: String? {
    var machine = sd_id128_t()
    // Safe because the call writes only to the structure, and its size is that of the type.
    guard unsafe sd_id128_get_machine(&machine) >= 0 else { return nil }
    return unsafe withUnsafeBytes(of: machine) { bytes in
      unsafe bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}
