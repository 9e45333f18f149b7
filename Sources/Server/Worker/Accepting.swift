import Linux
import Log

/// How a worker accepts connections.
extension Worker {
  /// How many connections are accepted in one wake-up from one listener, so that those who are
  /// connected already are served too.
  private static let acceptsPerWakeup = 16
  /// The same for the last wake-up before the listener is closed.
  private static let acceptsAtTheEnd = 4096

  /// Watches every listening socket.
  static func watch(_ listeners: [Listener], by poller: borrowing Poller) throws(SystemError) {
    for index in listeners.indices {
      try poller.add(
        listeners[index].number, .sharedInput, token: Token.firstListener - UInt64(index))
    }
  }

  /// Accepts what waits at a listener, and serves each connection at once.
  mutating func accept(from index: Int) {
    let most = phase == .serving ? Self.acceptsPerWakeup : Self.acceptsAtTheEnd
    let listener = listeners[index].number
    for _ in 0..<most {
      if firstNewcomer != .never { makeRoomForNewcomers() }
      do throws(SystemError) {
        let (number, peer) = try Listener.accept(at: listener)
        let socket = TCPSocket(owning: number)
        if let refusal = policy.addressRules.refusal(of: peer) {
          host.report(refusal, about: peer)
        } else if limits.connectionRate == 0 || isInTime(peer) {
          admit(socket, from: peer)
        }
      } catch {
        switch error.known {
        case .tooManyDescriptors, .tableFull:
          // accept(2) says so even when nobody waits.
          guard Listener.hasWaiting(at: listener) else { return }
          switch freeDescriptor() {
          case .here: continue
          case .elsewhere: return waitToAccept()
          case .none: return pauseAccepting(error)
          }
        case .outOfMemory, .noBuffers:
          return pauseAccepting(error)
        // Nothing waits any more, or one connection had trouble of its own (accept(2)).
        default: return
        }
      }
    }
  }

  /// Whether `peer` has not made too many connections in a second; if it has, that is told.
  private mutating func isInTime(_ peer: NetworkAddress) -> Bool {
    let most = limits.connectionRate
    let verdict = shared.addresses.connect(AddressKey(peer), at: now, most: most)
    if verdict == .admitted { return true }
    let isFirst = verdict == .firstRefused
    host.report(.connectionRefused(.connectionRate(most), isFirst: isFirst), about: peer)
    return false
  }

  /// Opens a connection if there is a place for it, or one can be made. The poller has told this worker of
  /// it, so one of its own connections has to give way here; while others may have to, a few more than
  /// there are places for are opened.
  private mutating func admit(_ socket: consuming TCPSocket, from peer: NetworkAddress) {
    if shared.admitConnection() || (makePlace() && shared.admitConnection()) {
      open(socket, from: peer)
    } else {
      evictions.add(.pending(limits.pending), peer)
    }
  }

  private mutating func open(_ socket: consuming TCPSocket, from peer: NetworkAddress) {
    // At the limit one connection's end is the next one's beginning: no news.
    if lacksDescriptors, now >= refused + Self.shortened {
      lacksDescriptors = false
      host.reportService(.acceptingAgain)
    }
    let number = socket.number
    let slot = Slot(socket: socket, timeouts: policy.timeouts, now: now)
    guard let index = table.insert(slot, from: peer) else {
      shared.endConnection()
      return host.reportService(.acceptFailed(SystemError.outOfMemory.number))
    }
    let entry = table.entry(index)
    host.served = entry.peerReference
    host.reportStep(.connected)
    do throws(SystemError) {
      try poller.add(number, .input, token: table.token(index))
    } catch {
      host.reportService(.acceptFailed(error.number))
      return close(index, entry)
    }
    serve(index)
  }

  /// Out of descriptors or memory: the connections wait in the backlog until one is freed here or,
  /// since other workers and programs free them too, for a moment.
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

  /// Frees a descriptor because another worker lacks one, and accepts what waits there.
  mutating func acceptForOtherWorker() {
    guard phase == .serving, freeDescriptor() == .here else { return }
    // The poller has told the other one alone of what waits; a new watch tells this one.
    waitToAccept()
    resumeAccepting()
  }

  private mutating func waitToAccept() {
    for listener in listeners { poller.remove(listener.number) }
    acceptRetry = now + Self.tick
  }

  /// Goes on accepting after a pause.
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
