import Journal
import UpperLayer
import Verification

/// What is known of the peer of one slot, beside the protocol. It lives as long as the slot table, and
/// is used for one peer after the other.
struct Requestor {
  /// Whether it counts as an association.
  var isAdmitted = false
  /// Whether that is counted for its address.
  var isAdmittedAtAddress = false
  /// Whether it counts for its address as a connection without an association.
  var isPendingAtAddress = false
  /// Whether it has sent any byte.
  var hasSpoken = false
  /// How far its association has come, while there is one.
  var stage = Stage.established
  /// Why its last message was refused.
  var refusal: CommandFault?
  /// Who it is, for the log.
  var subject: Subject

  /// Nobody yet.
  init() {
    subject = Subject(peer: PeerAddress(bytes: InlineArray(repeating: 0), port: 0))
  }

  /// Begins anew, with a peer that has not said anything yet.
  mutating func begin(_ peer: PeerAddress) {
    subject.begin(peer)
    isAdmitted = false
    isAdmittedAtAddress = false
    isPendingAtAddress = false
    hasSpoken = false
    stage = .established
    refusal = nil
  }
}
