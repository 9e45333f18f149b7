public import Linux
import Systemd

/// Asks a running service to read its settings once more, and waits for the answer: what
/// `systemctl reload` runs.
public enum ReloadRequest {
  /// How long an answer is waited for, in milliseconds.
  static let patience: UInt32 = 10_000
  /// How often it is looked whether the answer has come, in milliseconds.
  private static let look: Int32 = 5
  /// The longest answer, in bytes: every fault of many files has room.
  private static let longestFile = 1 << 20
  /// What the service is called.
  private static let programName = "echoscpd"
  /// Where the service answers unless the environment says otherwise.
  private static let standardDirectory = "/run/echoscpd"

  /// Why there is no answer.
  public enum Failure: Error, Equatable {
    /// The signal could not be sent.
    case signal(SystemError)
    /// The process is another program, which such a signal would end.
    case stranger(String)
    /// Nothing has come in time.
    case silence(directory: String)
  }

  /// Asks the process with this ID; the result is what became of it, and what is to be told.
  public static func send(
    to process: Int32
  ) throws(Failure) -> (outcome: ReloadOutcome, lines: [String]) {
    if let name = name(of: process), name != programName { throw .stranger(name) }
    let request = UInt32.random(in: 1...UInt32.max)
    let directory = ServiceManager.runtimeDirectory ?? standardDirectory
    let path = ReloadAnswer.path(of: request, in: directory)
    do throws(SystemError) {
      try Signals.askForReload(process, request: request)
    } catch {
      throw .signal(error)
    }
    let end = Instant.now + patience
    while true {
      // Before the answer is looked for, so that the last look is not too early.
      let isLate = Instant.now > end
      if let answer = content(of: path).flatMap({ ReloadAnswer($0) }) {
        Files.remove(path)
        return (answer.outcome, answer.lines)
      }
      if isLate { throw .silence(directory: directory) }
      Thread.sleep(milliseconds: look)
    }
  }

  /// What the system calls a process; `nil` when it does not say so.
  private static func name(of process: Int32) -> String? {
    let bytes = content(of: Array("/proc/\(process)/comm".utf8))
    return bytes.map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
  }

  /// A small file; `nil` when it is not there, or cannot be read.
  private static func content(of path: [UInt8]) -> [UInt8]? {
    (try? Files.content(of: path, limit: longestFile)) ?? nil
  }
}
