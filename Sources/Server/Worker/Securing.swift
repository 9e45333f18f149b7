import Linux
import Log
import TLS
import UpperLayer

/// The path of a byte through a connection with TLS: its session is between the receive and the protocol machine,
/// and between that and the send.
///
/// The session exists from the first byte until the association ends: a peer that has not sent anything, or whose
/// last PDU is sent, holds none. Each round takes one step of one handshake, so that echoes wait for at most one.
extension Worker {
  /// The first bytes of TLS records (RFC 8446 §5.1, RFC 6520 §3).
  private static let recordTypes: ClosedRange<UInt8> = 20...24
  /// The bit of the first byte of an SSL 2 hello, which old clients send (RFC 5246 §E.2).
  private static let oldHello: UInt8 = 0x80

  /// Makes `entry` the connection that the host's events are about.
  @inline(__always)
  mutating func attend(_ index: Int, _ entry: SlotReference) {
    host.served = entry.peerReference
    if entry.peer.hasFacts { attendFacts(index, entry) }
  }

  /// Gives the host what is known of the session and of the proxy of a connection.
  @inline(never)
  mutating func attendFacts(_ index: Int, _ entry: SlotReference) {
    host.relay = entry.slot.isRelayed ? table.preamble(index)?.relay : nil
    host.security = table.channel(index)?.facts ?? host.relay?.security
  }

  /// Serves a connection with TLS that has input, and waits for no turn.
  mutating func serveSecurely(_ index: Int, _ entry: SlotReference) {
    if entry.slot.channel == .opening, table.channel(index) == nil, !takePlace(index, entry) {
      return
    }
    if entry.slot.channel == .opening || !entry.slot.overflow.isEmpty {
      return awaitTurn(index, entry)
    }
    receiveSecurely(index, entry)
  }

  /// Receives from a connection with TLS whose turn has come.
  mutating func receiveSecurely(_ index: Int, _ entry: SlotReference) {
    guard let buffers = secureBuffers else { return close(index, entry) }
    let most = min(limits.bytesPerWakeup, Session.mostInput)
    // Safe because the buffer lives as long as the worker, and is lent for the length of the call.
    var free = unsafe UnsafeMutableBufferPointer(rebasing: buffers.input[..<most]).mutableSpan
    switch entry.slot.socket.receive(into: &free) {
    case .nothing: return conclude(index, entry)
    case .end: return endSecurely(index, entry, .closed)
    case .failed: return endSecurely(index, entry, .reset)
    case .bytes(let size):
      entry.slot.heard = now
      if entry.slot.channel == .opening { entry.peer.hasSpoken = true }
      if let channel = table.channel(index) ?? makeChannel(index, entry, size) {
        decrypt(size, channel, index, entry)
      }
    }
  }

  /// The channel for a connection whose first `size` bytes have come; `nil` if they are not TLS, or there is no
  /// memory.
  private mutating func makeChannel(
    _ index: Int, _ entry: SlotReference, _ size: Int
  ) -> SecureChannel? {
    guard let buffers = secureBuffers else { return nil }
    // Safe because the first bytes of the buffer were just received.
    let first = unsafe buffers.input[0]
    guard Self.recordTypes.contains(first) || first & Self.oldHello != 0 else {
      refuseForeign(index, entry, size)
      return nil
    }
    guard let context = policy.tls else {
      // A reload has taken the certificate away.
      host.report(.connectionWithoutTLS)
      close(index, entry)
      return nil
    }
    guard let channel = SecureChannel(context) else {
      host.report(.replyLost(.awaitingRequest))
      close(index, entry)
      return nil
    }
    table.setChannel(index, channel)
    return channel
  }

  /// Refuses a peer that does not speak TLS. None of its bytes are read as DICOM.
  private mutating func refuseForeign(_ index: Int, _ entry: SlotReference, _ size: Int) {
    guard let buffers = secureBuffers else { return }
    leavePlace(index)
    entry.slot.channel = .plain
    // Safe because the bytes were just received.
    let bytes = unsafe UnsafeBufferPointer(rebasing: buffers.input[..<size]).span
    let foreign = entry.peer.asRelayed(ForeignProtocol(firstBytes: bytes) ?? .dicom)
    host.refuses(bytes, .foreign(foreign))
    if foreign == .dicom {
      entry.peer.subject.readTitles(of: bytes.extracting(droppingFirst: PDUType.headerSize))
    }
    happen(index, entry) { $0.refuse(foreign, for: $1, host: &$2, reply: &$3) }
    conclude(index, entry)
  }

