import Synchronization

/// What one worker has done; it alone writes, anybody reads.
final class Counters: Sendable {
  private let acceptedAssociations = Atomic<UInt64>(0)
  private let answeredEchoes = Atomic<UInt64>(0)

  /// How many associations were accepted.
  var associations: UInt64 { acceptedAssociations.load(ordering: .relaxed) }
  /// How many C-ECHO-RQs were answered.
  var echoes: UInt64 { answeredEchoes.load(ordering: .relaxed) }

  /// Counts an association.
  func countAssociation() {
    acceptedAssociations.store(associations &+ 1, ordering: .relaxed)
  }

  /// Counts an echo.
  func countEcho() { answeredEchoes.store(echoes &+ 1, ordering: .relaxed) }
}
