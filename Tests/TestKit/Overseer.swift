import Log
public import UpperLayer
public import Verification

/// A host that knows the order in which an acceptor may report events, records them, and keeps the
/// first violation of that order.
public struct Overseer: VerificationHost {
  /// An event that the acceptor reported.
  public enum Event: Equatable, Sendable {
    case requested(contexts: Int)
    case accepted(NegotiationOutcome)
    case rejected(Rejection)
    case released(Notes)
    case abortReceived(Abort?)
    case aborting(AbortReason, Abort)
    case transportClosed
    case artimExpired
    case echo(UInt16)
    case cancel
    case refused(CommandFault)
  }

  /// The reported events, in order.
  public private(set) var events: [Event] = []
  /// The state that follows from the events (PS3.8 Table 9-10).
  public private(set) var state = AcceptorState.awaitingRequest
  /// The first event that was out of order.
  public private(set) var violation: String?
  /// The maximum length of the peer.
  public private(set) var peerMaximumLength: UInt32 = 0

  private let hasRoom: Bool
  private let readsRecords: Bool
  private var isRequested = false
  private var isCommandRefused = false
  private var abortsInSta13 = 0

  /// An overseer of an acceptor with or without room for an association.
  ///
  /// - Parameter readsRecords: Whether it checks the log lines that show requests.
  public init(hasRoom: Bool, readsRecords: Bool = true) {
    self.hasRoom = hasRoom
    self.readsRecords = readsRecords
  }

  /// Whether there is room. Allowed in Sta2, once requested.
  public mutating func admitAssociation() -> Bool {
    demand(isRequested && state == .awaitingRequest, "admission")
    return hasRoom
  }

  /// Returns true: no title is bound to an address. Allowed in Sta2, once requested.
  public mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool {
    demand(isRequested && state == .awaitingRequest, "question")
    return true
  }

  /// Allowed once, in Sta2.
  public mutating func associationRequested(_ request: borrowing AssociateRequest) {
    demand(!isRequested && state == .awaitingRequest, "request")
    isRequested = true
    peerMaximumLength = request.userInformation.maximumLength
    events.append(.requested(contexts: request.contextCount))
  }

  /// Allowed in Sta2, once requested; leads to Sta6.
  public mutating func associationAccepted(
    _ request: borrowing AssociateRequest, _ outcome: NegotiationOutcome, accept: Span<UInt8>
  ) {
    demand(isRequested && hasRoom && state == .awaitingRequest, "acceptance")
    let answered =
      outcome.accepted + outcome.abstractSyntaxNotSupported + outcome.transferSyntaxesNotSupported
    demand(answered <= request.contextCount, "outcome")
    if readsRecords {
      demand(
        Self.isReadable(
          Record(
            .associationAccepted(outcome), about: nil,
            attachment: .pdus(PDUCopies(PDUCopies(request), accept: accept)))),
        "a control character in the log of the request")
    }
    events.append(.accepted(outcome))
    state = .established
  }

  public mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {}
  public mutating func messageLeft(_ size: Int) {}

  /// Allowed in Sta2, once requested, or before that for lack of memory; leads to Sta13.
  public mutating func associationRejected(_ rejection: Rejection) {
    let isLackOfMemory = rejection == .temporaryCongestion
    demand(state == .awaitingRequest && isRequested != isLackOfMemory, "rejection")
    events.append(.rejected(rejection))
    state = .awaitingClose
  }

  /// Allowed in Sta6; leads to Sta13.
  public mutating func associationReleased(_ notes: Notes) {
    demand(state == .established, "release")
    events.append(.released(notes))
    state = .awaitingClose
  }

  /// Allowed in the state that the host knows; leads to Sta1.
  public mutating func abortReceived(
    _ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool
  ) {
    demand(state == self.state, "abort of the peer")
    events.append(.abortReceived(abort))
    self.state = .idle
  }

  /// Allowed in every state but Sta1, and only once in Sta13; leads to Sta13.
  public mutating func aborting(_ reason: AbortReason, _ abort: Abort, in state: AcceptorState) {
    demand(state == self.state && state != .idle, "abort")
    demand(state != .awaitingRequest || abort == .serviceUser, "abort in Sta2")
    demand((reason == .refusedByServiceUser) == isCommandRefused, "refusal")
    isCommandRefused = false
    if state == .awaitingClose { abortsInSta13 += 1 }
    demand(abortsInSta13 <= 1, "a second A-ABORT in Sta13")
    // Which protocol the reason names depends on how many bytes arrived first, so it is not recorded.
    if case .foreignProtocol = reason {
      events.append(.aborting(.foreignProtocol(.other), abort))
    } else {
      events.append(.aborting(reason, abort))
    }
    self.state = .awaitingClose
  }

  /// Allowed in every state but Sta1; leads to Sta1.
  public mutating func transportClosed(in state: AcceptorState) {
    demand(state == self.state && state != .idle, "transport close")
    events.append(.transportClosed)
    self.state = .idle
  }

  /// Allowed in the states in which ARTIM runs; leads to Sta1.
  public mutating func artimExpired(in state: AcceptorState) {
    demand(state == self.state, "ARTIM")
    demand(state == .awaitingRequest || state == .awaitingClose, "ARTIM where it does not run")
    events.append(.artimExpired)
    self.state = .idle
  }

  /// Allowed in Sta6.
  public mutating func echoReceived(messageID: UInt16, contextID: UInt8) {
    demand(state == .established, "echo")
    events.append(.echo(messageID))
  }

  /// Allowed in Sta6.
  public mutating func cancelReceived() {
    demand(state == .established, "cancel")
    events.append(.cancel)
  }

  /// Allowed in Sta6; the two numbers must differ.
  public mutating func groupLengthWrong(_ length: GroupLength) {
    demand(state == .established && length.stated != length.counted, "group length")
  }

  /// Allowed in Sta6; an abort must follow.
  public mutating func commandRefused(_ fault: CommandFault) {
    demand(state == .established && !isCommandRefused, "refused command")
    isCommandRefused = true
    events.append(.refused(fault))
  }

  /// Whether the log shows a record as lines that begin with a letter and contain no control character.
  private static func isReadable(_ record: Record) -> Bool {
    let lines = TerminalLines(level: .debug).lines(of: record).split(separator: "\n")
    return lines.count > 20
      && lines.allSatisfy { line in
        line.dropFirst().hasPrefix(": ")
          && line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      }
  }

  private mutating func demand(_ condition: Bool, _ what: String) {
    if !condition, violation == nil { violation = "\(what) is not allowed in \(state)" }
  }
}
