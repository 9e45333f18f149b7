import Linux
import Log
import Requestor
import TLS
import UpperLayer

/// Asks an SCP whether it answers: looks up its host, and tries one address after another until one of them
/// does. Blocks the calling thread.
public enum Prober {
  /// Puts `question` to the SCP, which is on any of `hosts`, and returns the result.
  public static func ask(_ question: ProbeQuestion, of hosts: [String]) -> ProbeResult {
    let began = Instant.microseconds
    var addresses: [NetworkAddress] = []
    var failure = NetworkAddress.ResolveFailure.unknown
    for host in hosts {
      do throws(NetworkAddress.ResolveFailure) {
        addresses += try NetworkAddress.resolve(host, port: question.port)
      } catch {
        failure = error
      }
    }
    var result = ProbeResult(question: question, resolveTime: Instant.microseconds - began)
    if addresses.isEmpty { result.resolveFailure = .name(failure) }
    var patience = Patience(question.networkTimeout, addresses: addresses.count)
    for address in addresses where !result.isOK {
      let attempt = ProbeAssociation.attempt(question, at: address, within: patience.share)
      patience.spend(attempt.timeToConnect)
      result.attempts.append(attempt)
    }
    return result
  }
}

/// How long connecting may still take. The addresses of a host share one limit, so that a host with several dead
/// addresses takes no longer than one with a single address, and each of them is tried.
struct Patience {
  private let isLimited: Bool
  /// What is left, in microseconds.
  private var rest: UInt64
  private var addresses: UInt64

  /// All of `timeout`, in milliseconds, for this many addresses; 0 for no limit.
  init(_ timeout: UInt32, addresses: Int) {
    isLimited = timeout > 0
    (rest, self.addresses) = (UInt64(timeout) * 1000, UInt64(addresses))
  }

  /// The part of the next address, in milliseconds; 0 for no limit.
  var share: UInt32 {
    isLimited ? max(UInt32(clamping: (rest / max(addresses, 1) + 500) / 1000), 1) : 0
  }

  /// Notes that connecting to the next address took `time`, in microseconds. What a timer is late does not count.
  mutating func spend(_ time: UInt64) {
    rest -= min(rest, time, UInt64(share) * 1000)
    addresses -= min(addresses, 1)
  }
}

/// One connection and association of a probe: the transport and deadlines around an ``EchoSCU``. Each phase
/// has one deadline, which a trickle of bytes does not extend.
struct ProbeAssociation: ~Copyable {
  private let question: ProbeQuestion
  private var transport: ProbeTransport
  private var scu: EchoSCU
  private var attempt: ProbeAttempt
  /// When the phase began, in microseconds.
  private var began: UInt64
  private var deadline: Instant

  /// Puts `question` to the SCP at `address`. Connecting may take `patience` milliseconds, or any time if that is 0.
  static func attempt(
    _ question: ProbeQuestion, at address: NetworkAddress, within patience: UInt32
  ) -> ProbeAttempt {
    let began = Instant.microseconds
    var attempt = ProbeAttempt(address: address)
    attempt.patience = patience
    do throws(SystemError) {
      var association = ProbeAssociation(
        question: question,
        transport: try ProbeTransport.connecting(to: address, over: question.tls),
        scu: EchoSCU(question.proposal), attempt: attempt, began: began,
        deadline: Instant.now.after(timeout: patience))
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
    if attempt.failure == nil, question.tls != nil { secure() }
    // Discard the A-ASSOCIATE-RQ if there is no connection.
    if attempt.failure != nil { _ = scu.takeOutput() }
    while attempt.failure == nil, scu.state != .closed {
      send()
      if attempt.failure == nil { receive() }
    }
    transport.close(sending: scu.takeOutput())
  }

  private mutating func connect() {
    if let failure = transport.connect(until: deadline) { return fail(failure) }
    attempt.source = transport.source
    complete(then: question.tls == nil ? .associate : .tls)
  }

  private mutating func secure() {
    let failure = transport.secure(until: deadline)
    attempt.security = transport.facts.map {
      ProbeSecurity($0, at: WallTime.now.seconds, opening: transport.opening)
    }
    guard let failure else { return complete(then: .associate) }
    attempt.progress = progress
    fail(failure)
  }

  /// Sends the output. If that fails, input that the peer sent before tells why.
  private mutating func send() {
    if !transport.send(scu.takeOutput(), until: deadline) { giveUp(.timeout) }
  }

  private mutating func receive() {
    switch transport.receive(until: deadline) {
    case .nothing: return
    case .bytes:
      for event in scu.receive(transport.input) { handle(event) }
    case .end:
      if let event = scu.end() { handle(event) }
    case .timeout: giveUp(.timeout)
    case .failed(let number): giveUp(.system(number))
    case .fault(let fault): handle(fault)
    }
  }

  private mutating func handle(_ event: EchoSCU.Event) {
    switch event {
    case .accepted(let acceptance):
      attempt.acceptance = acceptance
      complete(then: .echo)
    case .echoed, .released: complete(then: .release)
    case .failed(let failure):
      // A close arrives in order, so nothing before it was lost.
      if failure == .closed { attempt.progress = scu.incomplete.map(PDUProgress.init) }
      fail(.peer(failure))
    }
  }

  /// Ends with the fault of a session whose handshake seemed complete.
  private mutating func handle(_ fault: HandshakeFault) {
    _ = scu.abort()
    _ = scu.takeOutput()
    // In TLS 1.3, a server judges our certificate when the handshake is complete for us (RFC 8446 §2).
    if case .alert = fault, !transport.hasSpoken, let time = attempt.times[.tls] {
      attempt.times[.tls] = nil
      attempt.phase = .tls
      began -= time
    }
    fail(.handshake(fault))
  }

  private mutating func complete(then next: ProbePhase) {
    let now = Instant.microseconds
    attempt.times[attempt.phase] = now - began
    attempt.phase = next
    began = now
    deadline = Instant.now.after(timeout: question.timeout(of: next))
  }

  /// Ends the wait with this failure, unless a partial answer tells more.
  private mutating func giveUp(_ failure: ProbeFailure) {
    let foreign = scu.abort()
    // Discard the A-ABORT if the connection has failed.
    if case .system = failure { _ = scu.takeOutput() }
    if let foreign { return fail(.peer(foreign)) }
    attempt.progress = progress
    fail(failure)
  }

  private mutating func fail(_ failure: ProbeFailure) {
    attempt.failure = failure
    attempt.lost = Instant.microseconds - began
  }

  /// How much of an answer arrived, and the statistics of its path; `nil` if there is neither.
  private var progress: PDUProgress? {
    let incomplete = scu.incomplete
    var progress = PDUProgress(incomplete ?? IncompletePDU())
    progress.path = transport.path
    return incomplete == nil && progress.path.outOfOrder == 0 ? nil : progress
  }
}
