import CLinux
import Linux

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
  init(in directory: String? = ReloadAnswer.directory) {
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
    let path = ReloadAnswer.path(of: request, in: directory)
    _ = cl_remove_file(path.span)
  }

  private static func removeLeftovers(in directory: String) {
    var names = [UInt8](repeating: 0, count: 64 << 10)
    var room = names.mutableSpan
    let size = cl_list_folder(Array(directory.utf8).span, &room)
    guard size > 0 else { return }
    // The last name may not have had room; there are never so many.
    for name in names.prefix(size).split(separator: 0) where ReloadAnswer.isFileName(name) {
      let path = Array(directory.utf8) + [UInt8(ascii: "/")] + name
      _ = cl_remove_file(path.span)
    }
  }
}
