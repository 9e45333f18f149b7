/// What can happen to an acceptor: the events of PS3.8 Table 9-10, and two of our own. A well-formed
/// A-ASSOCIATE-RQ (Evt6) and a PDV (Evt10) are handed to it as they are.
public enum AcceptorEvent {
  /// Evt10, begun: the header of a PDV of whose message `assembled` bytes are here; its fragment
  /// is still to come, and is not waited for when it could not be taken.
  case dataPending(PDV, assembled: Int)
  /// Evt12: A-RELEASE-RQ.
  case releaseRequest
  /// Evt16: A-ABORT; its source and reason are nothing when it was not of the length it should be.
  case abort(Abort?)
  /// Evt3, Evt4, Evt6, Evt10, Evt12 or Evt13 by its header alone: a PDU that has no place now.
  case unexpected(PDUType)
  /// Evt19: an unrecognized or invalid PDU.
  case invalid(Fault)
  /// Evt17: transport connection closed.
  case transportClosed
  /// Evt18: the ARTIM timer expired.
  case artimExpired
  /// Evt15 of our own making: the acceptor itself wants to end, for the reason given.
  case abortWanted(Fault)
}
