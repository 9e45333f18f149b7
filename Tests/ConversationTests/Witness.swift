import UpperLayer
import Verification

/// A host that records all events, in words that a conversation can use.
struct Witness: VerificationHost {
  /// All events, one line each.
  private(set) var events: [String] = []
  /// The names of the notes up to the release.
  private(set) var notes: [String] = []
  /// The reason for each abort by the acceptor.
  private(set) var causes: [String] = []
  private var room: Int

  /// A witness of an acceptor with room for this many associations.
  init(room: Int) { self.room = room }

  mutating func admitAssociation() -> Bool {
    room -= 1
    return room >= 0
  }
  mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool { true }
  mutating func associationRequested(_ request: borrowing AssociateRequest) {
    events.append("requested, \(request.contextCount) contexts")
  }
  mutating func associationAccepted(
    _ request: borrowing AssociateRequest, _ outcome: NegotiationOutcome, accept: Span<UInt8>
  ) {
    events.append("accepted, \(outcome)")
  }
  mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {}
  mutating func messageLeft(_ size: Int) {}

  mutating func associationRejected(_ rejection: Rejection) {
    events.append("rejected, \(rejection)")
  }
  mutating func associationReleased(_ notes: Notes) {
    for (note, name) in Self.noteNames where notes.contains(note) { self.notes.append(name) }
    events.append("released, \(notes.rawValue)")
  }
  mutating func abortReceived(
    _ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool
  ) {
    events.append("abort received in \(state), \(abort.map { "\($0)" } ?? "unreadable")")
  }
  mutating func aborting(_ reason: AbortReason, _ abort: Abort, in state: AcceptorState) {
    if reason != .refusedByServiceUser { causes.append(Self.name(of: reason)) }
    let shown = Self.isForeign(reason) ? "foreign" : "\(reason)"
    events.append("aborting in \(state), \(abort), \(shown)")
  }
  mutating func transportClosed(in state: AcceptorState) { events.append("closed in \(state)") }
  mutating func artimExpired(in state: AcceptorState) { events.append("ARTIM in \(state)") }
  mutating func echoReceived(messageID: UInt16, contextID: UInt8) {
    events.append("echo \(messageID)")
  }
  mutating func cancelReceived() { events.append("cancel") }
  mutating func groupLengthWrong(_ length: GroupLength) {
    events.append("group length \(length)")
  }
  mutating func commandRefused(_ fault: CommandFault) {
    causes.append(Self.name(of: fault))
    events.append("refused, \(fault)")
  }

  /// Whether the peer speaks another protocol. Events do not say which one: that depends on how many
  /// bytes arrived first.
  private static func isForeign(_ reason: AbortReason) -> Bool {
    if case .foreignProtocol = reason { true } else { false }
  }

  private static func name(of fault: CommandFault) -> String {
    switch fault {
    case .elementMissing, .elementTwice, .elementLength, .elementTooLong, .endsInHeader,
      .foreignGroup:
      "malformed-command"
    case .notAnEcho, .otherSOPClass: "not-an-echo"
    case .dataSetAnnounced: "echo-with-data-set"
    }
  }

  private static func name(of reason: AbortReason) -> String {
    switch reason {
    case .foreignProtocol(.other): "not-dicom"
    case .foreignProtocol(.tls): "tls-on-plain-port"
    case .foreignProtocol(let foreign): "\(foreign)-on-dicom-port"
    case .unrecognizedPDU: "unrecognized-pdu"
    case .unexpectedPDU: "unexpected-pdu"
    case .malformedPDU: "malformed-pdu"
    case .pduTooLong: "pdu-too-long"
    case .unknownPresentationContext: "unknown-presentation-context"
    case .presentationContextChanged: "presentation-context-changed"
    case .dataSetFragment: "data-set-fragment"
    case .commandTooLong: "command-too-long"
    case .maximumLengthTooSmall: "max-length-too-small"
    case .refusedByServiceUser: "refused-by-service-user"
    case .idleAssociation: "idle-association"
    case .stalledMessage: "stalled-message"
    case .draining: "draining"
    case .outOfMemory: "out-of-memory"
    case .largestPartialPDU: "largest-partial-pdu"
    case .madeRoom: "made-room"
    }
  }

  // swift-format-ignore
  private static let noteNames: [(Notes, String)] = [
    (.calledAETitleDiffers, "called-ae-title-differs"), (.aeTitlePadding, "ae-title-padding"),
    (.aeTitleBlank, "ae-title-blank"), (.uidPadding, "uid-padding"),
    (.contextIDEven, "context-id-even"), (.contextIDDuplicate, "context-id-duplicate"),
    (.noImplementationUID, "no-implementation-uid"),
    (.noImplementationVersion, "no-implementation-version"), (.itemOrder, "item-order"),
    (.groupLengthWrong, "group-length-wrong"), (.noAffectedSOPClass, "no-affected-sop-class"),
    (.elementsUnordered, "elements-unordered"), (.elementsUnknown, "elements-unknown"),
    (.oddFragment, "odd-fragment"), (.twoMessagesInAPDU, "two-messages-in-a-pdu"),
    (.releaseInsideMessage, "release-inside-message"),
    (.aeTitleCharacters, "ae-title-characters"),
  ]
}
