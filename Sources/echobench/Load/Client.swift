import Linux
import Requestor

/// One association of the load, from connect to close, and again. It takes no heap while nothing
/// unusual happens: what is sent is encoded elsewhere, and answers come whole.
struct Client: ~Copyable {
  /// What it is doing.
  enum State: UInt8 {
    /// It has no connection.
    case closed
    /// It has no connection, and makes one later.
    case retrying
    /// It has no connection, and makes one when its operation is due.
    case waiting
    /// It has not sent its A-ASSOCIATE-RQ yet.
    case connecting
    /// It waits for the answer to it.
    case associating
    /// It has an association.
    case established
    /// It has an association and does nothing with it for a while.
    case pausing
    /// It has sent, or sends, its A-RELEASE-RQ.
    case releasing
  }

  /// What it is doing.
  var state = State.closed
  /// What the poller looks for; nothing before it knows of the connection.
  var interest: Poller.Interest?
  /// The number of its connection, so that no event is taken for its successor's.
  private(set) var generation: UInt32 = 0
  private var socket: TCPSocket?
  /// How many bytes are left to send of what its state has it send.
  var unsent = 0
  /// How many echoes have been asked for and not been answered.
  var outstanding = 0
  /// The Message ID of the next request.
  var nextID: UInt16 = 1
  /// How many more echoes this association is to have, where that is decided before.
  var echoesLeft = 0
  /// When the connection was begun.
  private(set) var began: UInt64 = 0
  /// The bytes of an answer that has come in part.
  var kept: [UInt8] = []
  /// What was read of that answer already.
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

  /// Whether it has an association, asks for nothing and has nothing to wait for.
  var isResting: Bool { state == .established && outstanding == 0 }

  /// How many requests are at least in part not sent yet.
  var unsentEchoes: Int { (unsent + Requests.echoSize - 1) / Requests.echoSize }

  /// The descriptor that a poller watches, if there is one.
  var number: Int32? {
    switch socket {
    case .some(let socket): socket.number
    case .none: nil
    }
  }

  /// Receives what is there.
  func receive(into bytes: inout MutableSpan<UInt8>) -> TCPSocket.Received {
    switch socket {
    case .some(let socket): socket.receive(into: &bytes)
    case .none: .nothing
    }
  }

  /// Sends as much of `bytes` as the connection takes.
  mutating func send(_ bytes: Span<UInt8>) -> TCPSocket.Sent {
    socket?.send(bytes) ?? .bytes(0)
  }

  /// Begins a new connection at `moment`.
  mutating func begin(_ socket: consuming TCPSocket, at moment: UInt64) {
    self.socket = consume socket
    generation &+= 1
    state = .connecting
    began = moment
  }

  /// Closes the connection, if there is one, and forgets all about it.
  mutating func close() {
    socket = nil
    state = .closed
    interest = nil
    unsent = 0
    outstanding = 0
    part.removeAll()
    if !kept.isEmpty { kept.removeAll(keepingCapacity: true) }
  }
}
