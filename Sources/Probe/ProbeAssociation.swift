import CLinux
import Linux
import Log
import Requestor
import UpperLayer

/// One connection and association of a probe: the sockets and deadlines around an ``EchoSCU``. Each
/// phase has one deadline, which no dribbled byte extends.
struct ProbeAssociation: ~Copyable {
  /// How many bytes are received at once.
  private static let inboxSize = 16 << 10

  private let question: ProbeQuestion
  private let transport: Transport
  private var scu: EchoSCU
  private var attempt: ProbeAttempt
  /// When the phase has begun, in microseconds.
  private var began: UInt64
  private var deadline: Instant

  private init(
    _ question: ProbeQuestion, _ attempt: ProbeAttempt, _ transport: consuming Transport,
    began: UInt64
  ) {
    self.question = question
    self.attempt = attempt
    self.transport = transport
    self.began = began
    scu = EchoSCU(question.proposal)
    deadline = Instant.now.after(timeout: question.timeout(of: .connect))
  }

  /// What comes of `question` at `address`.
  static func attempt(_ question: ProbeQuestion, at address: cl_address) -> ProbeAttempt {
    var attempt = ProbeAttempt(NetworkAddress(address))
    let began = Instant.microseconds
    do throws(SystemError) {
      let transport = try Transport(to: address, from: 0)
      var association = ProbeAssociation(question, attempt, transport, began: began)
      association.run()
      return association.attempt
    } catch {
      attempt.failure = .system(error.number)
      attempt.lost = Instant.microseconds - began
      return attempt
    }
  }

  private mutating func run() {
    connect()
    while attempt.failure == nil, scu.state != .closed {
      send()
      if attempt.failure == nil { receive() }
    }
    // The peer may have to be told that it is over; whether it hears it changes nothing.
    _ = transport.send(scu.takeOutput().span)
  }

  private mutating func connect() {
    switch transport.waitConnected(milliseconds: patience) {
    case 0: complete(.connect, then: .associate)
    case .some(let number): fail(.system(number))
    case nil: fail(.timeout)
    }
    // Nothing can be sent on a connection that is none.
    if attempt.failure != nil { _ = scu.takeOutput() }
  }

  /// Sends what there is to be sent. When that fails, what the peer has said before tells why.
  private mutating func send() {
    let bytes = scu.takeOutput()
    var rest = bytes.count
    while rest > 0 {
      guard case .bytes(let count) = transport.send(bytes.span.extracting(last: rest)) else {
        return
      }
      rest -= count
      if count == 0, !transport.waitWritable(milliseconds: patience) { return giveUp(.timeout) }
    }
  }

  private mutating func receive() {
    guard Instant.now < deadline, transport.waitReadable(milliseconds: patience) else {
      return giveUp(.timeout)
    }
    var inbox = [UInt8](repeating: 0, count: Self.inboxSize)
    var room = inbox.mutableSpan
    switch transport.receive(into: &room) {
    case .nothing: return
    case .bytes(let count):
      for event in scu.receive(inbox.span.extracting(first: count)) { take(event) }
    case .end:
      if let event = scu.end() { take(event) }
    case .failed(let number): giveUp(.system(number))
    }
  }

  private mutating func take(_ event: EchoSCU.Event) {
    switch event {
    case .accepted(let acceptance):
      attempt.acceptance = acceptance
      complete(.associate, then: .echo)
    case .echoed: complete(.echo, then: .release)
    case .released: complete(.release, then: .release)
    case .failed(let failure): fail(.peer(failure))
    }
  }

  private mutating func complete(_ phase: ProbePhase, then next: ProbePhase) {
    let now = Instant.microseconds
    attempt.times[phase] = now - began
    attempt.phase = next
    began = now
    deadline = Instant.now.after(timeout: question.timeout(of: next))
  }

  /// Waits no longer, for this reason, unless what has begun to come tells more.
  private mutating func giveUp(_ failure: ProbeFailure) {
    let foreign = scu.abort()
    // On a connection that has failed nobody can be told.
    if case .system = failure { _ = scu.takeOutput() }
    fail(foreign.map(ProbeFailure.peer) ?? failure)
  }

  private mutating func fail(_ failure: ProbeFailure) {
    attempt.failure = failure
    attempt.lost = Instant.microseconds - began
    guard failure.isOfWaiting, attempt.phase != .connect else { return }
    // A close comes in order: nothing in front of it was lost.
    if case .peer(.closed) = failure {
      attempt.progress = scu.incomplete.map(PDUProgress.init)
    } else {
      attempt.progress = progress
    }
  }

  /// What has come of an answer, and what the system knows of its way; `nil` when there is neither.
  private var progress: PDUProgress? {
    let incomplete = scu.incomplete
    var progress = PDUProgress(incomplete ?? IncompletePDU())
    progress.path = transport.path
    return incomplete == nil && progress.path.outOfOrder == 0 ? nil : progress
  }

  /// How long to wait for what is due, in milliseconds; -1 is for ever.
  private var patience: Int32 {
    guard deadline != .never else { return -1 }
    let now = Instant.now
    return now < deadline ? Int32(clamping: deadline.milliseconds - now.milliseconds) : 0
  }
}
