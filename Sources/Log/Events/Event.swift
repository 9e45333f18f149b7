public import ProxyProtocol
public import TLS
public import UpperLayer
public import Verification

/// Everything that this program reports.
///
/// An event carries the facts; the writer's thread renders them for the terminal or the journal, and only if
/// they are written.
public enum Event: Sendable {
  /// The program has started.
  case started
  /// The service listens on the subject's address.
  case listening
  /// The service was asked to stop: it accepts no more connections and lets open associations finish.
  case stopping
  /// The service has stopped, after this many associations and echoes.
  case stopped(associations: UInt64, echoes: UInt64)
  /// The service was told to stop at once, or one of its threads failed, and it aborted this many associations.
  case stoppedAtOnce(associations: Int)
  /// The configuration was reloaded and is now in force.
  case reloaded
  /// The configuration has errors, so the service does not start. The lines of the record list them.
  case configurationRefused
  /// The service cannot listen, so it does not start. The line of the record says where and why.
  case listenFailed
  /// The reloaded configuration has errors, so the previous one stays in force. The lines of the record list
  /// them.
  case reloadRefused
  /// The configuration could not be read for lack of descriptors or memory, so the previous one stays in
  /// force. The line of the record says which.
  case reloadFailed
  /// Settings were changed that take effect only at the next start. The lines of the record are their keys.
  case restartNeeded
  /// The service manager passed sockets other than those in the configuration. The record has two lines: the
  /// configured addresses, and the passed ones.
  case socketsOverride
  /// A timeout is disabled in the configuration.
  case timeoutDisabled(StaticString)
  /// The service runs as root, although the configuration does not ask for that.
  case runsAsRoot
  /// The descriptors do not suffice for the configured number of associations.
  case maxAssociationsLowered(wanted: Int, possible: Int)
  /// The certificate of the service deserves a warning. The line of the record is its subject.
  case certificateRemark(CertificateRemark)
  /// The service started without TLS, because its files cannot be used. The lines of the record say why.
  case tlsUnavailable
  /// The service has a socket for load balancers and trusts none of them.
  case noProxyTrusted
  /// No descriptor is left, in this process or on the whole machine: accepting pauses until one is freed.
  case outOfDescriptors(isSystems: Bool)
  /// The service accepts connections again.
  case acceptingAgain
  /// Accepting or polling a connection failed for another reason, given as an errno.
  case acceptFailed(Int32)
  /// This many records were lost.
  case recordsDropped(UInt64, RecordLoss)
  /// Records with this ID exceeded the journal's budget; the gravest has this priority.
  case recordsSummed(CatalogID, Priority)

  /// A transport connection was closed unread, because its address is denied or not allowed.
  case addressDenied(isAmongDenied: Bool)
  /// A transport connection to a port for TLS was closed unread, because the files for TLS cannot be used.
  case connectionWithoutTLS
  /// A transport connection to a port for proxies was closed unread, because its address is not trusted.
  case proxyNotTrusted
  /// A trusted address sent this instead of a PROXY header.
  case proxyHeaderMissing(ForeignProtocol)
  /// The PROXY header of a trusted address is malformed.
  case proxyHeaderInvalid(ProxyFault)
  /// A connection from a trusted address ended before its PROXY header was complete, after this many bytes.
  case proxyHeaderIncomplete(bytes: Int, HeaderEnd)
  /// An association that a proxy requested for itself was served, with at least one echo.
  case proxyHealthCheck
  /// This many calling AE titles have come from one address without a PROXY header.
  case addressShared(titles: Int)
  /// A transport connection was closed unread, because its address has made too many. Only the first one in
  /// each second is a warning.
  case connectionRefused(Limit, isFirst: Bool)
  /// A transport connection without an association was closed to make room for another.
  case connectionEvicted(Limit)
  /// This many connections were closed to make room since the last such record; the last was the subject's.
  case connectionsEvicted(UInt64, Limit)
  /// A transport connection was accepted.
  case connected
  /// The TLS handshake is complete; the session is in the record.
  case secured
  /// The TLS handshake failed; what is known of the session is in the record.
  case handshakeFailed(HandshakeFault)
  /// An association was accepted, with this outcome.
  case associationAccepted(NegotiationOutcome)
  /// An association was accepted, but without any accepted presentation context.
  case noUsableContext(NegotiationOutcome)
  /// An association was rejected by the acceptor of this AE title.
  case associationRejected(Rejection, by: AETitle)
  /// An association was rejected, because the maximum number is reached.
  case associationOverLimit(Limit)
  /// An association was rejected because the memory for partial PDUs is used up: by others, or by its own
  /// request, which held this many bytes and was dropped to make room.
  case requestRefusedMemory(held: UInt32?)
  /// An association was rejected, because its calling AE title is that of a device with other addresses. The
  /// line of the record lists them.
  case associationFromElsewhere
  /// An association was rejected, because the device of its calling AE title has another certificate. The line of
  /// the record has the rules for it.
  case certificateOfAnother
  /// A C-ECHO-RQ was answered.
  case echoReceived(messageID: UInt16, contextID: UInt8)
  /// A C-CANCEL-RQ was ignored.
  case cancelReceived
  /// An association with the acceptor of this AE title was released.
  case associationReleased(Notes, Stage, by: AETitle)
  /// The peer sent an A-ABORT.
  case abortReceived(Abort?, Stage)
  /// The service sends an A-ABORT for this reason and, if a command set was at fault, because of this fault.
  case aborting(AbortReason, CommandFault?, Abort, Stage)
  /// A connection ended without a byte: a health check.
  case healthCheck
  /// The peer closed the connection before its A-ASSOCIATE-RQ was complete.
  case requestIncomplete(PDUProgress)
  /// The peer closed the connection of an established association.
  case peerVanished(Stage)
  /// The peer reset the connection, or the connection was lost.
  case peerReset(Stage)
  /// The ARTIM timer expired before an A-ASSOCIATE-RQ was complete.
  case requestTimedOut(PDUProgress)
  /// The peer did not close the connection after its association had ended.
  case closeTimedOut
  /// In this stage, the peer did not read the data sent to it, or read it too slowly.
  case receiverStalled(ReceiverStall, Stage = .established)
  /// In this stage, there was no memory to buffer an answer that the peer did not read at once.
  case replyLost(Stage)
  /// The connection was closed.
  case disconnected
}

