import Linux
import Requestor
import TLS

/// One association of the load, from connect to close, again and again. It usually allocates nothing:
/// requests are encoded elsewhere, and answers arrive whole.
struct Client: ~Copyable {
  /// The states of a client.
  enum State: UInt8 {
    /// It has no connection.
    case closed
    /// It has no connection, and retries later.
    case retrying
    /// It has no connection, and connects when its operation is due.
    case waiting
    /// It has not sent its A-ASSOCIATE-RQ yet: the connection or the TLS handshake is not complete.
    case connecting
    /// It waits for the answer to its A-ASSOCIATE-RQ.
    case associating
    /// It has an association.
    case established
    /// It has an association, and pauses for a while.
    case pausing
    /// It is sending or has sent its A-RELEASE-RQ.
    case releasing
  }

  /// The present state.
  var state = State.closed
  /// What the poller watches, or `nil` if it does not know the connection yet.
  var interest: Poller.Interest?
  /// The number of the connection, so that no event is mistaken for one of its successor.
  private(set) var generation: UInt32 = 0
  private var socket: TCPSocket?
  /// The TLS of the connection, or `nil` without TLS.
  private var channel: TLSChannel?
  /// The number of bytes left to send in the present state.
  var unsent = 0
  /// The number of echoes requested and not answered.
  var outstanding = 0
  /// The Message ID of the next request.
  var nextID: UInt16 = 1
  /// The number of further echoes of this association, if that is decided in advance.
  var echoesLeft = 0
  /// When the connection was started.
  private(set) var began: UInt64 = 0
  /// The bytes of a partial answer.
  var kept: [UInt8] = []
  /// The part of that answer that was read already.
  var part = AnswerReader.Part()

  /// The Message ID of the answer that is due next.
  var dueID: UInt16 { nextID &- UInt16(truncatingIfNeeded: outstanding) }

  /// The answer that is due next.
  var due: AnswerReader.Due {
    switch state {
    case .closed, .retrying, .waiting, .connecting, .pausing: .nothing
    case .associating: .accept
    case .established: outstanding > 0 ? .echo(dueID) : .nothing
    case .releasing: .release
    }
  }

  /// Whether it has an association with nothing outstanding.
  var isResting: Bool { state == .established && outstanding == 0 }

  /// The number of requests not sent completely.
  var unsentEchoes: Int { (unsent + Requests.echoSize - 1) / Requests.echoSize }

  /// The descriptor that the poller watches, or `nil` if there is no connection.
  var number: Int32? {
    switch socket {
    case .some(let socket): socket.number
    case .none: nil
    }
  }

  /// Whether it only waits for the peer's part of a TLS handshake.
  var awaitsHandshake: Bool { channel?.awaitsHandshake ?? false }

  /// Why TLS failed, if it has.
  var handshakeFault: HandshakeFault? { channel?.fault }

  /// Receives the available input.
  mutating func receive(into bytes: inout MutableSpan<UInt8>) -> TCPSocket.Received {
    if let channel { return channel.receive(from: &socket, into: &bytes) }
    return switch socket {
    case .some(let socket): socket.receive(into: &bytes)
    case .none: .nothing
    }
  }

  /// Sends as much of `bytes` as the connection takes.
  mutating func send(_ bytes: Span<UInt8>) -> TCPSocket.Sent {
    if let channel { return channel.send(bytes, on: &socket) }
    return socket?.send(bytes) ?? .bytes(0)
  }

  /// Starts a new connection at `moment`, over TLS if there is a `channel`.
  mutating func begin(
    _ socket: consuming TCPSocket, _ channel: TLSChannel?, at moment: UInt64
  ) {
    self.socket = consume socket
    self.channel = channel
    generation &+= 1
    state = .connecting
    began = moment
  }

  /// Closes the connection, if there is one, and resets the client.
  mutating func close() {
    if let channel {
      channel.close(on: &socket)
      self.channel = nil
    }
    socket = nil
    state = .closed
    interest = nil
    unsent = 0
    outstanding = 0
    part.removeAll()
    if !kept.isEmpty { kept.removeAll(keepingCapacity: true) }
  }
}
