import Journal
import Synchronization

/// The quietest priority that is logged: a reload changes it while records are made and written.
final class Threshold: Sendable {
  private let quietest: Atomic<UInt8>

  /// A threshold that lets through everything down to `level`; nothing when there is none.
  init(_ level: Priority?) { quietest = Atomic(level?.rawValue ?? 0) }

  /// The quietest priority that it lets through.
  var level: Priority? {
    get { Priority(rawValue: quietest.load(ordering: .relaxed)) }
    set { quietest.store(newValue?.rawValue ?? 0, ordering: .relaxed) }
  }
}
