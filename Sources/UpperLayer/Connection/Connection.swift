import ByteCoding

/// One transport connection, from bytes to events: frames PDUs (PS3.8 §9.3.1), assembles messages (annex
/// E), and drives the ``Acceptor``.
///
/// # Theory of operation
///
/// A connection is a state machine without I/O: it has no socket, clock or log, and owns no buffer. During
/// a call it asks the `user` for decisions, notifies the `host` of events, and calls nothing else. After
/// every wake-up, the caller takes the same five steps:
///
/// 1. **Present** to ``receive(_:from:atMost:for:host:reply:)`` the bytes kept from the last call and,
///    directly after them, the new ones, in one piece of memory. The call reads all PDUs there are, and
///    moves the fragments of a command set together in that memory.
/// 2. **Send** the bytes that the call appended to `reply`, even if the connection is to be closed next.
///    The connection does not look at a reply again: the caller keeps bytes that the peer does not take yet.
/// 3. **Keep** the bytes that ``Progress/kept`` names, and no others. They are the fragments of an
///    incomplete command set, followed by an incomplete PDU, and must be presented again unchanged.
/// 4. **Continue** at once, with the kept bytes and an empty reply, if ``Progress/replyIsFull``; or in the
///    next round, after the other connections have had their turn, if ``Progress/pdusAreSpent``. While a
///    peer does not take its reply, the caller presents nothing more, so that a peer that does not read
///    costs no more memory than one reply.
/// 5. **Settle**: check ``waiting``. It names the timer that must run: ARTIM for `request`, `close` and
///    `foreignClose`, and the network and DIMSE timers for `message` and `restOfMessage`. For `nothing`,
///    close the transport connection.
///
/// The input and the reply belong to the caller, and are lent for one call. All connections of a thread may
/// share them, so that only a connection with bytes to keep holds memory of its own. A reply has at least
/// ``replyReserve`` bytes of room, which is more than any answer to one PDU.
///
/// Events other than received bytes are passed in by one of three calls, which also append to a reply and
/// are followed by steps 2 and 5: ``transportClosed(for:host:reply:)`` once all bytes before the end have
/// been presented, ``artimExpired(for:host:reply:)``, and ``abort(because:for:host:reply:)`` when another
/// timer has expired or the acceptor ends the association. After such an end, the kept bytes are no longer
/// needed; a caller that reports the ``incomplete(_:)`` PDU must ask for it first. Every call is allowed in
/// every state: if ARTIM expires in Sta6, where it does not run, this has no effect unless an A-ABORT has
/// begun to arrive, and once ``waiting`` is `nothing`, no call has any effect.
public struct Connection: ~Copyable {
  /// The room in a reply that ``receive(_:from:atMost:for:host:reply:)`` needs for one more PDU, in bytes.
  public static let replyReserve = 10 << 10

  /// The next element due on the wire.
  enum Framing: Equatable {
    /// A PDU header.
    case header
    /// The body of a PDU that is read as a whole: its type and PDU-length.
    case whole(PDUType, UInt32)
    /// The PDVs of a P-DATA-TF: the number of bytes left, and the PDU-length.
    case pdvs(UInt32, of: UInt32)
    /// The number of bytes left of a PDU that is skipped.
    case skip(UInt32)
    /// Nothing more: the start of the next PDU is unknown.
    case lost
  }

  /// The protocol machine.
  var acceptor: Acceptor = .awaitingRequest
  var framing = Framing.header
  /// The number of command set bytes kept before the unread bytes.
  var assembled = 0
  /// Whether bytes of an incomplete PDU were kept.
  var hasPartialPDU = false
  /// Whether the peer never spoke DICOM.
  var isForeign = false

  /// A newly accepted connection: Sta2 (PS3.8 §9.2, AE-5).
  public init() {}

  /// The state of the protocol machine.
  public var state: AcceptorState { acceptor.state }

  /// The event that a connection waits for, each with a timer of its own.
  public enum Waiting: UInt8, Sendable {
    /// A complete A-ASSOCIATE-RQ (ARTIM, Sta2).
    case request
    /// The next message, or the release (Sta6).
    case message
    /// The rest of a message that has begun (Sta6).
    case restOfMessage
    /// The peer closing the connection (ARTIM, Sta13).
    case close
    /// A peer that never spoke DICOM closing the connection, with a short timeout.
    case foreignClose
    /// Nothing: close the transport connection (Sta1).
    case nothing
  }

