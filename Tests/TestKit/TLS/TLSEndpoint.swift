public import TLS

/// One end of a TLS connection in memory: bytes of the other end in, bytes for it out.
public protocol TLSEndpoint: AnyObject {
  /// Takes bytes of the other end, and returns those to send.
  func receive(_ bytes: [UInt8]) -> [UInt8]
}

/// A ``Session`` with the buffers that its caller lends it.
public final class SessionEndpoint: TLSEndpoint {
  private var session: Session
  /// All bytes decrypted so far.
  public private(set) var plain: [UInt8] = []
  /// Whether the peer has sent close_notify.
  public private(set) var isClosed = false
  /// How often a call has completed the handshake.
  public private(set) var completions = 0
  /// The largest number of bytes decrypted by one call.
  public private(set) var largestPlain = 0
  private var into: [UInt8]
  private var output = [UInt8](repeating: 0, count: Session.leastOutput)

  /// The server's end of a connection.
  ///
  /// - Parameter room: The room for decrypted bytes.
  public init(serverOf context: Context, room: Int = Session.leastPlain) {
    guard let session = Session(serverOf: context) else { preconditionFailure("no memory") }
    self.session = session
    into = [UInt8](repeating: 0, count: room)
  }

  /// The client's end of a connection to a server with this name; `nil` if that cannot be sent.
  public init?(clientOf context: Context, server name: String?) {
    guard let session = Session(clientOf: context, server: name) else { return nil }
    self.session = session
    into = [UInt8](repeating: 0, count: Session.leastPlain)
  }

  /// The client's end of a connection.
  public init(clientOf context: Context) {
    guard let session = Session(clientOf: context, server: nil) else {
      preconditionFailure("no memory")
    }
    self.session = session
    into = [UInt8](repeating: 0, count: Session.leastPlain)
  }

  /// Whether the handshake is complete.
  public var isComplete: Bool { session.isComplete }
  /// Why the handshake or the connection failed, if it has.
  public var fault: HandshakeFault? { session.fault }
  /// What is known so far.
  public var facts: SessionFacts { session.facts }

  public func receive(_ bytes: [UInt8]) -> [UInt8] {
    var answer: [UInt8] = []
    var offset = 0
    repeat {
      let size = min(bytes.count - offset, Session.mostInput)
      let progress = step(bytes.span.extracting(offset..<offset + size))
      answer += output[..<progress.output]
      offset += progress.taken
      if progress.taken == 0, progress.plain == 0 { break }
    } while offset < bytes.count
    return answer
  }

  private func step(_ input: Span<UInt8>) -> Session.Progress {
    var into = self.into.mutableSpan
    var output = self.output.mutableSpan
    let progress = session.receive(input, into: &into, output: &output)
    plain += self.into[..<progress.plain]
    largestPlain = max(largestPlain, progress.plain)
    if progress.isClosed { isClosed = true }
    if progress.completesHandshake { completions += 1 }
    return progress
  }

  /// Encrypts `bytes`, and returns those to send, or `nil` if the session has failed.
  public func send(_ bytes: [UInt8]) -> [UInt8]? {
    var room = output.mutableSpan
    return session.send(bytes.span, output: &room).map { Array(output[..<$0]) }
  }

  /// Returns the close_notify to send.
  public func close() -> [UInt8] {
    var room = output.mutableSpan
    let made = session.close(output: &room)
    return Array(output[..<made])
  }

  /// Frees the buffers of the session.
  public func freeBuffers() { session.freeBuffers() }
}

/// The bytes that went to and fro in a handshake, in turns; the client's come first.
public struct Flights: Sendable {
  /// The bytes of each turn.
  public var turns: [[UInt8]] = []
  /// The largest number of turns, so that no fault makes a handshake endless.
  static let mostTurns = 20

  /// The bytes that the client sent.
  public var ofClient: [UInt8] { turns.indices.filter { $0 % 2 == 0 }.flatMap { turns[$0] } }
  /// The bytes that the server sent.
  public var ofServer: [UInt8] { turns.indices.filter { $0 % 2 == 1 }.flatMap { turns[$0] } }
}

/// Lets a client and a server talk until neither has anything to send, and returns what they sent.
///
/// - Parameter divide: Divides the bytes of a turn with this number into the pieces that arrive.
@discardableResult
public func converse(
  _ client: some TLSEndpoint, _ server: some TLSEndpoint,
  divide: (Int, [UInt8]) -> [[UInt8]] = { [$1] }
) -> Flights {
  var flights = Flights(turns: [client.receive([])])
  while let turn = flights.turns.last, !turn.isEmpty, flights.turns.count < Flights.mostTurns {
    var answer: [UInt8] = []
    for piece in divide(flights.turns.count - 1, turn) {
      answer += flights.turns.count % 2 == 1 ? server.receive(piece) : client.receive(piece)
    }
    flights.turns.append(answer)
  }
  return flights
}
