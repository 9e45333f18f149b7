public import Linux
import Systemd

/// Asks a running service to re-read its settings, and waits for the answer; `systemctl reload` runs this.
public enum ReloadRequest {
  /// How long to wait for an answer, in milliseconds.
  static let patience: UInt32 = 10_000
  /// How often to check for the answer, in milliseconds.
  private static let look: Int32 = 5
  /// The maximum length of an answer, in bytes: room for every error in many files.
  private static let longestFile = 1 << 20
  /// The process name of the service.
  private static let programName = "echoscpd"
  /// The directory of the answers unless the environment names another.
  private static let standardDirectory = "/run/echoscpd"

  /// The reason why there is no answer.
  public enum Failure: Error, Equatable {
    /// The signal could not be sent.
    case signal(SystemError)
    /// The process runs another program, which the signal would end.
    case stranger(String)
    /// No answer has come in time.
    case silence(directory: String)
  }

  /// Asks the process with this ID to reload, and returns the outcome and the messages.
  public static func send(
    to process: Int32
  ) throws(Failure) -> (outcome: ReloadOutcome, lines: [String]) {
    if let name = RunningProcess(process)?.name, name != programName { throw .stranger(name) }
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
      // Checked before looking for the answer, so that the last look is not too early.
      let isLate = Instant.now > end
      if let answer = content(of: path).flatMap({ ReloadAnswer($0) }) {
        Files.remove(path)
        return (answer.outcome, answer.lines)
      }
      if isLate { throw .silence(directory: directory) }
      Thread.sleep(milliseconds: look)
    }
  }

  /// The content of a small file, or `nil` if it is missing or unreadable.
  private static func content(of path: [UInt8]) -> [UInt8]? {
    (try? Files.content(of: path, limit: longestFile)) ?? nil
  }
}
