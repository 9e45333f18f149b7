import Synchronization

/// The last bytes that a peer received and after how many milliseconds, passed on by its thread.
final class Outcome: Sendable {
  private let box = Mutex<(heard: [UInt8], passed: UInt64)?>(nil)

  /// The value passed on, if any.
  var value: (heard: [UInt8], passed: UInt64)? { box.withLock { $0 } }

  /// Passes the value on.
  func set(_ value: (heard: [UInt8], passed: UInt64)) { box.withLock { $0 = value } }
}