  /// Decrypts the `size` bytes received, and handles what they hold.
  private mutating func decrypt(
    _ size: Int, _ channel: SecureChannel, _ index: Int, _ entry: SlotReference
  ) {
    guard let buffers = secureBuffers else { return }
    let isBehindKept = entry.slot.overflow.isEmpty
    let kept = isBehindKept ? Int(entry.slot.keptCount) : 0
    // Safe because all buffers live as long as the worker, do not overlap, and are lent for the length of the call;
    // the kept bytes fit before the decrypted ones.
    for offset in 0..<kept { unsafe inbox[offset] = entry.slot.kept[offset] }
    var plain = unsafe UnsafeMutableBufferPointer(rebasing: inbox[kept...]).mutableSpan
    var output = unsafe buffers.output.mutableSpan
    let input = unsafe UnsafeBufferPointer(rebasing: buffers.input[..<size]).span
    let progress = channel.session.receive(input, into: &plain, output: &output)
    wakeBuffers(index, channel)
    if progress.output > 0 {
      _ = unsafe sendBytes(
        UnsafeBufferPointer(rebasing: buffers.output[..<progress.output]), of: entry)
    }
    if progress.completesHandshake {
      entry.slot.channel = .secure
      // From now on, only DICOM counts.
      entry.peer.hasSpoken = false
      channel.complete()
      host.security = channel.facts
      host.reportStep(.secured)
    }
    if progress.plain > 0 {
      entry.peer.hasSpoken = true
      if isBehindKept {
        consumeInbox(kept + progress.plain, index, entry)
      } else {
        appendToOverflow(progress.plain, index, entry)
      }
    }
    if let fault = channel.session.fault { return failSecurely(fault, index, entry) }
    if progress.isClosed { return endSecurely(index, entry, .closed) }
    // The rest of a message may wait for the acknowledgement of its beginning.
    if progress.plain == 0, progress.output == 0 { entry.slot.socket.acknowledge() }
    handle(.bytes(size), index, entry)
  }

  /// Appends the first `size` bytes of the inbox to the buffer of a connection in the middle of a long PDU, and
  /// handles what it can.
  private mutating func appendToOverflow(_ size: Int, _ index: Int, _ entry: SlotReference) {
    guard makeRoom(for: size, index, entry) else {
      return abort(index, entry, because: .outOfMemory)
    }
    // Safe because the bytes were just decrypted, and are copied.
    unsafe entry.slot.overflow.append(UnsafeBufferPointer(rebasing: inbox[..<size]).span)
    consumeOverflow(index, entry)
  }

  /// Encrypts the first `size` bytes of the outbox and sends them. Without a complete handshake, nothing can be sent.
  ///
  /// - Returns: `false` if the peer does not accept them all.
  @inline(never)
  mutating func sendSecurely(_ size: Int, _ index: Int, _ entry: SlotReference) -> Bool {
    guard entry.slot.channel == .secure, let channel = table.channel(index),
      let buffers = secureBuffers
    else { return true }
    // Safe because the first `size` bytes of the outbox were just written, and both buffers live as long as the
    // worker.
    let plain = unsafe UnsafeBufferPointer(rebasing: outbox[..<size]).span
    var output = unsafe buffers.output.mutableSpan
    guard let made = channel.session.send(plain, output: &output) else {
      entry.slot.loss = .connection
      return false
    }
    return unsafe sendBytes(UnsafeBufferPointer(rebasing: buffers.output[..<made]), of: entry)
  }

  /// Ends a connection whose peer has closed or reset it.
  private mutating func endSecurely(_ index: Int, _ entry: SlotReference, _ fault: HandshakeFault) {
    if entry.slot.channel == .opening {
      if entry.peer.hasSpoken {
        report(fault, index, entry)
      } else {
        host.report(.healthCheck)
      }
      return close(index, entry)
    }
    if fault == .reset { return breakOff(index, entry) }
    handleChange(.end, index, entry)
  }

  /// Ends a connection whose session has failed: the alert is on its way, and the rest of the input is discarded.
  private mutating func failSecurely(
    _ fault: HandshakeFault, _ index: Int, _ entry: SlotReference
  ) {
    report(fault, index, entry)
    host.endAssociation()
    stopSecurely(index, entry, hasFailed: true)
    conclude(index, entry)
  }

  /// Reports why there is no TLS connection.
  mutating func report(_ fault: HandshakeFault, _ index: Int, _ entry: SlotReference) {
    host.security = table.channel(index)?.session.facts
    var progress = PDUProgress(IncompletePDU())
    progress.path = entry.slot.socket.path
    host.note(progress: progress)
    host.report(fault, issuer: policy.tls?.chain.first?.issuer)
  }

  /// Ends the session of a connection that goes on without one.
  private mutating func stopSecurely(
    _ index: Int, _ entry: SlotReference, hasFailed: Bool
  ) {
    entry.slot.connection.stopAnswering(hasFailed: hasFailed)
    entry.slot.keptCount = 0
    entry.slot.overflow.free()
    noteHolding(index, entry)
    leavePlace(index)
    table.setChannel(index, nil)
    entry.slot.channel = .plain
  }

