/// How far a peer had come when something happened to it: after an echo, hardly anything is a
/// failure any more.
public enum Stage: Sendable, CaseIterable {
  /// No complete A-ASSOCIATE-RQ has come.
  case awaitingRequest
  /// The association is established, and no C-ECHO-RQ was answered on it yet.
  case established
  /// The association is established, and of its first message some fragments have come, but not the last.
  case begun
  /// The association is established without any presentation context, which was reported.
  case unusable
  /// A C-ECHO-RQ was answered.
  case echoed
  /// The association has ended, or never began; the connection waits for its close.
  case awaitingClose

  /// Whether there is an association.
  public var isEstablished: Bool {
    switch self {
    case .established, .begun, .unusable, .echoed: true
    case .awaitingRequest, .awaitingClose: false
    }
  }
}
