import TLS

/// What lies between the socket of a connection and its protocol machine.
enum Channel: UInt8 {
  /// Nothing: what the socket receives is DICOM.
  case plain
  /// TLS whose handshake is not complete.
  case opening
  /// TLS.
  case secure
}

/// The TLS session of one connection, from its first byte until its association ends.
final class SecureChannel {
  /// How long a session may be idle before its buffers are freed, in milliseconds.
  static let idle: UInt32 = 200

  /// The session.
  var session: Session
  /// What is known of the peer, once the handshake is complete.
  private(set) var facts: SessionFacts?
  /// Whether the session may hold buffers.
  var hasBuffers = true

  /// A channel of `context`; `nil` if there is no memory.
  init?(_ context: Context) {
    guard let session = Session(serverOf: context) else { return nil }
    self.session = session
  }

  /// Notes that the handshake is complete.
  func complete() { facts = session.facts }

  /// Frees the buffers of an idle session.
  func freeBuffers() {
    session.freeBuffers()
    hasBuffers = false
  }
}

/// A reference to the TLS channel of a connection that it retains, or none; zeroes are none.
@safe
struct ChannelReference: BitwiseCopyable {
  private let pointer: UnsafeMutableRawPointer?

  /// A reference that is released by ``release()``.
  init(retaining channel: SecureChannel?) {
    // Safe because the channel is retained.
    unsafe pointer = channel.map { unsafe Unmanaged.passRetained($0).toOpaque() }
  }

  /// The channel.
  var channel: SecureChannel? {
    // Safe because the channel is retained until `release`, after which the holder drops the reference.
    unsafe pointer.map { unsafe Unmanaged<SecureChannel>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Releases the channel.
  func release() {
    // Safe because the channel was retained once.
    guard let pointer = unsafe pointer else { return }
    unsafe Unmanaged<SecureChannel>.fromOpaque(pointer).release()
  }
}
