import Journal
import UpperLayer
import Verification

/// What is known of the peer of one slot, beside the protocol.
struct Requestor {
  /// Who it is, for the log.
  var subject: Subject
  /// Whether it counts as an association.
  var isAdmitted = false
  /// Whether it has sent any byte.
  var hasSpoken = false
  /// How far its association has come, while there is one.
  var stage = Stage.established
  /// Why its last message was refused.
  var refusal: CommandFault?

  init(peer: PeerAddress) { subject = Subject(peer: peer) }
}
