public import UpperLayer
public import Verification

/// A host that records the events it hears of, one line each.
public struct Recorder: VerificationHost {
  /// The lines for the events, in order.
  public var lines: [String] = []
  /// The number of further associations that may be established.
  public var room = Int.max
  /// The AE titles that are bound to another address than the peer's.
  public var titlesElsewhere: [AETitle] = []

  /// A recorder without any lines.
  public init() {}

  public mutating func admitAssociation() -> Bool {
    guard room > 0 else { return false }
    room -= 1
    return true
  }
  public mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool {
    !titlesElsewhere.contains(callingAETitle)
  }
  public mutating func associationRequested(_ request: borrowing AssociateRequest) {
    lines.append("requested contexts=\(request.contextCount)")
  }
  public mutating func associationAccepted(
    _ request: borrowing AssociateRequest, _ outcome: NegotiationOutcome, accept: Span<UInt8>
  ) {
    lines.append("accepted contexts=\(outcome.accepted)")
  }
  public mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {}
  public mutating func messageLeft(_ size: Int) {}
  public mutating func associationRejected(_ rejection: Rejection) {
    let pdu = rejection.pdu
    lines.append("rejected \(pdu.result)/\(pdu.source)/\(pdu.reason)")
  }
  public mutating func associationReleased(_ notes: Notes) {
    lines.append("released notes=\(notes.rawValue)")
  }
  public mutating func abortReceived(
    _ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool
  ) {
    let fields = abort.map { "\($0.source)/\($0.reason)" } ?? "unreadable"
    lines.append("abort received \(fields) in Sta\(state.rawValue)")
  }
  public mutating func aborting(_ reason: AbortReason, _ abort: Abort, in state: AcceptorState) {
    lines.append("aborting \(abort.source)/\(abort.reason) in Sta\(state.rawValue): \(reason)")
  }
  public mutating func transportClosed(in state: AcceptorState) {
    lines.append("transport closed in Sta\(state.rawValue)")
  }
  public mutating func artimExpired(in state: AcceptorState) {
    lines.append("artim expired in Sta\(state.rawValue)")
  }
  public mutating func echoReceived(messageID: UInt16, contextID: UInt8) {
    lines.append("echo \(messageID)")
  }
  public mutating func cancelReceived() { lines.append("cancel") }
  public mutating func groupLengthWrong(_ length: GroupLength) {
    lines.append(
      "group length \(length.stated.map(String.init) ?? "missing"), not \(length.counted)")
  }
  public mutating func commandRefused(_ fault: CommandFault) { lines.append("refused \(fault)") }
}
