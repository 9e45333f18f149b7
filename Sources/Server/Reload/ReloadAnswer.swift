import Linux
import Systemd

/// The outcome of a reload; the raw value is the exit status of the requesting process.
public enum ReloadOutcome: Int32, Sendable {
  /// The settings are in force.
  case reloaded = 0
  /// The service is ending.
  case stopping = 71
  /// The configuration could not be read, for want of descriptors or memory; the settings are
  /// unchanged: EX_TEMPFAIL.
  case unreadable = 75
  /// The configuration has errors; the settings are unchanged.
  case configuration = 78
}

/// The answer to a reload request: a file in the runtime directory of the service, whose first
/// line is the outcome.
struct ReloadAnswer {
  let outcome: ReloadOutcome
  /// The messages, one per line of the file.
  let lines: [String]

  init(_ outcome: ReloadOutcome, _ lines: [String]) {
    self.outcome = outcome
    self.lines = lines
  }

  /// The path of the answer to `request` in the runtime directory `directory`.
  static func path(of request: UInt32, in directory: String) -> [UInt8] {
    Array("\(directory)/reload-\(request)".utf8)
  }

  /// Whether `name` is that of an answer, or of one being written.
  static func isFileName(_ name: some Collection<UInt8>) -> Bool {
    let text = String(decoding: name, as: UTF8.self)
    guard text.hasPrefix("reload-") else { return false }
    let number = text.dropFirst("reload-".count)
    return UInt32(number.hasSuffix(".new") ? number.dropLast(".new".count) : number) != nil
  }

  /// Writes the answer to `request` into the runtime directory `directory`.
  func write(to request: UInt32, in directory: String) {
    let text = "\(outcome.rawValue)\n" + lines.map { "\($0)\n" }.joined()
    Files.replace(Self.path(of: request, in: directory), by: Array(text.utf8))
  }

  /// The answer in the bytes of a file, or `nil` if they are not a valid answer.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    guard lines.popLast() == "", !lines.isEmpty, let status = Int32(lines.removeFirst()),
      let outcome = ReloadOutcome(rawValue: status)
    else { return nil }
    self.init(outcome, lines)
  }
}

/// The answers to reloads in the runtime directory. The requesting process removes its answer; answers that
/// it does not fetch are removed here after a while, and are limited in number.
struct ReloadAnswers {
  /// The maximum number of answers at once.
  static let most = 64
  /// How long an answer is kept, in milliseconds.
  static let lifetime = ReloadRequest.patience

  private let directory: String?
  /// The answers written, the oldest first.
  private var written: [(request: UInt32, end: Instant)] = []

  /// Creates the answers in `directory`, if any, and removes those of an earlier run.
  init(in directory: String? = ServiceManager.runtimeDirectory) {
    self.directory = directory
    if let directory { Self.removeLeftovers(in: directory) }
  }

  /// When to remove the next answer; never if there is none.
  var next: Instant { written.first?.end ?? .never }

  /// Writes the answer to `request`. If that fails, the requesting process reports that there is no answer.
  mutating func put(_ answer: ReloadAnswer, to request: UInt32, at now: Instant) {
    guard let directory else { return }
    if written.count == Self.most { remove(written.removeFirst().request) }
    answer.write(to: request, in: directory)
    written.append((request, now + Self.lifetime))
  }

  /// Removes answers that were not fetched in time.
  mutating func expire(at now: Instant) {
    while let first = written.first, first.end <= now { remove(written.removeFirst().request) }
  }

  private func remove(_ request: UInt32) {
    guard let directory else { return }
    // Fails without harm if the answer was fetched.
    Files.remove(ReloadAnswer.path(of: request, in: directory))
  }

  private static func removeLeftovers(in directory: String) {
    let folder = Array(directory.utf8)
    for name in (try? Files.names(in: folder)) ?? [] where ReloadAnswer.isFileName(name) {
      Files.remove(folder + [UInt8(ascii: "/")] + name)
    }
  }
}
