public import UpperLayer
public import Verification

/// Everything this program ever reports, once.
///
/// An event carries the facts; its renderings, for the terminal and for the journal, are made by
/// the writer's thread and only when somebody reads them.
public enum Event: Sendable {
  /// The program has begun.
  case started
  /// The service listens on the subject's address.
  case listening
  /// The service was asked to stop: it accepts nothing more and lets associations end.
  case stopping
  /// The service has ended, after so many associations and echoes.
  case stopped(associations: UInt64, echoes: UInt64)
  /// The service was told to end at once, or a thread of it failed, and it aborted so many associations.
  case stoppedAtOnce(associations: Int)
  /// The configuration was read anew, and holds from now on.
  case reloaded
  /// The configuration is wrong, so that the service does not start. The lines of the record say what
  /// is wrong.
  case configurationRefused
  /// The service cannot listen, so that it does not start. The line of the record says where and why.
  case listenFailed
  /// The configuration was read anew and is wrong, so that the one before goes on to hold. The lines
  /// of the record say what is wrong.
  case reloadRefused
  /// The configuration could not be read for want of descriptors or memory, so the previous one stays in
  /// force. The line of the record says which.
  case reloadFailed
  /// A setting was changed, which takes effect at the next start only. The line of the record is its
  /// key.
  case restartNeeded
  /// The service manager has passed other sockets than the configuration names. The record has two
  /// lines: what the configuration says, and what was passed.
  case socketsOverride
  /// A timeout is set to wait for ever.
  case timeoutDisabled(StaticString)
  /// The service runs as root, and nobody has said that it is to.
  case runsAsRoot
  /// There cannot be as many associations as were asked for, for lack of descriptors.
  case maxAssociationsLowered(wanted: Int, possible: Int)
  /// No descriptor is left, in this process or on the whole machine: accepting pauses until one is freed.
  case outOfDescriptors(isSystems: Bool)
  /// Accepting goes on.
  case acceptingAgain
  /// Accepting, or watching what was accepted, failed for another reason, an errno.
  case acceptFailed(Int32)
  /// So many records were lost.
  case recordsDropped(UInt64, RecordLoss)
  /// Records filed under this number exceed the budget of the journal; the gravest has this priority.
  case recordsSummed(CatalogID, Priority)

  /// A transport connection was closed unread: its address is among those denied, or not among those
  /// allowed.
  case addressDenied(isAmongDenied: Bool)
  /// A transport connection was closed unread, because its address has made too many. Only the first
  /// one in a second is worth a warning.
  case connectionRefused(Limit, isFirst: Bool)
  /// A transport connection without an association was closed to make room for another.
  case connectionEvicted(Limit)
  /// So many were, since that was last told; the last one was the subject's.
  case connectionsEvicted(UInt64, Limit)
  /// A transport connection was accepted.
  case connected
  /// An association was accepted, with this outcome.
  case associationAccepted(NegotiationOutcome)
  /// An association was accepted, but without any presentation context.
  case noUsableContext(NegotiationOutcome)
  /// An association was rejected by the acceptor of this AE title.
  case associationRejected(Rejection, by: AETitle)
  /// An association was rejected, because there are as many as there may be.
  case associationOverLimit(Limit)
  /// An association was rejected because the memory for partial PDUs is used up: by others, or by its own
  /// request, which held so many bytes and made room.
  case requestRefusedMemory(held: UInt32?)
  /// An association was rejected, because its calling AE title is that of a device with other
  /// addresses. They are the line of the record.
  case associationFromElsewhere
  /// A C-ECHO-RQ was answered.
  case echoReceived(messageID: UInt16, contextID: UInt8)
  /// A C-CANCEL-RQ was ignored.
  case cancelReceived
  /// An association with the acceptor of this AE title was released.
  case associationReleased(Notes, Stage, by: AETitle)
  /// The peer sent an A-ABORT.
  case abortReceived(Abort?, Stage)
  /// We send an A-ABORT, because of a fault and, where the message was at fault, for this reason.
  case aborting(AbortReason, CommandFault?, Abort, Stage)
  /// A connection ended without a byte: a health check.
  case healthCheck
  /// A connection ended inside an A-ASSOCIATE-RQ.
  case requestIncomplete(PDUProgress)
  /// The peer closed the connection of an established association.
  case peerVanished(Stage)
  /// The peer reset the connection, or it was lost.
  case peerReset(Stage)
  /// The ARTIM timer expired before a complete A-ASSOCIATE-RQ.
  case requestTimedOut(PDUProgress)
  /// A peer did not close after its association had ended.
  case closeTimedOut
  /// A peer did not take what was sent to it, or too little, in this stage.
  case receiverStalled(ReceiverStall, Stage = .established)
  /// There was no memory to keep what a peer did not take at once, in this stage.
  case replyLost(Stage)
  /// The connection is closed.
  case disconnected
}

