import Linux
import Log
import UpperLayer

/// One connection of a worker: its socket, its protocol machine, and the few bytes that an idle or echoing
/// peer can leave behind. It normally owns no heap memory. The fields that every message touches come first,
/// so that they share a few cache lines.
struct Slot: ~Copyable {
  /// How many bytes of a partial PDU fit here: enough for a C-ECHO-RQ in two pieces.
  static let keptCapacity = 80

  /// The transport connection.
  var socket: TCPSocket
  /// The event that the connection was waiting for when its deadline was set.
  var waiting = Connection.Waiting.request
  /// The number of bytes kept inline.
  var keptCount: UInt8 = 0
  /// The reason why a reply could neither be sent nor kept, so that the connection must be closed, if any.
  var loss: Loss?
  /// When the last byte came.
  var heard: Instant
  /// When the peer stopped accepting our reply.
  var stalled = Instant.never
  /// When the peer began to lag behind with reading, even if it has taken some since; never if it has
  /// acknowledged everything.
  var behindSince = Instant.never
  /// When the first byte of the incomplete message came.
  var messageBegan = Instant.never
  /// The protocol machine.
  var connection = Connection()
  private var path: Path
  /// Whether our side of the connection is shut down for writing.
  var isWriteShut = false
  /// How the connection counts toward the share of its network, if it does.
  var share: AddressShares.Kind?
  /// Whether the peer is among the ``StalledReceivers``.
  var isCountedBehind = false
  /// How many bytes the peer had not acknowledged when it stopped accepting our reply.
  var unacknowledged: Int32 = 0
  /// The part of our reply that the peer has not accepted yet.
  var unsent = OverflowBuffer()
  /// How many bytes the peer has taken while lagging behind.
  var takenBehind: UInt32 = 0
  /// The bytes to present again, if they do not fit into `kept`.
  var overflow = OverflowBuffer()
  /// The timers that this connection was accepted with.
  let timeouts: Timeouts
  /// When the ARTIM timer expires, in states in which it runs.
  var artim: Instant
  /// The bytes to present again, if they fit.
  var kept = InlineArray<80, UInt8>(repeating: 0)

  /// A connection that was accepted at `now`.
  ///
  /// - Parameter isRelayed: Whether a PROXY header comes first.
  init(
    socket: consuming TCPSocket, channel: Channel = .plain, isRelayed: Bool = false,
    timeouts: Timeouts, now: Instant
  ) {
    self.socket = socket
    path = Path(channel: channel, isRelayed: isRelayed)
    self.timeouts = timeouts
    heard = now
    artim = now.after(timeout: timeouts.acse)
  }

  /// What keeps a connection from being served like most of them, in one byte, so that an echo takes one check.
  private struct Path {
    private static let channels: UInt8 = 0b11
    private static let relayed: UInt8 = 1 << 5
    private static let header: UInt8 = 1 << 6
    private static let output: UInt8 = 1 << 7
    private static let turns = ~(channels | relayed | header | output)
    private(set) var rawValue: UInt8

    init(channel: Channel, isRelayed: Bool) {
      rawValue = channel.rawValue | (isRelayed ? Self.relayed | Self.header : 0)
    }

    var channel: Channel {
      get { Channel(rawValue: rawValue & Self.channels) ?? .plain }
      set { rawValue = rawValue & ~Self.channels | newValue.rawValue }
    }

    var turn: Turn {
      get { Turn(rawValue: rawValue & Self.turns) ?? .none }
      set { rawValue = rawValue & ~Self.turns | newValue.rawValue }
    }

    var isRelayed: Bool { rawValue & Self.relayed != 0 }

    var awaitsHeader: Bool {
      get { rawValue & Self.header != 0 }
      set { rawValue = newValue ? rawValue | Self.header : rawValue & ~Self.header }
    }

    var watchesOutput: Bool {
      get { rawValue & Self.output != 0 }
      set { rawValue = newValue ? rawValue | Self.output : rawValue & ~Self.output }
    }
  }

  /// What lies between the socket and the protocol machine.
  var channel: Channel {
    get { path.channel }
    set { path.channel = newValue }
  }

  /// The turn that the connection is waiting for, if any.
  var turn: Turn {
    get { path.turn }
    set { path.turn = newValue }
  }

  /// Whether the poller watches for room to send instead of input: there are ``unsent`` bytes.
  var watchesOutput: Bool {
    get { path.watchesOutput }
    set { path.watchesOutput = newValue }
  }

