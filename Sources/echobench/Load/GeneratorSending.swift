import Linux

/// Connecting and sending.
extension Generator {
  /// Starts a new connection and requests an association on it, which was due at `due`.
  mutating func begin(_ client: inout Client, _ index: Int, dueAt due: UInt64) {
    do throws(SystemError) {
      let source = options.sources == 0 ? 0 : Self.firstSource + UInt32(nextSource)
      nextSource += 1
      if nextSource >= options.sources { nextSource = 0 }
      let socket = try TCPSocket(connectingTo: peer, from: source)
      var channel: TLSChannel?
      if let encryption { channel = try TLSChannel(encryption) }
      client.begin(socket, channel, at: Pace.start(due: due, now: now))
    } catch {
      return fail(&client, index, .system(error.number))
    }
    client.unsent = requests.associate.count
    table.setDeadline(index, now + timeout)
    // To an SCP on this host it is usually connected already.
    send(&client, index)
  }

  /// Requests `count` echoes, or as many as may still begin, and returns their number.
  mutating func ask(
    _ count: Int, _ client: inout Client, _ index: Int, dueAt due: UInt64? = nil
  ) -> Int {
    let taken = schedule.take(upTo: count)
    if taken > 0 { issue(taken, &client, index, dueAt: due) }
    return taken
  }

  /// Requests `count` echoes, which were due at `due`, or are due now.
  mutating func issue(
    _ count: Int, _ client: inout Client, _ index: Int, dueAt due: UInt64? = nil
  ) {
    let start = Pace.start(due: due ?? now, now: now)
    for _ in 0..<count {
      table.noteAsked(index, client.nextID, at: start)
      client.nextID &+= 1
    }
    client.outstanding += count
    client.unsent += count * Requests.echoSize
    table.setDeadline(index, now + timeout)
    send(&client, index)
  }

  /// Requests the release of the association.
  mutating func release(_ client: inout Client, _ index: Int) {
    client.state = .releasing
    client.unsent = requests.release.count
    table.setDeadline(index, now + timeout)
    send(&client, index)
  }

  /// Aborts the association.
  mutating func abort(_ client: inout Client, _ index: Int) {
    _ = client.send(requests.abort.span)
    close(&client, index)
  }

  /// Sends as much of the client's output as the socket takes.
  mutating func send(_ client: inout Client, _ index: Int) {
    guard client.unsent > 0 else { return }
    switch sent(of: &client) {
    case .failed(let number):
      return fail(&client, index, .system(number))
    case .bytes(let count):
      client.unsent -= count
    }
    if client.unsent == 0, client.state == .connecting {
      client.state = .associating
      table.setDeadline(index, now + timeout)
    }
    watch(&client, index)
  }

  private mutating func sent(of client: inout Client) -> TCPSocket.Sent {
    switch client.state {
    case .connecting:
      return client.send(requests.associate.span.extracting(last: client.unsent))
    case .releasing:
      return client.send(requests.release.span.extracting(last: client.unsent))
    case .established:
      // The requests are numbered again each time, since all clients share them.
      let count = client.unsentEchoes
      requests.number(from: client.nextID &- UInt16(truncatingIfNeeded: count), count: count)
      let bytes = requests.echoes.span.extracting(first: count * Requests.echoSize)
      return client.send(bytes.extracting(last: client.unsent))
    case .closed, .retrying, .waiting, .associating, .pausing:
      return .bytes(0)
    }
  }

  /// Has the poller watch what the client waits for. While answers are due, that is only input, even if
  /// output is left to send: an SCP that takes no requests is waiting for its answers to be read, and there
  /// is room once one has arrived.
  private mutating func watch(_ client: inout Client, _ index: Int) {
    let isAnswerDue = client.state == .established && client.outstanding > client.unsentEchoes
    let wantsOutput = client.unsent > 0 && !isAnswerDue && !client.awaitsHandshake
    let interest = wantsOutput ? Poller.Interest.output : .input
    guard client.interest != interest, let number = client.number else { return }
    let token = UInt64(client.generation) << 32 | UInt64(index)
    do throws(SystemError) {
      if client.interest == nil {
        try poller.add(number, interest, token: token)
      } else {
        try poller.modify(number, interest, token: token)
      }
      client.interest = interest
    } catch {
      fail(&client, index, .system(error.number))
    }
  }
}
