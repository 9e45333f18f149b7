import Linux
import Log
import Synchronization
import UpperLayer
import Verification

/// What surrounds the protocol machines of one worker: turns what they report into records, counts,
/// and asks whether there is room for one more association.
struct WorkerHost: VerificationHost {
  let shared: Shared
  private let counters: Counters
  private let writer: LogWriter
  private let queue: Int
  /// The acceptor's.
  private var aeTitle: AETitle
  /// Which AE titles are bound to addresses.
  var deviceRules: DeviceRules
  /// What peers may take.
  var limits: Limits
  /// How much the request that is being rejected held of the memory for partial PDUs, in bytes, if that is
  /// why.
  var reclaimed: UInt32?
  /// Whether an association was admitted for which another one has to give way.
  var owesAssociation = false
  /// Which of the limits the association being requested has run into.
  var limit: Limit?
  /// Why the message that is being delivered is refused.
  private var refusal: CommandFault?
  /// What the request that is being rejected had of what that is about, if it is kept nowhere else.
  private var excerpt: RequestExcerpt?
  /// The addresses that its calling AE title is bound to, since its own is none of them.
  private var boundAddresses: AttachedText?
  /// The peer being served; its connection is being changed, and cannot be reached from here.
  var served: PeerReference
  /// What had come of a PDU or message of its that is not complete, noted before it ended.
  private var progress: PDUProgress?
  /// The moment at which it is served.
  var now = Instant.now
  /// The A-ASSOCIATE-RQ that is being answered, for who reads the log at debug.
  private var request: PDUCopies?
  /// What the next rejection or abort is about.
  private var refused: RefusedPDU?

  /// - Parameters:
  ///   - policy: The one in force.
  ///   - served: Stands for nobody until the worker serves somebody.
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

  /// Goes on under another policy.
  mutating func adopt(_ policy: Policy) {
    aeTitle = policy.scp.aeTitle
    deviceRules = policy.deviceRules
  }

  private var isDebugging: Bool { writer.level == .debug }

  /// Reports `event` about the peer being served; costs a comparison when nobody reads it.
  mutating func report(_ event: Event, pdus: PDUCopies? = nil) {
    report(event, pdus.map { .pdus($0) })
  }

  private mutating func report(_ event: Event, _ attachment: Attachment?) {
    // It is of this event or of none: the next one may be about another peer.
    let (evidence, progress) = (refused, progress)
    refused = nil
    self.progress = nil
    guard writer.writes(event) else { return }
    let subject = writer.namesSubject(of: event) ? served.peer.subject : nil
    put(event, about: subject, attachment, evidence, progress)
  }

  /// The same for an event that is never graver than a step of an association: where steps are not
  /// written, it is not even made.
  mutating func reportStep(_ event: @autoclosure () -> Event) {
    if writer.writesSteps { report(event()) }
  }

  /// Reports `event` about a peer that is not served.
  mutating func report(_ event: Event, about peer: NetworkAddress) {
    if writer.writes(event) { put(event, about: Subject(peer: peer)) }
  }

  /// Reports `event` about the service.
  mutating func reportService(_ event: Event) {
    if writer.writes(event) { put(event, about: nil) }
  }

  private func put(
    _ event: Event, about subject: Subject?, _ attachment: Attachment? = nil,
    _ evidence: RefusedPDU? = nil, _ progress: PDUProgress? = nil
  ) {
    var record = Record(event, about: subject, attachment: attachment, at: now.milliseconds)
    record.refused = evidence
    record.progress = progress
    writer.put(record, into: queue)
  }

  mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool {
    if deviceRules.isEmpty { return true }
    boundAddresses = deviceRules.objection(
      to: served.peer.subject.peer, of: callingAETitle)
    return boundAddresses == nil
  }

  mutating func associationRequested(_ request: borrowing AssociateRequest) {
    begin(&served.peer.subject, request)
    if isDebugging { self.request = PDUCopies(request) }
    if !request.isVersionSupported || request.applicationContext != .applicationContext {
      keepExcerpt(request)
    }
  }

  /// Keeps what a request had that is rejected for it, if that is written.
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

