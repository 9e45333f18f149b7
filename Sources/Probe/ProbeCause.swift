/// Why a probe has failed, in one word that stays: for programs, which read it as the member `cause`
/// of `--json`. echoscpd(8) lists them.
public enum ProbeCause: String, CaseIterable, Sendable {
  /// The name is not known, or has no address.
  case nameUnknown = "name-unknown"
  /// No name server answers.
  case nameUnanswered = "name-unanswered"
  /// Looking up the name fails in another way.
  case nameFailed = "name-failed"
  /// Nothing listens at the port.
  case refused
  /// There is no way to the address.
  case noRoute = "no-route"
  /// This machine does not speak the protocol of the address, IPv4 or IPv6.
  case noIPVersion = "no-ip-version"
  /// A firewall or a security policy forbids the connection.
  case forbidden
  /// This machine has no port, no descriptor or no memory left for it.
  case localLimit = "local-limit"
  /// Another error of the operating system.
  case system
  /// Nothing comes in time.
  case timeout
  /// The peer closes the connection without an answer.
  case closed
  /// The peer resets the connection without an answer.
  case reset
  /// An answer has begun, and the rest of it does not come.
  case incompleteAnswer = "incomplete-answer"
  /// The first bytes are of another protocol.
  case notDICOM = "not-dicom"
  /// A-ASSOCIATE-RJ.
  case rejected
  /// A-ABORT.
  case aborted
  /// A-RELEASE-RQ in place of the C-ECHO-RSP.
  case released
  /// The presentation context is refused.
  case contextRefused = "context-refused"
  /// C-ECHO-RSP with another status than Success.
  case status
  /// Another answer than one that is due.
  case wrongAnswer = "wrong-answer"
}