  /// Sends close_notify once the association of a connection has ended and its last PDU is sent, and frees the
  /// session: the peer may take its time to close.
  mutating func hangUp(_ index: Int, _ entry: SlotReference) {
    sayCloseNotify(index, entry)
    stopSecurely(index, entry, hasFailed: false)
  }

  /// Sends close_notify, unless bytes before it are not sent.
  func sayCloseNotify(_ index: Int, _ entry: SlotReference) {
    guard entry.slot.channel == .secure, entry.slot.unsent.isEmpty, entry.slot.loss == nil,
      let channel = table.channel(index), let buffers = secureBuffers
    else { return }
    // Safe because the buffer lives as long as the worker.
    var output = unsafe buffers.output.mutableSpan
    let made = channel.session.close(output: &output)
    if made == 0 { return }
    _ = unsafe sendBytes(UnsafeBufferPointer(rebasing: buffers.output[..<made]), of: entry)
  }
}

/// The places of TLS connections without an association.
extension Worker {
  /// Takes a place for a connection that has sent its first byte, or has it wait for one.
  ///
  /// - Returns: Whether it has a place.
  private mutating func takePlace(_ index: Int, _ entry: SlotReference) -> Bool {
    let token = table.token(index)
    if openings.enter(token, of: entry.peer.subject.peer, at: now) { return true }
    guard (try? poller.modify(entry.slot.socket.number, .errors, token: token)) != nil,
      openings.wait(token, in: table)
    else {
      close(index, entry)
      return false
    }
    entry.slot.turn = .opening
    givePlaces()
    return false
  }

  /// Frees the place of a connection, if it has one.
  mutating func leavePlace(_ index: Int) {
    openings.leave(table.token(index))
    if openings.hasWaiting { nextPlaces = now }
  }

  /// Gives the places that are free, or are made free, to connections that wait.
  mutating func givePlaces() {
    nextPlaces = .never
    while openings.hasWaiting {
      if openings.isFull {
        if now < nextVictim {
          nextPlaces = nextVictim
          return
        }
        guard let victim = openings.victim(at: now, in: table) else {
          nextPlaces = now + Openings.look
          return
        }
        evict(victim, because: .openings(Openings.most))
        nextVictim = now + Openings.pause
      }
      guard let token = openings.takeWaiting() else { continue }
      guard let index = table.index(of: token) else { continue }
      let entry = table.entry(index)
      guard entry.slot.turn == .opening else { continue }
      entry.slot.turn = .none
      _ = openings.enter(token, of: entry.peer.subject.peer, at: now)
      // The poller reports the input that waits.
      if (try? poller.modify(entry.slot.socket.number, .input, token: token)) == nil {
        close(index, entry)
      }
    }
  }

  /// Frees the buffers of a session that has been idle, at a check of its deadline.
  mutating func freeIdleBuffers(_ index: Int, _ entry: SlotReference) {
    guard entry.slot.channel != .plain, let channel = table.channel(index), channel.hasBuffers,
      entry.slot.heard + SecureChannel.idle <= now
    else { return }
    channel.freeBuffers()
  }

  /// When to free the buffers of a session; never if it holds none.
  func buffersDeadline(_ index: Int, _ entry: SlotReference) -> Instant {
    guard let channel = table.channel(index), channel.hasBuffers else { return .never }
    return entry.slot.heard + SecureChannel.idle
  }

  /// Notes that a session has buffers again, which are freed when it is idle.
  private mutating func wakeBuffers(_ index: Int, _ channel: SecureChannel) {
    if channel.hasBuffers { return }
    channel.hasBuffers = true
    let deadline = min(table.deadlines[index], now + SecureChannel.idle)
    table.setDeadline(index, deadline)
    noteDeadline(deadline)
  }
}

/// The buffers of a worker that serves connections with TLS.
@safe
struct SecureBuffers {
  /// The bytes received.
  let input: UnsafeMutableBufferPointer<UInt8>
  /// The bytes to send.
  let output: UnsafeMutableBufferPointer<UInt8>

  /// Buffers that live until ``deallocate()``.
  init() {
    // Safe because both are initialized and have these sizes.
    unsafe input = .allocate(capacity: Session.mostInput)
    unsafe input.initialize(repeating: 0)
    unsafe output = .allocate(capacity: Session.leastOutput)
    unsafe output.initialize(repeating: 0)
  }

  /// Frees the memory.
  func deallocate() {
    // Safe because nothing uses the buffers any more.
    unsafe input.deallocate()
    unsafe output.deallocate()
  }
}
