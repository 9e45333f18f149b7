import ByteCoding

/// One transport connection, from bytes to events: frames PDUs (PS3.8 §9.3.1), puts messages
/// together (annex E), and drives the ``Acceptor``.
///
/// # Theory of operation
///
/// A connection is a state machine without input and output: it knows no socket, clock or log, and owns
/// no buffer. During a call it asks the `user` and tells the `host`, and calls nobody else. A caller does
/// the same five things after every wake-up:
///
/// 1. **Present.** ``receive(_:from:atMost:for:host:reply:)`` reads the bytes that were kept from the
///    last time with the new ones directly behind them, in one piece of memory. It reads as many PDUs as
///    there are, and moves the fragments of a command set together in that memory.
/// 2. **Send** what the call appended to `reply`, also where the connection is to be closed next. The
///    connection does not look at a reply again: what the peer does not take yet, the caller keeps.
/// 3. **Keep** the bytes that ``Progress/kept`` names, and no others. They are an incomplete PDU, behind
///    the fragments of an incomplete command set, and have to be presented unchanged.
/// 4. **Go on** at once, with the kept bytes and an empty reply, where ``Progress/replyIsFull``; in its
///    next round, when the other connections have had their turn, where ``Progress/pdusAreSpent``. A
///    caller whose reply the peer does not take presents nothing more until it does, so that a peer which
///    does not read costs no more memory than one reply.
/// 5. **Settle**: look at ``waiting``. It names the timer that has to run: ARTIM for `request`, `close`
///    and `foreignClose`, and the network and DIMSE timers for `message` and `restOfMessage`. For
///    `nothing`, close the transport connection.
///
/// The input and the reply belong to the caller, and are lent for one call. They may be shared by all
/// connections of a thread, so that only a connection with something to keep holds memory of its own.
/// A reply has at least ``replyReserve`` bytes of room, which is more than any answer to one PDU.
///
/// What is not bytes is told by one of three calls, which append to a reply, too, and are followed by
/// steps 2 and 5: ``transportClosed(for:host:reply:)`` once all that came before the end has been
/// presented, ``artimExpired(for:host:reply:)``, and ``abort(because:for:host:reply:)`` when another timer
/// has expired or the acceptor wants to end. An association that one of them has ended needs none of the
/// kept bytes; a caller that reports what was ``incomplete(_:)`` asks before. Every call is allowed in
/// every state: ARTIM that expires in Sta6, where it does not run, has no effect but for an A-ABORT that
/// has begun to come, and once ``waiting`` is `nothing`, no call has one.
public struct Connection: ~Copyable {
  /// The room in a reply that ``receive(_:from:atMost:for:host:reply:)`` needs for one more PDU, in
  /// bytes.
  public static let replyReserve = 10 << 10

  /// What is due next on the wire.
  enum Framing: Equatable {
    /// A PDU header.
    case header
    /// The rest of a PDU that is taken whole, of this length.
    case whole(PDUType, UInt32)
    /// The PDVs of a P-DATA-TF: how many bytes are left, of how many.
    case pdvs(UInt32, of: UInt32)
    /// So many bytes of a PDU that nobody looks at.
    case skip(UInt32)
    /// Nothing any more: where the next PDU begins is not known.
    case lost
  }

  /// The protocol machine.
  var acceptor: Acceptor = .awaitingRequest
  var framing = Framing.header
  /// How many bytes of a command set are kept in front of the bytes not yet read.
  var assembled = 0
  /// Whether bytes of an incomplete PDU were kept.
  var hasPartialPDU = false
  /// Whether the bytes were never DICOM's.
  var isForeign = false

  /// A connection that was just accepted: Sta2 (PS3.8 §9.2, AE-5).
  public init() {}

  /// The state of the protocol machine.
  public var state: AcceptorState { acceptor.state }

  /// What this connection waits for; each has a timer of its own.
  public enum Waiting: UInt8, Sendable {
    /// A complete A-ASSOCIATE-RQ (ARTIM, Sta2).
    case request
    /// The next message, or the release (Sta6).
    case message
    /// The rest of a message that has begun (Sta6).
    case restOfMessage
    /// The peer's close (ARTIM, Sta13).
    case close
    /// The close of a peer that never spoke DICOM: not for long.
    case foreignClose
    /// Nothing: the transport connection is to be closed (Sta1).
    case nothing
  }

  /// What this connection waits for now.
  public var waiting: Waiting {
    switch acceptor {
    case .awaitingRequest: .request
    case .established(let association):
      hasPartialPDU || framing != .header || association.isInsideMessage ? .restOfMessage : .message
    case .awaitingClose: isForeign ? .foreignClose : .close
    case .idle: .nothing
    }
  }

