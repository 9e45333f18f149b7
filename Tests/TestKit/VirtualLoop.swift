public import UpperLayer
public import Verification

/// An event loop of one connection, without sockets and with a clock of its own: it presents bytes,
/// keeps what must be kept, and lets the timer expire that ``UpperLayer/Connection/waiting`` names.
public struct VirtualLoop<Host: VerificationHost>: ~Copyable {
  /// How long each timer runs, in milliseconds; 0 is for ever.
  public struct Timeouts: Equatable, Sendable {
    /// ARTIM, in Sta2 and Sta13.
    public var acse = 30_000
    /// From the first fragment of a message to its last.
    public var dimse = 30_000
    /// An established association without a byte.
    public var network = 30_000
    /// ARTIM in Sta13 when the peer never spoke DICOM.
    public var foreign = 1_000

    /// The timeouts of an acceptor that was not configured.
    public init() {}
  }

  /// The acceptor under test.
  public private(set) var connection = Connection()
  /// What hears of the association.
  public var host: Host
  /// What was kept from the last time.
  public private(set) var kept: [UInt8] = []
  /// How many answers there were for want of room in the reply.
  public private(set) var repliesFilled = 0

  private let user: EchoSCP<Host>
  private let timeouts: Timeouts
  private let replyRoom: Int
  private let pdusAtOnce: Int
  private var reply: [UInt8] = []
  private var now = 0
  private var deadline: Int?
  private var waiting = Connection.Waiting.nothing

  /// A connection that has just been accepted by `user`, with `replyRoom` bytes for each reply, which
  /// takes `pdusAtOnce` PDUs before it looks at another connection.
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

  /// Lets `bytes` arrive in one piece; the result is what is answered to it.
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

  /// Lets the peer close the transport connection; the result is what is sent nonetheless.
  public mutating func transportClosed() -> [UInt8] {
    answer { connection, user, host, output in
      connection.transportClosed(for: user, host: &host, reply: &output)
    }
  }

  /// Lets the ARTIM timer expire, whenever it would; the result is what is sent.
  public mutating func artimExpired() -> [UInt8] {
    answer { connection, user, host, output in
      connection.artimExpired(for: user, host: &host, reply: &output)
    }
  }

  /// Lets the acceptor itself want to end; the result is what is sent.
  public mutating func abort(because fault: AbortReason) -> [UInt8] {
    kept = []  // nothing of it is read any more
    return answer { connection, user, host, output in
      connection.abort(because: fault, for: user, host: &host, reply: &output)
    }
  }

  /// Lets time pass, with every timer that expires in it; the result is what is sent.
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

  /// Sets the deadline of what is waited for now. Only between messages does every byte count; a
  /// request or a message that has begun has a deadline that its bytes do not move.
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
  /// Stops the test when what is incomplete of `kept`, which had to be kept, does not make sense.
  func checkIncomplete(_ kept: [UInt8]) {
    guard let pdu = incomplete(kept.span), pdu.expected > 0 else { return }
    precondition(pdu.received < pdu.expected)
  }
}