  /// Whether it came to a port for proxies, so that the table has its ``Preamble``.
  var isRelayed: Bool { path.isRelayed }

  /// Whether its PROXY header is not complete yet.
  var awaitsHeader: Bool {
    get { path.awaitsHeader }
    set { path.awaitsHeader = newValue }
  }

  /// Whether it waits for input, its peer has accepted everything, and nothing lies, or lay, between the socket and
  /// the protocol machine.
  var isDirect: Bool { path.rawValue == 0 }
}

/// The turn that a connection is waiting for. The other bits, 0, 1 and 5 to 7, have another meaning.
enum Turn: UInt8 {
  /// It is not waiting for a turn.
  case none = 0
  /// To have more of its received bytes served.
  case paused = 4
  /// To receive more of a long PDU.
  case lengthy = 8
  /// To be closed, once its peer, which has ended, has acknowledged everything sent to it.
  case closing = 12
  /// To begin its TLS handshake.
  case opening = 16
}

/// The reason why a reply was lost.
enum Loss {
  /// The connection is broken.
  case connection
  /// There was no memory to keep what the peer did not accept.
  case memory
}

/// The timers of a connection, in milliseconds; 0 never expires.
struct Timeouts: Equatable {
  /// ARTIM: from accept to a complete A-ASSOCIATE-RQ, and from our last PDU to the peer's close.
  var acse: UInt32
  /// From the first fragment of a message to its last.
  var dimse: UInt32
  /// For an association without a byte, and for a reply that the peer does not take.
  var network: UInt32
}

/// The facts about the peer of one slot, beside the protocol. It lives as long as the slot table, and serves
/// one peer after another.
///
/// The fields are ordered without gaps, since there is one of these for each connection.
struct Peer {
  /// The identity of the peer, for the log.
  var subject: Subject
  /// How far its association has progressed, while there is one.
  var stage = Stage.established
  private var marks: Marks = []

  /// The flags of a peer.
  private struct Marks: OptionSet {
    let rawValue: UInt8
    static let admitted = Marks(rawValue: 1 << 0)
    static let admittedAtAddress = Marks(rawValue: 1 << 1)
    static let pendingAtAddress = Marks(rawValue: 1 << 2)
    static let spoken = Marks(rawValue: 1 << 3)
    static let secure = Marks(rawValue: 1 << 4)
    static let admittedSecurely = Marks(rawValue: 1 << 5)
    static let relayed = Marks(rawValue: 1 << 6)

    subscript(_ mark: Marks) -> Bool {
      get { contains(mark) }
      set { if newValue { formUnion(mark) } else { subtract(mark) } }
    }
  }

  /// A placeholder for a peer to come.
  init() {
    subject = Subject(peer: NetworkAddress(bytes: InlineArray(repeating: 0), port: 0))
  }

  /// Starts over with a peer that has not sent anything yet.
  mutating func begin(_ peer: NetworkAddress) {
    subject.begin(peer)
    marks = []
    stage = .established
  }

  /// Whether its association is counted.
  var isAdmitted: Bool {
    get { marks[.admitted] }
    set { marks[.admitted] = newValue }
  }

  /// Whether its association is counted for its address.
  var isAdmittedAtAddress: Bool {
    get { marks[.admittedAtAddress] }
    set { marks[.admittedAtAddress] = newValue }
  }

  /// Whether it is counted for its address as a connection without an association.
  var isPendingAtAddress: Bool {
    get { marks[.pendingAtAddress] }
    set { marks[.pendingAtAddress] = newValue }
  }

  /// Whether its connection is one with TLS.
  var isSecure: Bool {
    get { marks[.secure] }
    set { marks[.secure] = newValue }
  }

  /// Whether its association is counted among those with TLS.
  var isAdmittedSecurely: Bool {
    get { marks[.admittedSecurely] }
    set { marks[.admittedSecurely] = newValue }
  }

  /// Whether a proxy relays its connection, whose PROXY header is complete.
  var isRelayed: Bool {
    get { marks[.relayed] }
    set { marks[.relayed] = newValue }
  }

  /// Whether its connection has facts beside those of its subject: of a TLS session or of a proxy.
  var hasFacts: Bool { !marks.isDisjoint(with: [.secure, .relayed]) }

  /// Whether it has sent any byte.
  var hasSpoken: Bool {
    get { marks[.spoken] }
    set { marks[.spoken] = newValue }
  }
}