/// Why records were lost.
public enum RecordLoss: Equatable, Sendable, CaseIterable {
  /// What reads standard error is too slow.
  case logSlow
  /// The journal is too slow, or stopped.
  case journalSlow
  /// There is no journal.
  case journalMissing
  /// The journal does not take them.
  case journalRefuses

  /// The reason in words, with what to look at.
  public var text: String {
    switch self {
    case .logSlow: "the log is too slow"
    case .journalSlow: "the journal is too slow or stopped"
    case .journalMissing: "there was no journal: see systemctl status systemd-journald"
    case .journalRefuses: "the journal does not take them"
    }
  }
}

/// Why the service closed the connection of a peer that does not read.
public enum ReceiverStall: Equatable, Sendable {
  /// It took nothing for as long as `network-timeout`.
  case silent
  /// It lagged behind for twice as long, and took little.
  case tooSlow
  /// So many others lag behind, too, and this one has for the longest time.
  case tooMany(Int)
  /// The same, with those of its address.
  case tooManyOfAddress(Int)

  /// What the peer did, and what became of it.
  public var text: String {
    switch self {
    case .silent: "network-timeout: does not read what is sent to it; connection closed"
    case .tooSlow:
      "twice the network-timeout: reads what is sent to it too slowly; connection closed"
    case .tooMany(let most):
      "does not read what is sent to it, as \(Counted.text(most, "other")); connection closed, since it has lagged "
        + "behind longest"
    case .tooManyOfAddress(let most):
      "does not read what is sent to it, as \(Counted.text(most, "other")) from its address; connection closed, since "
        + "it has lagged behind longest"
    }
  }
}

/// A limit that a peer has run into, with its value: each is a setting of its own name.
public enum Limit: Equatable, Sendable {
  /// `max-associations`.
  case associations(Int)
  /// `max-associations-per-address`.
  case associationsPerAddress(Int)
  /// `max-pending`.
  case pending(Int)
  /// `max-pending-per-address`.
  case pendingPerAddress(Int)
  /// `max-connection-rate`, in a second.
  case connectionRate(Int)
  /// The limit of file descriptors, which is the system's.
  case descriptors

  /// How it is said, with what raises it.
  public var text: String {
    switch self {
    case .associations(let most): "max-associations (\(most)) is reached"
    case .associationsPerAddress(let most):
      "max-associations-per-address (\(most)) is reached"
    case .pending(let most): "max-pending (\(most)) is reached"
    case .pendingPerAddress(let most): "max-pending-per-address (\(most)) is reached"
    case .connectionRate(let most):
      "more than \(Counted.text(most, "connection")) in a second (max-connection-rate)"
    case .descriptors: "no file descriptor is left; raise LimitNOFILE= or ulimit -n"
    }
  }
}

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
  var isEstablished: Bool {
    switch self {
    case .established, .begun, .unusable, .echoed: true
    case .awaitingRequest, .awaitingClose: false
    }
  }
}
