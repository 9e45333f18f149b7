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

/// A reference to an object of a connection that it retains, or none; zeroes are none.
@safe
struct RetainedReference<Object: AnyObject>: BitwiseCopyable {
  private let pointer: UnsafeMutableRawPointer?

  /// A reference that is released by ``release()``.
  init(retaining object: Object?) {
    // Safe because the object is retained.
    unsafe pointer = object.map { unsafe Unmanaged.passRetained($0).toOpaque() }
  }

  /// The object.
  var object: Object? {
    // Safe because the object is retained until `release`, after which the holder drops the reference.
    unsafe pointer.map { unsafe Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Releases the object.
  func release() {
    // Safe because the object was retained once.
    guard let pointer = unsafe pointer else { return }
    unsafe Unmanaged<Object>.fromOpaque(pointer).release()
  }
}
