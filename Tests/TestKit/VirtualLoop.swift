public import UpperLayer
public import Verification

/// An event loop for one connection, without sockets and with its own clock. It presents bytes, keeps
/// those that must be presented again, and runs the timer for ``UpperLayer/Connection/waiting``.
public struct VirtualLoop<Host: VerificationHost>: ~Copyable {
  /// The duration of each timer in milliseconds; 0 means that it never expires.
  public struct Timeouts: Equatable, Sendable {
    /// ARTIM, in Sta2 and Sta13.
    public var acse = 30_000
    /// The time from the first fragment of a message to its last.
    public var dimse = 30_000
    /// The time that an established association may be idle.
    public var network = 30_000
    /// ARTIM in Sta13 if the peer never spoke DICOM.
    public var foreign = 1_000

    /// The default timeouts of an acceptor.
    public init() {}
  }

  /// The acceptor under test.
  public private(set) var connection = Connection()
  /// The host that hears of the association.
  public var host: Host
  /// The bytes kept for the next time.
  public private(set) var kept: [UInt8] = []
  /// The number of times that the reply buffer was full.
  public private(set) var repliesFilled = 0

  private let user: EchoSCP<Host>
  private let timeouts: Timeouts
  private let replyRoom: Int
  private let pdusAtOnce: Int
  private var reply: [UInt8] = []
  private var now = 0
  private var deadline: Int?
  private var waiting = Connection.Waiting.nothing

  /// A newly accepted connection of `user` with `replyRoom` bytes for each reply, which reads at most
  /// `pdusAtOnce` PDUs in one call.
  public init(
    user: EchoSCP<Host>, host: Host, timeouts: Timeouts = Timeouts(),
    replyRoom: Int = Connection.replyReserve, pdusAtOnce: Int = .max
  ) {
    self.pdusAtOnce = pdusAtOnce
    self.user = user
    self.host = host
    self.timeouts = timeouts
    self.replyRoom = replyRoom
    settle(activity: false, restart: true)
  }

  /// The state of the acceptor.
  public var state: AcceptorState { connection.state }

  /// Lets `bytes` arrive in one piece and returns the answer.
  @discardableResult
  public mutating func receive(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var input = kept
    input += bytes
    var start = 0
    var answer: [UInt8] = []
    var restart = false
    var again = true
    while again {
      var progress: Connection.Progress?
      reply.removeAll(keepingCapacity: true)
      reply.append(addingCapacity: replyRoom) { output in
        var span = input.mutableSpan
        progress = connection.receive(
          &span, from: start, atMost: pdusAtOnce, for: user, host: &host, reply: &output)
      }
      answer += reply
      guard let progress else { break }
      precondition(progress.kept.lowerBound >= start && progress.kept.upperBound <= input.count)
      start = progress.kept.lowerBound
      input.removeSubrange(progress.kept.upperBound...)
      connection.checkIncomplete(Array(input[start...]))
      restart = restart || progress.completedMessage
      again = progress.isInterrupted
      if progress.replyIsFull { repliesFilled += 1 }
    }
    kept = Array(input[start...])
    settle(activity: true, restart: restart)
    return answer
  }

  /// Lets the peer close the transport connection and returns any bytes sent nonetheless.
  public mutating func transportClosed() -> [UInt8] {
    answer { connection, user, host, output in
      connection.transportClosed(for: user, host: &host, reply: &output)
    }
  }

  /// Lets the ARTIM timer expire now and returns the bytes sent.
  public mutating func artimExpired() -> [UInt8] {
    answer { connection, user, host, output in
      connection.artimExpired(for: user, host: &host, reply: &output)
    }
  }

  /// Lets the acceptor itself abort and returns the bytes sent.
  public mutating func abort(because reason: AbortReason) -> [UInt8] {
    kept = []  // no longer read
    return answer { connection, user, host, output in
      connection.abort(because: reason, for: user, host: &host, reply: &output)
    }
  }

  /// Lets time pass, with every timer that expires meanwhile, and returns the bytes sent.
  public mutating func pass(milliseconds: Int) -> [UInt8] {
    let end = now + milliseconds
    var answer: [UInt8] = []
    while let deadline, deadline <= end {
      now = deadline
      answer += expire()
    }
    now = end
    return answer
  }

  private mutating func expire() -> [UInt8] {
    switch connection.waiting {
    case .request, .close, .foreignClose: artimExpired()
    case .message: abort(because: .idleAssociation(milliseconds: 60_000))
    case .restOfMessage: abort(because: .stalledMessage(milliseconds: 30_000))
    case .nothing: []
    }
  }

  private mutating func answer(
    _ act: (inout Connection, EchoSCP<Host>, inout Host, inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8] {
    let answer = [UInt8](capacity: replyRoom) { output in
      act(&connection, user, &host, &output)
    }
    if state == .idle { kept = [] }
    settle(activity: false, restart: false)
    return answer
  }

  /// Sets the deadline for what the connection now waits for. Only between messages does each byte
  /// extend it; the deadline of a request or of a message that has begun stays.
  private mutating func settle(activity: Bool, restart: Bool) {
    let before = waiting
    waiting = connection.waiting
    guard restart || waiting != before || activity && waiting == .message else { return }
    let timeout =
      switch waiting {
      case .request, .close: timeouts.acse
      case .message: timeouts.network
      case .restOfMessage: timeouts.dimse
      case .foreignClose: timeouts.foreign
      case .nothing: 0
      }
    deadline = timeout == 0 ? nil : now + timeout
  }
}

extension Connection {
  /// Stops the test if an incomplete PDU that ends with the `kept` bytes has all its bytes.
  func checkIncomplete(_ kept: [UInt8]) {
    guard let pdu = incomplete(kept.span), pdu.expected > 0 else { return }
    precondition(pdu.received < pdu.expected)
  }
}
