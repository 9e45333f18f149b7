import Linux
import Log
import Synchronization
import TLS
import UpperLayer
import Verification

/// The host of the protocol machines of one worker: it turns their events into records, counts them, and
/// decides whether there is room for one more association.
struct WorkerHost: VerificationHost {
  let shared: Shared
  private let counters: Counters
  private let writer: LogWriter
  private let queue: Int
  /// The AE title of the acceptor.
  private var aeTitle: AETitle
  /// The rules that bind AE titles to addresses.
  var deviceRules: DeviceRules
  /// The limits on what peers may use.
  var limits: Limits
  /// How much of the memory for partial PDUs the request being rejected held, in bytes, if that is the reason.
  var reclaimed: UInt32?
  /// Whether an association was admitted for which another one must give way.
  var owesAssociation = false
  /// The limit that the requested association exceeds, if any.
  var limit: Limit?
  /// The reason why the message being delivered is refused, if it is.
  private var refusal: CommandFault?
  /// The excerpt of the request being rejected that shows the reason, if it is kept nowhere else.
  private var excerpt: RequestExcerpt?
  /// What its calling AE title is bound to, if it does not have that.
  private var objection: DeviceRules.Objection?
  /// The peer being served. Its connection is being changed, and cannot be accessed from here.
  var served: PeerReference
  /// What is known of its TLS session, or that of its proxy; without meaning if the peer has no facts.
  var security: SessionFacts?
  /// What is known of its proxy; without meaning if the peer has no facts.
  var relay: Relay?
  /// How much of its incomplete PDU or message had come, noted before the connection ended.
  private var progress: PDUProgress?
  /// The time at which it is served.
  var now = Instant.now
  /// A copy of the A-ASSOCIATE-RQ being answered, for a log at debug level.
  private var request: PDUCopies?
  /// The PDU that the next rejection or abort is about.
  private var refused: RefusedPDU?

  /// - Parameters:
  ///   - policy: The policy in force.
  ///   - served: A placeholder until the worker serves a peer.
  init(
    shared: Shared, counters: Counters, writer: LogWriter, queue: Int, policy: Policy,
    limits: Limits,
    served: PeerReference
  ) {
    self.shared = shared
    self.counters = counters
    self.writer = writer
    self.queue = queue
    aeTitle = policy.scp.aeTitle
    deviceRules = policy.deviceRules
    self.limits = limits
    self.served = served
  }

  /// Adopts another policy.
  mutating func adopt(_ policy: Policy) {
    aeTitle = policy.scp.aeTitle
    deviceRules = policy.deviceRules
  }

  private var isDebugging: Bool { writer.level == .debug }

  /// Reports `event` about the peer being served. Costs only a comparison if the log level excludes it.
  mutating func report(_ event: Event, pdus: PDUCopies? = nil) {
    report(event, pdus.map { .pdus($0) })
  }

  private mutating func report(_ event: Event, _ attachment: Attachment?) {
    // They belong to this event or to none: the next event may be about another peer.
    let (evidence, progress) = (refused, progress)
    refused = nil
    self.progress = nil
    guard writer.writes(event) else { return }
    let isNamed = writer.namesSubject(of: event)
    var record = Record(
      event, about: isNamed ? served.peer.subject : nil, attachment: attachment,
      at: now.milliseconds)
    (record.refused, record.progress) = (evidence, progress)
    // They are of the peer being served, and of no other that a record may be about.
    if isNamed, served.peer.hasFacts { (record.security, record.relay) = (security, relay) }
    put(record)
  }

  /// Reports an event that is at most a step of an association. It is not even created unless steps are logged.
  mutating func reportStep(_ event: @autoclosure () -> Event) {
    if writer.writesSteps { report(event()) }
  }

  /// Reports `event` about a peer other than the one being served.
  mutating func report(_ event: Event, about peer: NetworkAddress) {
    if writer.writes(event) {
      put(Record(event, about: Subject(peer: peer), at: now.milliseconds))
    }
  }

