import Glibc

/// The kinds of errors, each counted separately.
enum ErrorKind: String, CaseIterable, Sendable {
  /// Nothing listens on the port.
  case refused
  /// There is no route to the SCP.
  case unreachable
  /// The peer reset the connection.
  case reset
  /// The peer closed the connection before its answer was complete.
  case closed
  /// The answer took too long.
  case timeout
  /// TLS failed: the handshake, or what came after it.
  case tls
  /// A-ASSOCIATE-RJ.
  case rejected
  /// A-ABORT.
  case aborted
  /// An answer arrived, but not the expected one.
  case wrongAnswer = "wrong-answer"
  /// The local address and port are in use.
  case addressInUse = "address-in-use"
  /// No local port is left, or there is no such local address.
  case addressNotAvailable = "address-not-available"
  /// No descriptor is left.
  case tooManyDescriptors = "too-many-descriptors"
  /// Any other error of the operating system.
  case system

  /// The kind of an errno.
  init(errno number: Int32) {
    switch number {
    case ECONNREFUSED: self = .refused
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: self = .unreachable
    case ECONNRESET, EPIPE, ECONNABORTED: self = .reset
    case ETIMEDOUT: self = .timeout
    case EADDRINUSE: self = .addressInUse
    case EADDRNOTAVAIL: self = .addressNotAvailable
    case EMFILE, ENFILE: self = .tooManyDescriptors
    default: self = .system
    }
  }
}