  /// Notes what has come of a PDU or message that is not complete, or that there is none; what was noted of
  /// another peer is forgotten.
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
    } else if let boundAddresses {
      report(.associationFromElsewhere, .text(AttachedText(boundAddresses, pdus: request)))
    } else if let excerpt, limit == nil {
      report(.associationRejected(rejection, by: aeTitle), .request(excerpt))
    } else {
      report(
        limit.map { .associationOverLimit($0) } ?? .associationRejected(rejection, by: aeTitle),
        pdus: request)
    }
    boundAddresses = nil
    excerpt = nil
    limit = nil
    request = nil
  }

  mutating func associationReleased(_ notes: Notes) {
    endAssociation()
    let (stage, aeTitle) = (stage(inside: notes.contains(.releaseInsideMessage)), aeTitle)
    // Without an echo it is more than a step.
    if stage == .established || stage == .begun {
      report(.associationReleased(notes, stage, by: aeTitle))
    } else {
      reportStep(.associationReleased(notes, stage, by: aeTitle))
      progress = nil
    }
  }

  /// How far an association has come that ends inside a message, or not.
  private mutating func stage(inside isInsideMessage: Bool) -> Stage {
    let stage = served.peer.stage
    return stage == .established && isInsideMessage ? .begun : stage
  }

  mutating func abortReceived(_ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool) {
    endAssociation()
    let stage = state == .established ? stage(inside: isInsideMessage) : stage(of: state)
    report(.abortReceived(abort, stage))
  }

  mutating func aborting(_ fault: AbortReason, _ abort: Abort, in state: AcceptorState) {
    endAssociation()
    report(.aborting(fault, refusal, abort, stage(of: state)))
    refusal = nil
  }

  /// How far the peer being served has come, given the state of its protocol machine.
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

/// Whether there is room for one more association, and who gives way for it.
extension WorkerHost {
  mutating func admitAssociation() -> Bool {
    if limits.associationsPerAddress > 0, !admitAtAddress() {
      limit = .associationsPerAddress(limits.associationsPerAddress)
      return false
    }
    let isAdmitted = shared.admitAssociation() || admitOnCredit()
    served.peer.isAdmitted = isAdmitted
    if !isAdmitted {
      limit = .associations(limits.associations)
      leaveAddress()
    }
    return isAdmitted
  }

  /// Counts one more association than there may be, if another network has so many that one of them
  /// should give way: more than its share, and more than twice as many as that of the peer being served.
  ///
  /// Once the service is stopping, nobody has to: nothing more is accepted, so the places are enough, and
  /// the requestor that was accepted before is not refused.
  private mutating func admitOnCredit() -> Bool {
    guard limits.sharesAssociations else { return false }
    if shared.phase.load(ordering: .relaxed) != .serving {
      shared.admitAssociationInDrain()
      return true
    }
    let network = Network(served.peer.subject.peer)
    let own = shared.shares.count(of: network, as: .association)
    let gives = shared.shares.crowds(of: .association).contains {
      $0.network != network && $0.count > 2 * own && !isDevice($0.network)
    }
    guard gives, shared.admitAssociationOnCredit() else { return false }
    owesAssociation = true
    return true
  }

  private func isDevice(_ network: Network) -> Bool {
    network.addressOfIPv4.map(deviceRules.knows) ?? false
  }

  /// Whether the association of a peer may be ended to make room: not that of a device.
  func mayGiveWay(_ peer: NetworkAddress) -> Bool {
    deviceRules.isEmpty || !deviceRules.knows(peer.bytes)
  }

  /// Counts one more association for the address of the peer being served, if there may be one.
  private mutating func admitAtAddress() -> Bool {
    let count = shared.addresses.add(
      .association, of: AddressKey(served.peer.subject.peer),
      most: limits.associationsPerAddress)
    served.peer.isAdmittedAtAddress = count == .counted
    return count != .full
  }

  /// Uncounts the association of the peer being served, if it counted: before the peer can know
  /// that it has ended, and ask for the next one.
  mutating func endAssociation() {
    guard served.peer.isAdmitted else { return }
    served.peer.isAdmitted = false
    shared.endAssociation()
    leaveAddress()
  }

  mutating func leaveAddress() {
    guard served.peer.isAdmittedAtAddress else { return }
    served.peer.isAdmittedAtAddress = false
    shared.addresses.remove(.association, of: AddressKey(served.peer.subject.peer))
  }
}
