import Linux
import Systemd

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

  /// Answers `request` in the runtime directory `directory`.
  func write(to request: UInt32, in directory: String) {
    let text = "\(outcome.rawValue)\n" + lines.map { "\($0)\n" }.joined()
    Files.replace(Self.path(of: request, in: directory), by: Array(text.utf8))
  }

  /// The answer in the bytes of a file; `nil` when they are none.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    guard lines.popLast() == "", !lines.isEmpty, let status = Int32(lines.removeFirst()),
      let outcome = ReloadOutcome(rawValue: status)
    else { return nil }
    self.init(outcome, lines)
  }
}

/// The answers to reloads in the runtime directory. Who asked takes its answer away; what nobody fetches,
/// because who asked was ended or did not wait, is removed here, and is bounded in number.
struct ReloadAnswers {
  /// How many there are at once.
  static let most = 64
  /// For how long each may be fetched, in milliseconds.
  static let lifetime = ReloadRequest.patience

  private let directory: String?
  /// Those that were written, the oldest first.
  private var written: [(request: UInt32, end: Instant)] = []

  /// The answers in `directory`, if there is one, without any that are left over from an earlier run.
  init(in directory: String? = ServiceManager.runtimeDirectory) {
    self.directory = directory
    if let directory { Self.removeLeftovers(in: directory) }
  }

  /// When the next one is to be removed.
  var next: Instant { written.first?.end ?? .never }

  /// Answers `request`; who asked and finds no answer says so.
  mutating func put(_ answer: ReloadAnswer, to request: UInt32, at now: Instant) {
    guard let directory else { return }
    if written.count == Self.most { remove(written.removeFirst().request) }
    answer.write(to: request, in: directory)
    written.append((request, now + Self.lifetime))
  }

  /// Removes those that nobody has fetched in time.
  mutating func expire(at now: Instant) {
    while let first = written.first, first.end <= now { remove(written.removeFirst().request) }
  }

  private func remove(_ request: UInt32) {
    guard let directory else { return }
    // Where it was fetched, it is not there any more.
    Files.remove(ReloadAnswer.path(of: request, in: directory))
  }

  private static func removeLeftovers(in directory: String) {
    let folder = Array(directory.utf8)
    for name in (try? Files.names(in: folder)) ?? [] where ReloadAnswer.isFileName(name) {
      Files.remove(folder + [UInt8(ascii: "/")] + name)
    }
  }
}
