import Linux
import Log
import Requestor
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
    for address in addresses where !result.isOK {
      result.attempts.append(ProbeAssociation.attempt(question, at: address))
    }
    return result
  }
}

/// One connection and association of a probe: the socket and deadlines around an ``EchoSCU``. Each phase
/// has one deadline, which a trickle of bytes does not extend.
struct ProbeAssociation: ~Copyable {
  /// The most bytes received at once.
  private static let inboxSize = 16 << 10

  private let question: ProbeQuestion
  private var socket: TCPSocket
  private var scu: EchoSCU
  private var attempt: ProbeAttempt
  /// When the phase began, in microseconds.
  private var began: UInt64
  private var deadline: Instant

  /// Puts `question` to the SCP at `address`.
  static func attempt(_ question: ProbeQuestion, at address: NetworkAddress) -> ProbeAttempt {
    let began = Instant.microseconds
    var attempt = ProbeAttempt(address: address)
    do throws(SystemError) {
      var association = ProbeAssociation(
        question: question, socket: try TCPSocket(connectingTo: address),
        scu: EchoSCU(question.proposal), attempt: attempt, began: began,
        deadline: Instant.now.after(timeout: question.timeout(of: .connect)))
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
    // Send the final PDU, if any; it does not matter whether that arrives.
    _ = socket.send(scu.takeOutput().span)
  }

  private mutating func connect() {
    switch socket.waitConnected(milliseconds: patience) {
    case 0:
      attempt.source = try? socket.localAddress
      complete(then: .associate)
    case .some(let number): fail(.system(number))
    case nil: fail(.timeout)
    }
    // Discard the A-ASSOCIATE-RQ if there is no connection.
    if attempt.failure != nil { _ = scu.takeOutput() }
  }

  /// Sends the output. If that fails, input that the peer sent before tells why.
  private mutating func send() {
    let bytes = scu.takeOutput()
    var rest = bytes.count
    while rest > 0 {
      guard case .bytes(let count) = socket.send(bytes.span.extracting(last: rest)) else {
        return
      }
      rest -= count
      if count == 0, !socket.waitWritable(milliseconds: patience) { return giveUp(.timeout) }
    }
  }

  private mutating func receive() {
    guard Instant.now < deadline, socket.waitReadable(milliseconds: patience) else {
      return giveUp(.timeout)
    }
    var inbox = [UInt8](repeating: 0, count: Self.inboxSize)
    var room = inbox.mutableSpan
    switch socket.receive(into: &room) {
    case .nothing: return
    case .bytes(let count):
      for event in scu.receive(inbox.span.extracting(first: count)) { handle(event) }
    case .end:
      if let event = scu.end() { handle(event) }
    case .failed(let number): giveUp(.system(number))
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
    progress.path = socket.path
    return incomplete == nil && progress.path.outOfOrder == 0 ? nil : progress
  }

  /// How long to wait for the answer, in milliseconds; -1 for no limit.
  private var patience: Int32 {
    guard deadline != .never else { return -1 }
    let now = Instant.now
    return now < deadline ? Int32(clamping: deadline.milliseconds - now.milliseconds) : 0
  }
}