/// Why records were lost.
public enum RecordLoss: Equatable, Sendable, CaseIterable {
  /// The reader of standard error is too slow.
  case logSlow
  /// The journal is too slow, or stopped.
  case journalSlow
  /// There is no journal.
  case journalMissing
  /// The journal refuses them.
  case journalRefuses

  /// The reason in words, with a hint where to look.
  public var text: String {
    switch self {
    case .logSlow: "the log is too slow"
    case .journalSlow: "the journal is too slow or stopped"
    case .journalMissing: "there was no journal: see systemctl status systemd-journald"
    case .journalRefuses: "the journal refuses them"
    }
  }
}

/// How a connection ended before its PROXY header was complete.
public enum HeaderEnd: Equatable, Sendable, CaseIterable {
  /// The proxy closed it.
  case closed
  /// The proxy reset it, or it was lost.
  case reset
  /// `acse-timeout` passed.
  case timedOut
}

/// Why the service closed the connection of a peer that does not read.
public enum ReceiverStall: Equatable, Sendable {
  /// It read nothing for `network-timeout`.
  case silent
  /// It lagged behind for twice `network-timeout` and read little.
  case tooSlow
  /// This many others lag behind too, and this one has lagged longest.
  case tooMany(Int)
  /// This many others from its address lag behind too, and this one has lagged longest.
  case tooManyOfAddress(Int)

  /// The peer's behavior and its consequence, in words.
  public var text: String {
    switch self {
    case .silent: "network-timeout: does not read the data sent to it; connection closed"
    case .tooSlow:
      "twice the network-timeout: reads the data sent to it too slowly; connection closed"
    case .tooMany(let most):
      "does not read the data sent to it, like \(Counted.text(most, "other")); connection closed, since it "
        + "has lagged longest"
    case .tooManyOfAddress(let most):
      "does not read the data sent to it, like \(Counted.text(most, "other")) from its address; connection closed, "
        + "since it has lagged longest"
    }
  }
}

/// A limit that a peer has reached, with its value; most are settings.
public enum Limit: Equatable, Sendable {
  /// `max-associations`.
  case associations(Int)
  /// `max-associations-per-address`.
  case associationsPerAddress(Int)
  /// `max-pending`.
  case pending(Int)
  /// `max-pending-per-address`.
  case pendingPerAddress(Int)
  /// `max-connection-rate`, per second.
  case connectionRate(Int)
  /// The number of TLS connections that may be without an association.
  case openings(Int)
  /// `max-tls-associations`.
  case tlsAssociations(Int)
  /// The file descriptor limit of the system.
  case descriptors

  /// The limit in words, with its setting or the way to raise it.
  public var text: String {
    switch self {
    case .associations(let most): "max-associations (\(most)) is reached"
    case .associationsPerAddress(let most):
      "max-associations-per-address (\(most)) is reached"
    case .pending(let most): "max-pending (\(most)) is reached"
    case .pendingPerAddress(let most): "max-pending-per-address (\(most)) is reached"
    case .connectionRate(let most):
      "more than \(Counted.text(most, "connection")) in a second (max-connection-rate)"
    case .openings(let most):
      "\(Counted.text(most, "TLS connection")) are without an association, the most at once"
    case .tlsAssociations(let most): "max-tls-associations (\(most)) is reached"
    case .descriptors: "out of file descriptors; raise LimitNOFILE= or ulimit -n"
    }
  }
}

/// The progress of a connection when an event happened: after an echo, hardly anything counts as a failure.
public enum Stage: Sendable, CaseIterable {
  /// No complete A-ASSOCIATE-RQ has arrived.
  case awaitingRequest
  /// The association is established, and no C-ECHO-RQ has been answered on it yet.
  case established
  /// The association is established, and some fragments of its first message have arrived, but not the last.
  case begun
  /// The association is established without any accepted presentation context, which was already reported.
  case unusable
  /// A C-ECHO-RQ has been answered.
  case echoed
  /// The association has ended or never began, and the connection waits for the peer to close it.
  case awaitingClose

  /// Whether an association is established.
  var isEstablished: Bool {
    switch self {
    case .established, .begun, .unusable, .echoed: true
    case .awaitingRequest, .awaitingClose: false
    }
  }
}
