import Linux
import Log
import UpperLayer

/// One connection of a worker: its socket, its protocol machine, and the few bytes that an idle or
/// echoing peer can leave behind. It owns no heap while nothing unusual happens. What every message
/// touches comes first, so that it is in the same few cache lines.
struct Slot: ~Copyable {
  /// How many bytes of a partial PDU have room here: a C-ECHO-RQ in two pieces does.
  static let keptCapacity = 80

  /// The transport connection.
  var socket: TCPSocket
  /// What the connection waited for when its deadline was set.
  var waiting = Connection.Waiting.request
  /// How many bytes are kept inline.
  var keptCount: UInt8 = 0
  /// Why a reply could neither be sent nor kept, so that only closing is left.
  var loss: Loss?
  /// When the last byte came.
  var heard: Instant
  /// When the peer stopped taking our reply.
  var stalled = Instant.never
  /// Since when the peer lags behind with reading, whatever it has taken meanwhile; never while it has
  /// acknowledged all that was sent.
  var behindSince = Instant.never
  /// When the first byte of the message now incomplete came.
  var messageBegan = Instant.never
  /// The protocol.
  var connection = Connection()
  /// Whether the poller looks for room to send instead of input.
  var watchesOutput = false
  /// What it waits for its turn for.
  var turn = Turn.none
  /// Whether our write side is shut.
  var isWriteShut = false
  /// What it is counted as among the shares of its network.
  var share: AddressShares.Kind?
  /// Whether it is among the ``StalledReceivers``.
  var isCountedBehind = false
  /// How many bytes the peer had not acknowledged when it stopped taking our reply.
  var unacknowledged: Int32 = 0
  /// What the peer has not taken yet of our reply.
  var unsent = OverflowBuffer()
  /// How many bytes the peer has taken while it lagged behind.
  var takenBehind: UInt32 = 0
  /// The bytes to present again, when they do not fit into `kept`.
  var overflow = OverflowBuffer()
  /// The timers this connection was accepted with.
  let timeouts: Timeouts
  /// When the ARTIM timer expires, in the states in which it runs.
  var artim: Instant
  /// The bytes to present again, when they fit.
  var kept = InlineArray<80, UInt8>(repeating: 0)

  /// A connection that was accepted at `now`.
  init(socket: consuming TCPSocket, timeouts: Timeouts, now: Instant) {
    self.socket = socket
    self.timeouts = timeouts
    heard = now
    artim = now.after(timeout: timeouts.acse)
  }
}

/// What a connection waits for its turn for.
enum Turn {
  /// It does not.
  case none
  /// For more of what it has sent to be served.
  case paused
  /// For more of a long PDU to be received.
  case lengthy
  /// For its peer, which has ended, to acknowledge what was sent to it: then it is closed.
  case closing
}

/// What a reply was lost for.
enum Loss {
  /// The connection is broken.
  case connection
  /// The memory for what peers do not take is used up.
  case memory
}

/// The timers of a connection, in milliseconds; 0 waits for ever.
struct Timeouts: Equatable {
  /// ARTIM: from accept to a complete A-ASSOCIATE-RQ, and from our last PDU to the peer's close.
  var acse: UInt32
  /// From the first fragment of a message to its last.
  var dimse: UInt32
  /// An association without a byte, and a reply that is not taken.
  var network: UInt32
}

/// What is known of the peer of one slot, beside the protocol. It lives as long as the slot table, and
/// is used for one peer after the other.
///
/// The order of the fields leaves no gap between them: there is one of these for each connection.
struct Peer {
  /// Who it is, for the log.
  var subject: Subject
  /// How far its association has come, while there is one.
  var stage = Stage.established
  private var marks: Marks = []

  /// What is true of it.
  private struct Marks: OptionSet {
    let rawValue: UInt8
    static let admitted = Marks(rawValue: 1 << 0)
    static let admittedAtAddress = Marks(rawValue: 1 << 1)
    static let pendingAtAddress = Marks(rawValue: 1 << 2)
    static let spoken = Marks(rawValue: 1 << 3)

    subscript(_ mark: Marks) -> Bool {
      get { contains(mark) }
      set { if newValue { formUnion(mark) } else { subtract(mark) } }
    }
  }

  /// Nobody yet.
  init() {
    subject = Subject(peer: NetworkAddress(bytes: InlineArray(repeating: 0), port: 0))
  }

  /// Begins anew, with a peer that has not said anything yet.
  mutating func begin(_ peer: NetworkAddress) {
    subject.begin(peer)
    marks = []
    stage = .established
  }

  /// Whether it counts as an association.
  var isAdmitted: Bool {
    get { marks[.admitted] }
    set { marks[.admitted] = newValue }
  }

  /// Whether that is counted for its address.
  var isAdmittedAtAddress: Bool {
    get { marks[.admittedAtAddress] }
    set { marks[.admittedAtAddress] = newValue }
  }

  /// Whether it counts for its address as a connection without an association.
  var isPendingAtAddress: Bool {
    get { marks[.pendingAtAddress] }
    set { marks[.pendingAtAddress] = newValue }
  }

  /// Whether it has sent any byte.
  var hasSpoken: Bool {
    get { marks[.spoken] }
    set { marks[.spoken] = newValue }
  }
}
