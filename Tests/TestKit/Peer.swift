public import UpperLayer
public import Verification

/// A requestor without a socket: it presents bytes to a ``Connection`` as an event loop would, in
/// whatever pieces, keeps those that must be presented again, and collects the answers.
public struct Peer: ~Copyable {
  /// The acceptor under test.
  public var connection = Connection()
  /// The acceptor's host, which records the events.
  public var host = Recorder()
  /// The service user under test.
  public var user: EchoSCP<Recorder>
  /// All answers so far.
  public private(set) var answered: [UInt8] = []
  /// The bytes kept for the next time.
  public private(set) var kept: [UInt8] = []
  /// The size of the reply buffer, in bytes.
  public var replyRoom = 64 << 10

  /// A peer of an acceptor with these settings.
  public init(
    aeTitle: String = "ECHOSCP", requiresCalledAETitle: Bool = false,
    preference: TransferSyntaxPreference = .none, maximumLength: UInt32 = 16382
  ) {
    user = EchoSCP(
      aeTitle: AETitle(aeTitle)!, requiresCalledAETitle: requiresCalledAETitle,
      preference: preference, maximumLength: maximumLength)
  }

  /// The state of the acceptor.
  public var state: AcceptorState { connection.state }

  /// Sends `bytes` in one piece and returns the answer.
  @discardableResult
  public mutating func send(_ bytes: [UInt8]) -> [UInt8] {
    var input = kept + bytes
    var start = 0
    var answer: [UInt8] = []
    var again = true
    while again {
      var progress: Connection.Progress?
      let reply = [UInt8](capacity: replyRoom) { output in
        var span = input.mutableSpan
        progress = connection.receive(&span, from: start, for: user, host: &host, reply: &output)
      }
      answer += reply
      start = progress!.kept.lowerBound
      input = Array(input[..<progress!.kept.upperBound])
      again = progress!.replyIsFull
    }
    kept = Array(input[start...])
    connection.checkIncomplete(kept)
    answered += answer
    return answer
  }

  /// Sends `bytes` in pieces of `size` and returns the answer to all of them.
  @discardableResult
  public mutating func send(_ bytes: [UInt8], inPiecesOf size: Int) -> [UInt8] {
    var answer: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      answer += send(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return answer
  }

  /// Lets an event other than received bytes happen, and returns the answer to it.
  @discardableResult
  public mutating func happen(_ event: Happening) -> [UInt8] {
    let answer = [UInt8](capacity: replyRoom) { output in
      switch event {
      case .transportClosed: connection.transportClosed(for: user, host: &host, reply: &output)
      case .artimExpired: connection.artimExpired(for: user, host: &host, reply: &output)
      case .abortWanted(let reason):
        connection.abort(because: reason, for: user, host: &host, reply: &output)
      }
    }
    answered += answer
    return answer
  }

  /// An event other than received bytes.
  public enum Happening: Sendable {
    /// Evt17.
    case transportClosed
    /// Evt18.
    case artimExpired
    /// Evt15, at the acceptor's own wish.
    case abortWanted(AbortReason)
  }
}
