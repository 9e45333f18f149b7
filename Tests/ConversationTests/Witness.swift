import UpperLayer
import Verification

/// A host that writes down all it hears, in words that a conversation can use.
struct Witness: VerificationHost {
  /// All of it, one line an event.
  private(set) var events: [String] = []
  /// What was noted until the release.
  private(set) var notes: [String] = []
  /// Why the acceptor aborted, each time.
  private(set) var causes: [String] = []
  private var room: Int

  /// A witness of an acceptor with room for so many associations.
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
  mutating func aborting(_ fault: AbortReason, _ abort: Abort, in state: AcceptorState) {
    if fault != .refusedByServiceUser { causes.append(Self.name(of: fault)) }
    let reason = Self.isForeign(fault) ? "foreign" : "\(fault)"
    events.append("aborting in \(state), \(abort), \(reason)")
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

  /// Which protocol it is can only be told from the bytes that came first, however few.
  private static func isForeign(_ fault: AbortReason) -> Bool {
    if case .foreignProtocol = fault { true } else { false }
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

  private static func name(of fault: AbortReason) -> String {
    switch fault {
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
