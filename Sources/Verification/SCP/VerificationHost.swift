public import UpperLayer

/// What surrounds a Verification SCP: it knows where the peer is, and
/// hears of the association and of the messages on it.
public protocol VerificationHost: UpperLayerHost {
  /// Whether the peer's address is one that a requestor of this AE title may have: any is, unless
  /// the title is bound to others.
  mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool
  /// A C-ECHO-RQ with this Message ID arrived on this presentation context and is answered with
  /// Success.
  mutating func echoReceived(messageID: UInt16, contextID: UInt8)
  /// The C-ECHO-RQ that is answered next has a group length that is not right.
  mutating func groupLengthWrong(_ length: GroupLength)
  /// A C-CANCEL-RQ arrived; it is ignored.
  mutating func cancelReceived()
  /// A message was refused; the association is aborted next.
  mutating func commandRefused(_ fault: CommandFault)
}
