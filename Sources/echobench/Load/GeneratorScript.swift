/// What a client does next: how each mode reacts to the answers.
extension Generator {
  /// In mixed mode, one association in this many is aborted.
  private static let abortsOneIn: UInt64 = 8
  /// In mixed mode, one echo in this many has a pause before it.
  private static let pausesOneIn: UInt64 = 8
  /// The longest pause, in milliseconds.
  private static let longestPause: UInt64 = 100
  /// The most echoes of an association in mixed mode.
  private static let mostEchoes: UInt64 = 20

  /// Handles that the association was accepted.
  mutating func accepted(_ client: inout Client, _ index: Int) {
    switch options.mode {
    case .associate, .idle:
      issue(1, &client, index)
    case .echo:
      table.setDeadline(index, Clock.never)
      endTurn(isSuccess: true)
    case .mixed:
      client.echoesLeft = 1 + Int(random.next(below: Self.mostEchoes))
      resume(&client, index)
    }
  }

  /// Handles that an echo was answered after `latency` nanoseconds.
  mutating func answered(_ client: inout Client, _ index: Int, _ latency: UInt64) {
    switch options.mode {
    case .associate:
      release(&client, index)
    case .echo:
      record(latency)
    case .idle:
      record(latency)
      if schedule.phase == .opening {
        table.setDeadline(index, Clock.never)
        endTurn(isSuccess: true)
      } else {
        release(&client, index)
      }
    case .mixed:
      record(latency)
      client.echoesLeft -= 1
      goOnMixed(&client, index)
    }
  }

  /// Handles that the association was released.
  mutating func released(_ client: inout Client, _ index: Int) {
    let latency = now - client.began
    close(&client, index)
    switch options.mode {
    case .associate:
      record(latency)
      restart(&client, index)
    case .echo:
      break
    case .idle:
      endTurn(isSuccess: true)
    case .mixed:
      restart(&client, index)
    }
  }

  /// Continues once all received answers are handled: in echo mode, requests as many echoes as were
  /// answered, and sends what could not be sent before.
  mutating func goOn(_ client: inout Client, _ index: Int) {
    switch client.state {
    case .established where pace != nil && options.mode == .echo && schedule.phase != .opening:
      if client.isResting { awaitDue(&client, index) } else { send(&client, index) }
    case .established where options.mode == .echo && schedule.phase != .opening:
      let missing = options.depth - client.outstanding
      let asked = missing > 0 ? ask(missing, &client, index) : 0
      if asked == 0 { send(&client, index) }
      if client.isResting { release(&client, index) }
    case .retrying:
      table.setDeadline(index, now)
    case .closed, .waiting, .connecting, .associating, .established, .pausing, .releasing:
      break
    }
  }

  /// Requests the next echo when it is due, which may be long past.
  private mutating func awaitDue(_ client: inout Client, _ index: Int) {
    guard schedule.mayBegin else { return release(&client, index) }
    let due = pace?.next(at: now) ?? now
    if due <= now { return resume(&client, index, dueAt: due) }
    client.state = .pausing
    table.setDeadline(index, due)
  }

  /// Begins a new association if one may still begin.
  mutating func restart(_ client: inout Client, _ index: Int) {
    let mayBegin =
      options.mode == .associate ? schedule.take(upTo: 1) > 0 : schedule.mayBegin
    guard mayBegin else { return }
    active += 1
    let due = pace?.next(at: now) ?? now
    if due <= now { return begin(&client, index, dueAt: due) }
    client.state = .waiting
    table.setDeadline(index, due)
  }

  /// Requests the last echo of a client that was held.
  mutating func askOnceMore(_ client: inout Client, _ index: Int) {
    guard client.isResting else { return }
    turns.current += 1
    issue(1, &client, index)
  }

  /// Ends what a client does, since nothing new may begin.
  mutating func wind(_ client: inout Client, _ index: Int) {
    switch client.state {
    case .retrying, .waiting: close(&client, index)
    case .pausing: release(&client, index)
    case .established: if client.isResting { release(&client, index) }
    case .closed, .connecting, .associating, .releasing: break
    }
  }

  /// Requests the next echo of an association, which was due at `due`.
  mutating func resume(_ client: inout Client, _ index: Int, dueAt due: UInt64? = nil) {
    if ask(1, &client, index, dueAt: due) == 0 { release(&client, index) }
  }

  /// Continues an association in mixed mode after one of its echoes was answered.
  private mutating func goOnMixed(_ client: inout Client, _ index: Int) {
    if client.echoesLeft == 0 || !schedule.mayBegin {
      guard random.next(below: Self.abortsOneIn) == 0 else { return release(&client, index) }
      abort(&client, index)
      restart(&client, index)
    } else if random.next(below: Self.pausesOneIn) == 0 {
      client.state = .pausing
      let pause = 1 + random.next(below: Self.longestPause)
      table.setDeadline(index, now + pause * Clock.millisecond)
    } else {
      resume(&client, index)
    }
  }

  /// Counts an operation that took `latency` nanoseconds.
  private mutating func record(_ latency: UInt64) {
    tally.operationsInAll += 1
    guard schedule.isMeasuring else { return }
    tally.operations += 1
    tally.latest = now
    tally.latencies.record(latency)
  }
}
