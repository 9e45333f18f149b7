import Linux
import Log

/// Accepts connections.
extension Worker {
  /// The maximum number of connections to accept from one listener in one wake-up, so that open connections
  /// are served, too.
  private static let acceptsPerWakeup = 16
  /// The maximum number of connections to accept from one listener before it is closed.
  private static let acceptsAtTheEnd = 4096

  /// Has the poller watch every listening socket.
  static func watch(_ listeners: [Listener], by poller: borrowing Poller) throws(SystemError) {
    for index in listeners.indices {
      try poller.add(
        listeners[index].number, .sharedInput, token: Token.firstListener - UInt64(index))
    }
  }

  /// Accepts the connections that wait at a listener, and serves each at once.
  mutating func accept(from index: Int) {
    let most = phase == .serving ? Self.acceptsPerWakeup : Self.acceptsAtTheEnd
    let listener = listeners[index].number
    let kind = listeners[index].kind
    for _ in 0..<most {
      if firstNewcomer != .never { makeRoomForNewcomers() }
      do throws(SystemError) {
        let (number, peer) = try Listener.accept(at: listener)
        let socket = TCPSocket(owning: number)
        if let refusal = refusal(of: peer, at: kind) {
          host.report(refusal, about: peer)
        } else if kind.isSecure, policy.tls == nil {
          host.report(.connectionWithoutTLS, about: peer)
        } else if limits.connectionRate == 0 || kind.isRelayed || isInTime(peer) {
          admit(socket, from: peer, kind)
        }
      } catch {
        switch error.known {
        case .tooManyDescriptors, .tableFull:
          // accept(2) returns this error even if no connection waits.
          guard Listener.hasWaiting(at: listener) else { return }
          switch freeDescriptor() {
          case .here: continue
          case .elsewhere: return waitToAccept()
          case .none: return pauseAccepting(error)
          }
        case .outOfMemory, .noBuffers:
          return pauseAccepting(error)
        // No connection waits any more, or one of them has failed (accept(2)).
        default: return
        }
      }
    }
  }

  /// The event to report if `peer` may not connect to a listener of this kind, or `nil` if it may. At a port for
  /// proxies, the other rules are for the address in the PROXY header.
  @inline(__always)
  private func refusal(of peer: NetworkAddress, at kind: Listener.Kind) -> Event? {
    if kind.isRelayed { return policy.trusts(peer) ? nil : .proxyNotTrusted }
    return policy.addressRules.refusal(of: peer)
  }

  /// Whether `peer` is within its connection rate; reports it if not.
  mutating func isInTime(_ peer: NetworkAddress) -> Bool {
    let most = limits.connectionRate
    let verdict = shared.addresses.connect(AddressKey(peer), at: now, most: most)
    if verdict == .admitted { return true }
    let isFirst = verdict == .firstRefused
    host.report(.connectionRefused(.connectionRate(most), isFirst: isFirst), about: peer)
    return false
  }

  /// Opens a connection if there is a place for it or one can be made. The poller has woken only this worker,
  /// so one of its own connections gives way. While other workers make room, a few connections beyond the
  /// places are opened.
  private mutating func admit(
    _ socket: consuming TCPSocket, from peer: NetworkAddress, _ kind: Listener.Kind
  ) {
    if shared.admitConnection() || (makePlace() && shared.admitConnection()) {
      open(socket, from: peer, kind)
    } else {
      evictions.add(.pending(limits.pending), peer)
    }
  }

  private mutating func open(
    _ socket: consuming TCPSocket, from peer: NetworkAddress, _ kind: Listener.Kind
  ) {
    // At the limit, one connection opens as soon as another ends: that is not worth a record.
    if lacksDescriptors, now >= refused + Self.shortened {
      lacksDescriptors = false
      host.reportService(.acceptingAgain)
    }
    let number = socket.number
    let channel: Channel = kind.isSecure ? .opening : .plain
    let slot = Slot(
      socket: socket, channel: channel, isRelayed: kind.isRelayed, timeouts: policy.timeouts,
      now: now)
    guard let index = table.insert(slot, from: peer) else {
      shared.endConnection()
      return host.reportService(.acceptFailed(SystemError.outOfMemory.number))
    }
    let entry = table.entry(index)
    if channel != .plain { entry.peer.isSecure = true }
    if kind.isRelayed { table.setPreamble(index, Preamble(from: peer)) }
    attend(index, entry)
    host.reportStep(.connected)
    do throws(SystemError) {
      try poller.add(number, .input, token: table.token(index))
    } catch {
      host.reportService(.acceptFailed(error.number))
      return close(index, entry)
    }
    // A client's handshake takes a turn once its first bytes are there.
    if channel == .plain || kind.isRelayed { serve(index) } else { conclude(index, entry) }
  }

  /// Pauses for want of descriptors or memory: the connections wait in the backlog until this worker closes
  /// one, or for a moment, since other workers and programs free resources, too.
  private mutating func pauseAccepting(_ error: SystemError) {
    if !lacksDescriptors {
      switch error.known {
      case .outOfMemory, .noBuffers: host.reportService(.acceptFailed(error.number))
      default: host.reportService(.outOfDescriptors(isSystems: error.known == .tableFull))
      }
    }
    lacksDescriptors = true
    refused = now
    waitToAccept()
  }

  /// Frees a descriptor for another worker, and accepts the connections waiting there.
  mutating func acceptForOtherWorker() {
    guard phase == .serving, freeDescriptor() == .here else { return }
    // Only the other worker's poller has reported the waiting connections; watching again makes this one
    // report them.
    waitToAccept()
    resumeAccepting()
  }

  private mutating func waitToAccept() {
    for listener in listeners { poller.remove(listener.number) }
    acceptRetry = now + Self.tick
  }

  /// Resumes accepting after a pause.
  mutating func resumeAccepting() {
    guard acceptRetry != .never, phase == .serving else { return }
    acceptRetry = .never
    do throws(SystemError) {
      try Self.watch(listeners, by: poller)
    } catch {
      waitToAccept()
    }
  }
}