  /// The event that this connection waits for now.
  public var waiting: Waiting {
    switch acceptor {
    case .awaitingRequest: .request
    case .established(let association):
      hasPartialPDU || framing != .header || association.isInsideMessage ? .restOfMessage : .message
    case .awaitingClose: isForeign ? .foreignClose : .close
    case .idle: .nothing
    }
  }

  /// Whether part of a PDU or message has arrived that is useless without the rest.
  public var awaitsRest: Bool {
    switch waiting {
    case .request: hasPartialPDU || framing != .header
    case .restOfMessage: true
    case .message, .close, .foreignClose, .nothing: false
    }
  }

  /// The result of ``Connection/receive(_:from:atMost:for:host:reply:)``.
  public struct Progress: Equatable, Sendable {
    /// The part of the input that must be presented again, before the bytes that arrive next.
    public internal(set) var kept: Range<Int>
    /// Whether reading stopped only for lack of room in the reply: send it and present `kept` at once.
    public internal(set) var replyIsFull = false
    /// Whether reading stopped only because the maximum number of PDUs for one call was reached.
    public internal(set) var pdusAreSpent = false
    /// The number of PDUs, or PDVs of P-DATA-TFs, read.
    public internal(set) var pdus = 0
    /// Whether `kept` may hold more to read.
    public var isInterrupted: Bool { replyIsFull || pdusAreSpent }
    /// Whether a message was completed, so that any partial message left is a new one.
    public internal(set) var completedMessage = false
  }

  /// Reads the bytes of `input` from `start` on and appends the answers to `reply`.
  ///
  /// - Parameters:
  ///   - input: The kept bytes, then the new ones; fragments of a command set are moved together in place.
  ///   - most: The maximum number of PDUs, or PDVs of P-DATA-TFs, to read.
  ///   - reply: Must have at least ``replyReserve`` bytes of room.
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
      // Whether the element due was complete, so that reading continues after it.
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
    // A partial message is discarded with its association.
    if state != .established { assembled = 0 }
    hasPartialPDU = cursor < end
    progress.kept = assembled == 0 ? cursor..<end : keep(&input, start, cursor)
    return progress
  }

  /// Handles Evt17: the peer closed or lost the transport connection.
  ///
  /// All bytes received before must have been presented already: the end never overtakes data.
  public mutating func transportClosed<User: ServiceUser & ~Copyable>(
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) {
    end(by: .transportClosed, for: user, host: &host, reply: &reply)
  }

  /// Handles Evt18: the ARTIM timer expired.
  public mutating func artimExpired<User: ServiceUser & ~Copyable>(
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) {
    end(by: .artimExpired, for: user, host: &host, reply: &reply)
  }

  /// Handles Evt15: ends the association, or the attempt to establish one, for `reason`.
  public mutating func abort<User: ServiceUser & ~Copyable>(
    because reason: AbortReason, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    end(by: .abortWanted(reason), for: user, host: &host, reply: &reply)
  }

  /// Refuses a peer that speaks `foreign` instead of what is spoken here: sends an A-ABORT and discards the rest
  /// (AA-1).
  public mutating func refuse<User: ServiceUser & ~Copyable>(
    _ foreign: ForeignProtocol, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) {
    isForeign = true
    acceptor.handle(.invalid(.foreignProtocol(foreign)), for: user, host: &host, reply: &reply)
    framing = .lost
  }

  /// Answers no further PDU, since the transport can send nothing more: discards input until the peer closes
  /// (Sta13).
  ///
  /// - Parameter hasFailed: Whether the transport has failed, so that the peer is given little time. The caller
  ///   reports the reason.
  public mutating func stopAnswering(hasFailed: Bool) {
    if hasFailed { isForeign = true }
    acceptor = .awaitingClose(abortRepeated: true)
    framing = .lost
    assembled = 0
    hasPartialPDU = false
  }

  private mutating func skip(_ length: UInt32, _ cursor: inout Int, _ end: Int) {
    let skipped = min(Int(length), end &- cursor)
    cursor &+= skipped
    let left = length &- UInt32(truncatingIfNeeded: skipped)
    framing = left == 0 ? .header : .skip(left)
  }

  /// Moves the unread bytes directly after the partial command set, so that both are kept as one range.
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
