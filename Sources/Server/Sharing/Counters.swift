import Synchronization

/// What one worker has done; it alone writes, anybody reads.
final class Counters: Sendable {
  private let acceptedAssociations = Atomic<UInt64>(0)
  private let rejectedAssociations = Atomic<UInt64>(0)
  private let answeredEchoes = Atomic<UInt64>(0)
  private let finishedRounds = Atomic<UInt64>(0)
  private let termsInForce = Atomic<Int>(0)

  /// How many associations were accepted.
  var associations: UInt64 { acceptedAssociations.load(ordering: .relaxed) }
  /// How many associations were rejected.
  var rejections: UInt64 { rejectedAssociations.load(ordering: .relaxed) }
  /// How many C-ECHO-RQs were answered.
  var echoes: UInt64 { answeredEchoes.load(ordering: .relaxed) }
  /// How often the worker has gone round its loop.
  var rounds: UInt64 { finishedRounds.load(ordering: .relaxed) }
  /// The edition of the terms under which it accepts.
  var edition: Int { termsInForce.load(ordering: .acquiring) }

  /// Counts an association.
  func countAssociation() { acceptedAssociations.store(associations &+ 1, ordering: .relaxed) }

  /// Counts a rejection.
  func countRejection() { rejectedAssociations.store(rejections &+ 1, ordering: .relaxed) }

  /// Counts an echo.
  func countEcho() { answeredEchoes.store(echoes &+ 1, ordering: .relaxed) }

  /// Counts a round.
  func countRound() { finishedRounds.store(rounds &+ 1, ordering: .relaxed) }

  /// Says that the worker accepts under the terms of this edition from now on.
  func enter(_ edition: Int) { termsInForce.store(edition, ordering: .releasing) }
}