  /// Reports `event` about the service.
  mutating func reportService(_ event: Event) {
    if writer.writes(event) { put(Record(event, about: nil, at: now.milliseconds)) }
  }

  private func put(_ record: Record) { writer.put(record, into: queue) }

  mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool {
    if deviceRules.isEmpty { return true }
    objection = deviceRules.objection(
      to: served.peer.subject.peer, served.peer.hasFacts ? security : nil, of: callingAETitle)
    return objection == nil
  }

  mutating func associationRequested(_ request: borrowing AssociateRequest) {
    begin(&served.peer.subject, request)
    if isDebugging { self.request = PDUCopies(request) }
    if !request.isVersionSupported || request.applicationContext != .applicationContext {
      keepExcerpt(request)
    }
  }

  /// Keeps an excerpt of a request that will be rejected, if the rejection is logged.
  @inline(never)
  private mutating func keepExcerpt(_ request: borrowing AssociateRequest) {
    guard writer.writes(.associationRejected(.protocolVersion, by: aeTitle)) else { return }
    excerpt = RequestExcerpt(request, pdus: self.request)
  }

  private func begin(_ subject: inout Subject, _ request: borrowing AssociateRequest) {
    subject.callingAETitle = request.callingAETitle
    subject.calledAETitle = request.calledAETitle
    subject.implementation.read(request)
    subject.association = writer.numberAssociation()
    subject.began = now.milliseconds
    subject.notes = request.notes
    if served.peer.hasFacts, let security { subject.notes.formUnion(Notes(security)) }
    if request.calledAETitle == request.callingAETitle { subject.notes.insert(.aeTitlesEqual) }
    if request.calledAETitle != aeTitle {
      subject.notes.insert(.calledAETitleDiffers)
      if request.callingAETitle == aeTitle { subject.notes.insert(.aeTitlesSwapped) }
    }
  }

  mutating func associationAccepted(
    _ request: borrowing AssociateRequest, _ outcome: NegotiationOutcome, accept: Span<UInt8>
  ) {
    counters.countAssociation()
    served.peer.stage = outcome.accepted > 0 ? .established : .unusable
    if outcome.abstractSyntaxNotSupported > 0 {
      let refused = UInt8(clamping: outcome.abstractSyntaxNotSupported)
      served.peer.subject.refusedContexts = refused
      served.peer.subject.firstRefused = request.firstAbstractSyntax(
        besides: EchoRequest.verification)
    }
    let isUsable = outcome.accepted > 0
    guard !isUsable || writer.writesSteps else { return }
    let pdus = self.request.map { PDUCopies($0, accept: accept) }
    self.request = nil
    if isUsable {
      report(.associationAccepted(outcome), pdus: pdus)
    } else if writer.writes(.noUsableContext(outcome)) {
      refuses(request)
      report(.noUsableContext(outcome), .request(RequestExcerpt(request, pdus: pdus)))
    }
  }

  mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {
    if case .brokenRequest = kind { served.peer.subject.readTitles(of: bytes) }
    refused = writer.writes(bytes, kind) ? RefusedPDU(bytes, kind) : nil
  }

  /// Notes how much of an incomplete PDU or message has come, or `nil` if there is none, in place of any
  /// notes about another peer.
  mutating func note(progress: PDUProgress?) {
    self.progress = progress
    refused = nil
  }

  mutating func messageLeft(_ size: Int) {
    var pdu = IncompletePDU()
    pdu.message = UInt32(truncatingIfNeeded: size)
    note(progress: PDUProgress(pdu))
  }

  mutating func associationRejected(_ rejection: Rejection) {
    counters.countRejection()
    if rejection == .temporaryCongestion {
      report(.requestRefusedMemory(held: reclaimed))
    } else if let objection {
      report(objection.event, .text(AttachedText(objection.text, pdus: request)))
    } else if let excerpt, limit == nil {
      report(.associationRejected(rejection, by: aeTitle), .request(excerpt))
    } else {
      report(
        limit.map { .associationOverLimit($0) } ?? .associationRejected(rejection, by: aeTitle),
        pdus: request)
    }
    objection = nil
    excerpt = nil
    limit = nil
    request = nil
  }

