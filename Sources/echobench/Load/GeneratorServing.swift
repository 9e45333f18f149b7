import Linux
import Requestor
import UpperLayer

/// Handling an SCP's answers, and failures.
extension Generator {
  /// Serves a client whose connection is ready.
  mutating func serve(_ token: UInt64) {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    let chunk = table.chunk(of: index)
    serve(&chunk.clients[index % ClientTable.Chunk.size], index, token >> 32)
  }

  private mutating func serve(_ client: inout Client, _ index: Int, _ generation: UInt64) {
    guard UInt64(client.generation) == generation else { return }
    switch client.state {
    case .closed, .retrying, .waiting:
      return
    case .connecting, .associating, .established, .pausing, .releasing:
      if client.interest == .output { return send(&client, index) }
      receive(&client, index)
    }
  }

  private mutating func receive(_ client: inout Client, _ index: Int) {
    var room = inbox.mutableSpan
    let received = client.receive(into: &room)
    now = Clock.now
    switch received {
    case .bytes(let count): readAnswers(behindKept: count, &client, index)
    case .nothing:
      // A handshake may have got further.
      if client.state == .connecting { send(&client, index) }
    case .end: fail(&client, index, .closed)
    case .failed(let number):
      fail(&client, index, client.handshakeFault.map { .tls($0) } ?? .system(number))
    }
  }

  /// Reads the answers in the first `count` bytes of the inbox, which follow the bytes kept before.
  private mutating func readAnswers(behindKept count: Int, _ client: inout Client, _ index: Int) {
    if client.kept.isEmpty { return readAnswers(count, &client, index) }
    joined.removeAll(keepingCapacity: true)
    joined += client.kept
    joined += inbox[..<count]
    client.kept.removeAll(keepingCapacity: true)
    swap(&joined, &inbox)
    readAnswers(inbox.count, &client, index)
    swap(&joined, &inbox)
  }

  /// Reads the answers in the first `end` bytes of the inbox, and keeps an incomplete one.
  private mutating func readAnswers(_ end: Int, _ client: inout Client, _ index: Int) {
    var offset = 0
    var hasTaken = false
    let generation = client.generation
    while offset < end {
      switch reader.next(inbox, end, at: &offset, due: client.due, &client.part) {
      case .right:
        handleAnswer(&client, index)
        hasTaken = true
        if client.generation != generation || client.number == nil { return }
      case .incomplete:
        client.kept += inbox[offset..<end]
        offset = end
      case .rejected(let rejection): return fail(&client, index, .rejected(rejection))
      case .releaseRequested:
        // A release request is a wrong answer here, and closes the connection like any other.
        return fail(&client, index, .wrong(.pdu(type: PDUType.releaseRequest.rawValue)))
      case .aborted: return fail(&client, index, .aborted)
      case .wrong(let objection): return fail(&client, index, .wrong(objection))
      }
    }
    goOn(&client, index)
    // A partial answer does not extend the deadline.
    if hasTaken, client.outstanding > 0 { table.setDeadline(index, now + timeout) }
  }

  /// Handles the expected answer.
  private mutating func handleAnswer(_ client: inout Client, _ index: Int) {
    switch client.state {
    case .associating:
      tally.associationsInAll += 1
      client.state = .established
      accepted(&client, index)
    case .established:
      let latency = now - table.asked(index, client.dueID)
      client.outstanding -= 1
      tally.echoesInAll += 1
      answered(&client, index, latency)
    case .releasing:
      released(&client, index)
    case .closed, .retrying, .waiting, .connecting, .pausing:
      break
    }
  }

  /// Closes the connection of a client that has nothing more to do for now.
  mutating func close(_ client: inout Client, _ index: Int) {
    client.close()
    table.setDeadline(index, Clock.never)
    active -= 1
  }

  /// Counts the failure, closes the connection, and lets the client try again later.
  mutating func fail(_ client: inout Client, _ index: Int, _ failure: Failure) {
    if schedule.phase != .ending { tally.count(failure) }
    let hadTurn = !client.isResting
    let hadBegun = client.outstanding > 0 || options.mode == .associate
    close(&client, index)
    if hadTurn { endTurn(isSuccess: false) }
    // An operation that could not even begin counts as one that failed.
    if !hadBegun { _ = schedule.take(upTo: 1) }
    guard options.mode != .idle, schedule.mayBegin else { return }
    client.state = .retrying
    active += 1
    table.setDeadline(
      index, schedule.phase == .opening ? Clock.never : now + Self.retryDelay)
  }

  /// Handles a client whose time is up: it has waited too long, or paused long enough.
  mutating func wake(_ client: inout Client, _ index: Int) {
    switch client.state {
    case .closed:
      table.setDeadline(index, Clock.never)
    case .retrying:
      active -= 1
      client.state = .closed
      table.setDeadline(index, Clock.never)
      restart(&client, index)
    case .waiting:
      begin(&client, index, dueAt: table.deadlines[index])
    case .pausing:
      let due = table.deadlines[index]
      client.state = .established
      table.setDeadline(index, Clock.never)
      resume(&client, index, dueAt: options.mode == .echo ? due : now)
    case .connecting, .associating, .established, .releasing:
      fail(&client, index, .timeout)
    }
  }
}
