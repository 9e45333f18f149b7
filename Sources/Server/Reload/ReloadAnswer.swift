import CLinux
import Glibc

/// What became of a reload, with the exit status of who asked for it.
public enum ReloadOutcome: Int32, Sendable {
  /// The settings are in force.
  case reloaded = 0
  /// The service is ending.
  case stopping = 71
  /// The configuration could not be read, for want of descriptors or memory, and the settings are as they
  /// were: EX_TEMPFAIL.
  case unreadable = 75
  /// The configuration is wrong, and the settings are as they were.
  case configuration = 78
}

/// The answer to who has asked for a reload: a file in the runtime directory of the service, whose
/// first line is the outcome.
struct ReloadAnswer {
  let outcome: ReloadOutcome
  /// What is to be told, a line each.
  let lines: [String]

  init(_ outcome: ReloadOutcome, _ lines: [String]) {
    self.outcome = outcome
    self.lines = lines
  }

  /// Where the answer to `request` is, in the runtime directory `directory`.
  static func path(of request: UInt32, in directory: String) -> [UInt8] {
    Array("\(directory)/reload-\(request)".utf8)
  }

  /// Whether a file of this name is an answer, or was to become one.
  static func isFileName(_ name: some Collection<UInt8>) -> Bool {
    let text = String(decoding: name, as: UTF8.self)
    guard text.hasPrefix("reload-") else { return false }
    let number = text.dropFirst("reload-".count)
    return UInt32(number.hasSuffix(".new") ? number.dropLast(".new".count) : number) != nil
  }

  /// The runtime directory that the service manager has made, if it has (systemd.exec(5)).
  static var directory: String? {
    // Safe because the text is copied at once, and nobody changes the environment.
    guard let text = unsafe getenv("RUNTIME_DIRECTORY") else { return nil }
    let all = unsafe String(cString: text).split(separator: ":")
    return all.first.map { String($0) }
  }

  /// Answers `request` in the runtime directory `directory`.
  func write(to request: UInt32, in directory: String) {
    let text = "\(outcome.rawValue)\n" + lines.map { "\($0)\n" }.joined()
    let path = Self.path(of: request, in: directory)
    _ = cl_replace_file(path.span, text.utf8.span)
  }

  /// The answer in the bytes of a file; nothing when they are none.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    guard lines.popLast() == "", !lines.isEmpty, let status = Int32(lines.removeFirst()),
      let outcome = ReloadOutcome(rawValue: status)
    else { return nil }
    self.init(outcome, lines)
  }
}