  mutating func associationReleased(_ notes: Notes) {
    endAssociation()
    let (stage, aeTitle) = (stage(inside: notes.contains(.releaseInsideMessage)), aeTitle)
    // Without an echo, it is more than a step.
    if stage == .established || stage == .begun {
      report(.associationReleased(notes, stage, by: aeTitle))
    } else if stage == .echoed, served.peer.isRelayed, relay?.client == nil {
      reportStep(.proxyHealthCheck)
      progress = nil
    } else {
      reportStep(.associationReleased(notes, stage, by: aeTitle))
      progress = nil
    }
  }

  /// How far an association has progressed, given whether it ends inside a message.
  private mutating func stage(inside isInsideMessage: Bool) -> Stage {
    let stage = served.peer.stage
    return stage == .established && isInsideMessage ? .begun : stage
  }

  mutating func abortReceived(_ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool) {
    endAssociation()
    let stage = state == .established ? stage(inside: isInsideMessage) : stage(of: state)
    report(.abortReceived(abort, stage))
  }

  mutating func aborting(_ reason: AbortReason, _ abort: Abort, in state: AcceptorState) {
    endAssociation()
    let reason =
      if case .foreignProtocol(let foreign) = reason {
        AbortReason.foreignProtocol(served.peer.asRelayed(foreign))
      } else {
        reason
      }
    report(.aborting(reason, refusal, abort, stage(of: state)))
    refusal = nil
  }

  /// How far the peer being served has progressed, given the state of its protocol machine.
  mutating func stage(of state: AcceptorState) -> Stage {
    switch state {
    case .awaitingRequest: .awaitingRequest
    case .established: served.peer.stage
    case .awaitingClose, .idle: .awaitingClose
    }
  }

  mutating func transportClosed(in state: AcceptorState) {
    endAssociation()
    switch state {
    case .awaitingRequest:
      report(
        served.peer.hasSpoken ? .requestIncomplete(progress ?? PDUProgress()) : .healthCheck)
    case .established: report(.peerVanished(stage(of: state)))
    case .awaitingClose, .idle: reportStep(.disconnected)
    }
  }

  mutating func artimExpired(in state: AcceptorState) {
    report(
      state == .awaitingRequest ? .requestTimedOut(progress ?? PDUProgress()) : .closeTimedOut)
  }

  mutating func echoReceived(messageID: UInt16, contextID: UInt8) {
    counters.countEcho()
    served.peer.stage = .echoed
    served.peer.subject.echoes &+= 1
    reportStep(.echoReceived(messageID: messageID, contextID: contextID))
  }

  mutating func groupLengthWrong(_ length: GroupLength) { served.peer.subject.keep(length) }

  mutating func cancelReceived() { reportStep(.cancelReceived) }

  mutating func commandRefused(_ fault: CommandFault) { refusal = fault }
}

/// TLS.
extension WorkerHost {
  /// Reports that there is no TLS connection with the peer being served.
  ///
  /// - Parameter issuer: The issuer of our certificate, which the peer may not trust.
  mutating func report(_ fault: HandshakeFault, issuer: String?) {
    report(.handshakeFailed(fault), issuer.map { .text(AttachedText([$0])) })
  }

  /// The peer being served, with what is known of it, to be restored later.
  var attention: (PeerReference, SessionFacts?, Relay?) {
    get { (served, security, relay) }
    set { (served, security, relay) = newValue }
  }
}

extension Peer {
  /// What arrived instead of DICOM: behind a PROXY header, another one is a second one.
  func asRelayed(_ foreign: ForeignProtocol) -> ForeignProtocol {
    foreign == .proxy && isRelayed ? .secondProxy : foreign
  }
}
