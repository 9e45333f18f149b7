import Log
public import UpperLayer
public import Verification

/// A host that knows in which order an acceptor may tell things, keeps what was told, and remembers
/// the first thing that was out of order.
public struct Overseer: VerificationHost {
  /// Something that was told.
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

  /// What was told, in order.
  public private(set) var events: [Event] = []
  /// The state that follows from it (PS3.8 Table 9-10).
  public private(set) var state = AcceptorState.awaitingRequest
  /// The first thing that has no place where it was told.
  public private(set) var violation: String?
  /// The maximum length of the peer.
  public private(set) var peerMaximumLength: UInt32 = 0

  private let hasRoom: Bool
  private let readsRecords: Bool
  private var isRequested = false
  private var isCommandRefused = false
  private var abortsInSta13 = 0

  /// An overseer of an acceptor that has room for an association, or has none.
  ///
  /// - Parameter readsRecords: Whether it has a look at what is shown of requests.
  public init(hasRoom: Bool, readsRecords: Bool = true) {
    self.hasRoom = hasRoom
    self.readsRecords = readsRecords
  }

  /// Whether there is room, which is asked once, and only of a request.
  public mutating func admitAssociation() -> Bool {
    demand(isRequested && state == .awaitingRequest, "admission")
    return hasRoom
  }

  /// No title is bound to an address; it is asked of a request only.
  public mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool {
    demand(isRequested && state == .awaitingRequest, "question")
    return true
  }

  /// Once, and in Sta2 only.
  public mutating func associationRequested(_ request: borrowing AssociateRequest) {
    demand(!isRequested && state == .awaitingRequest, "request")
    isRequested = true
    peerMaximumLength = request.userInformation.maximumLength
    events.append(.requested(contexts: request.contextCount))
  }

  /// In Sta2, once requested; leads to Sta6.
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
        "control character in what is shown of the request")
    }
    events.append(.accepted(outcome))
    state = .established
  }

  /// In Sta2, once requested, or for lack of memory before; leads to Sta13.
  public mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {}
  public mutating func messageLeft(_ size: Int) {}

  public mutating func associationRejected(_ rejection: Rejection) {
    let isLackOfMemory = rejection == .temporaryCongestion
    demand(state == .awaitingRequest && isRequested != isLackOfMemory, "rejection")
    events.append(.rejected(rejection))
    state = .awaitingClose
  }

  /// In Sta6; leads to Sta13.
  public mutating func associationReleased(_ notes: Notes) {
    demand(state == .established, "release")
    events.append(.released(notes))
    state = .awaitingClose
  }

  /// Anywhere but in Sta1; leads there.
  public mutating func abortReceived(
    _ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool
  ) {
    demand(state == self.state, "abort of the peer")
    events.append(.abortReceived(abort))
    self.state = .idle
  }

  /// Anywhere but in Sta1, and once in Sta13; leads there.
  public mutating func aborting(_ fault: AbortReason, _ abort: Abort, in state: AcceptorState) {
    demand(state == self.state && state != .idle, "abort")
    demand(state != .awaitingRequest || abort == .serviceUser, "abort in Sta2")
    demand((fault == .refusedByServiceUser) == isCommandRefused, "refusal")
    isCommandRefused = false
    if state == .awaitingClose { abortsInSta13 += 1 }
    demand(abortsInSta13 <= 1, "one more A-ABORT in Sta13")
    // Which protocol it is can only be told from the bytes that came first, however few.
    if case .foreignProtocol = fault {
      events.append(.aborting(.foreignProtocol(.other), abort))
    } else {
      events.append(.aborting(fault, abort))
    }
    self.state = .awaitingClose
  }

  /// Anywhere but in Sta1; leads there.
  public mutating func transportClosed(in state: AcceptorState) {
    demand(state == self.state && state != .idle, "transport close")
    events.append(.transportClosed)
    self.state = .idle
  }

  /// Where ARTIM runs; leads to Sta1.
  public mutating func artimExpired(in state: AcceptorState) {
    demand(state == self.state, "ARTIM")
    demand(state == .awaitingRequest || state == .awaitingClose, "ARTIM where it does not run")
    events.append(.artimExpired)
    self.state = .idle
  }

  /// In Sta6.
  public mutating func echoReceived(messageID: UInt16, contextID: UInt8) {
    demand(state == .established, "echo")
    events.append(.echo(messageID))
  }

  /// In Sta6.
  public mutating func cancelReceived() {
    demand(state == .established, "cancel")
    events.append(.cancel)
  }

  /// In Sta6; both numbers do not agree.
  public mutating func groupLengthWrong(_ length: GroupLength) {
    demand(state == .established && length.stated != length.counted, "group length")
  }

  /// In Sta6; an abort follows.
  public mutating func commandRefused(_ fault: CommandFault) {
    demand(state == .established && !isCommandRefused, "refused command")
    isCommandRefused = true
    events.append(.refused(fault))
  }

  /// Whether all that is shown of a record is lines with their letters, without a control character.
  private static func isReadable(_ record: Record) -> Bool {
    let lines = TerminalLines(level: .debug).lines(of: record).split(separator: "\n")
    return lines.count > 20
      && lines.allSatisfy { line in
        line.dropFirst().hasPrefix(": ")
          && line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      }
  }

  private mutating func demand(_ condition: Bool, _ what: String) {
    if !condition, violation == nil { violation = "\(what) has no place in \(state)" }
  }
}