  /// Whether something has begun to arrive that is of use only when its rest does.
  public var awaitsRest: Bool {
    switch waiting {
    case .request: hasPartialPDU || framing != .header
    case .restOfMessage: true
    case .message, .close, .foreignClose, .nothing: false
    }
  }

  /// What ``Connection/receive(_:from:atMost:for:host:reply:)`` came to.
  public struct Progress: Equatable, Sendable {
    /// The part of the input that must be presented again, in front of what comes next.
    public internal(set) var kept: Range<Int>
    /// Whether it stopped only for want of room in the reply: send it and present `kept` at once.
    public internal(set) var replyIsFull = false
    /// Whether it stopped only because it has taken as many PDUs as it may in one go.
    public internal(set) var pdusAreSpent = false
    /// How many PDUs, or PDVs of P-DATA-TFs, it has taken.
    public internal(set) var pdus = 0
    /// Whether there may be more to take in `kept`.
    public var isInterrupted: Bool { replyIsFull || pdusAreSpent }
    /// Whether a message was completed, so that a partial one left over is a new one.
    public internal(set) var completedMessage = false
  }

  /// Takes the bytes of `input` from `start` on and appends what must be answered to `reply`.
  ///
  /// - Parameters:
  ///   - input: What was kept, then what has just arrived; fragments of a command set are moved
  ///     together in it.
  ///   - most: How many PDUs, or PDVs of P-DATA-TFs, it takes at most.
  ///   - reply: With at least ``replyReserve`` bytes of room.
  public mutating func receive<User: ServiceUser & ~Copyable>(
    _ input: inout MutableSpan<UInt8>, from start: Int, atMost most: Int = .max,
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) -> Progress {
    let end = input.count
    var cursor = start &+ assembled
    var progress = Progress(kept: end..<end)
    while cursor < end, state != .idle {
      if reply.freeCapacity < Self.replyReserve {
        progress.replyIsFull = true
        break
      }
      if progress.pdus == most {
        progress.pdusAreSpent = true
        break
      }
      progress.pdus &+= 1
      if framing == .header {
        guard beginPDU(input.span, &cursor, for: user, host: &host, reply: &reply) else { break }
      }
      // Whether what is due next was there, so that what comes behind it is looked at.
      let isRead: Bool
      switch framing {
      case .header:
        isRead = true
      case .whole(let type, let length):
        isRead = readPDU(type, length, input.span, &cursor, for: user, host: &host, reply: &reply)
      case .pdvs(let remaining, let length):
        isRead = readPDV(
          remaining, of: length, &input, start, &cursor, &progress.completedMessage,
          for: user, host: &host, reply: &reply)
      case .skip(let length):
        skip(length, &cursor, end)
        isRead = true
      case .lost:
        isRead = true
        cursor = end
      }
      if !isRead { break }
    }
    guard state != .idle else { return progress }
    // What there is of a message goes with its association.
    if state != .established { assembled = 0 }
    hasPartialPDU = cursor < end
    progress.kept = assembled == 0 ? cursor..<end : keep(&input, start, cursor)
    return progress
  }

  /// Evt17: the peer closed or lost the transport connection. What was received before must have
  /// been presented already: the end never overtakes data.
  public mutating func transportClosed<User: ServiceUser & ~Copyable>(
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) {
    end(by: .transportClosed, for: user, host: &host, reply: &reply)
  }

  /// Evt18: the ARTIM timer expired.
  public mutating func artimExpired<User: ServiceUser & ~Copyable>(
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) {
    end(by: .artimExpired, for: user, host: &host, reply: &reply)
  }

  /// Evt15: ends the association, or what might have become one, because of `fault`.
  public mutating func abort<User: ServiceUser & ~Copyable>(
    because fault: AbortReason, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    end(by: .abortWanted(fault), for: user, host: &host, reply: &reply)
  }

  private mutating func skip(_ length: UInt32, _ cursor: inout Int, _ end: Int) {
    let skipped = min(Int(length), end &- cursor)
    cursor &+= skipped
    let left = length &- UInt32(truncatingIfNeeded: skipped)
    framing = left == 0 ? .header : .skip(left)
  }

  /// Moves what has not been read behind the part of a command set that is here, so that both are
  /// kept as one.
  private mutating func keep(
    _ input: inout MutableSpan<UInt8>, _ start: Int, _ cursor: Int
  ) -> Range<Int> {
    let end = input.count
    var target = start &+ assembled
    if target == cursor { return start..<end }
    for index in cursor..<end {
      input[target] = input[index]
      target &+= 1
    }
    return start..<target
  }
}
