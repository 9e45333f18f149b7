import Synchronization

/// What a peer heard at last and after how many milliseconds, handed over by its thread at its end.
final class Outcome: Sendable {
  private let box = Mutex<(heard: [UInt8], passed: UInt64)?>(nil)

  /// What was handed over.
  var value: (heard: [UInt8], passed: UInt64)? { box.withLock { $0 } }

  /// Hands it over.
  func set(_ value: (heard: [UInt8], passed: UInt64)) { box.withLock { $0 = value } }
}
