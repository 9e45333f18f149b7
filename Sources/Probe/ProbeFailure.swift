public import Requestor

/// Why a probe has failed in one of its phases.
public enum ProbeFailure: Equatable, Sendable {
  /// There is no such name, or it has no address.
  case unknownName
  /// No name server has answered.
  case unansweredName
  /// Looking up the name has failed in another way.
  case unresolvedName
  /// The operating system says so, by this errno.
  case system(Int32)
  /// It took longer than it may.
  case timeout
  /// What the peer has done instead of answering.
  case peer(EchoSCU.Failure)

  /// Whether the wait for an answer has ended, which may have begun to come.
  public var isOfWaiting: Bool {
    switch self {
    case .timeout, .system, .peer(.closed): true
    case .unknownName, .unansweredName, .unresolvedName: false
    case .peer(.rejected), .peer(.aborted), .peer(.foreign), .peer(.wrong),
      .peer(.releaseRequested):
      false
    }
  }
}
