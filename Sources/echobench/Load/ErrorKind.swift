import Glibc

/// The kinds of errors that are counted, each on its own.
enum ErrorKind: String, CaseIterable, Sendable {
  /// Nobody listens there.
  case refused
  /// There is no way there.
  case unreachable
  /// The peer has reset the connection.
  case reset
  /// The peer has closed the connection before its answer was complete.
  case closed
  /// The answer took longer than it may.
  case timeout
  /// A-ASSOCIATE-RJ.
  case rejected
  /// A-ABORT.
  case aborted
  /// An answer came, and it is not the one that was due.
  case wrongAnswer = "wrong-answer"
  /// A local address and port that are in use.
  case addressInUse = "address-in-use"
  /// No local port is left, or there is no such local address.
  case addressNotAvailable = "address-not-available"
  /// No descriptor is left.
  case tooManyDescriptors = "too-many-descriptors"
  /// Anything else that the operating system says.
  case system

  /// The kind that an errno stands for.
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
