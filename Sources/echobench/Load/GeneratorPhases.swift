import Linux

/// Moving from one phase to the next: what each requires, and how it starts.
extension Generator {
  /// Moves to the next phase if it is time; returns whether the run is over.
  mutating func advance() -> Bool {
    switch schedule.phase {
    case .opening:
      if turns.next == table.count, turns.current == 0 { finishOpening() }
    case .warmingUp:
      if now >= schedule.phaseEnds { schedule.measure(from: now) }
    case .measuring:
      if now >= schedule.phaseEnds { stop() }
      if !schedule.mayBegin, active == 0 { return true }
    case .holding:
      if now >= schedule.phaseEnds { finishHolding() }
    case .closing:
      return turns.next == table.count && turns.current == 0
    case .ending:
      return active == 0 || now >= schedule.phaseEnds
    }
    return false
  }

  /// Lets the next clients do what all of them must do, a few at a time.
  mutating func giveTurns() {
    guard schedule.phase == .opening || schedule.phase == .closing else { return }
    while turns.current < Self.window, turns.next < table.count {
      let index = turns.next
      turns.next += 1
      if schedule.phase == .opening {
        turns.current += 1
        start(index)
      } else {
        let chunk = table.chunk(of: index)
        askOnceMore(&chunk.clients[index % ClientTable.Chunk.size], index)
      }
    }
  }

  /// Notes that a client's turn is over.
  mutating func endTurn(isSuccess: Bool) {
    guard schedule.phase == .opening || schedule.phase == .closing else { return }
    turns.current -= 1
    if isSuccess { turns.succeeded += 1 }
  }

  private mutating func finishOpening() {
    if options.mode == .idle {
      let line = Report.openLine(
        turns.succeeded, schedule.secondsInAll(at: now), isJSON: options.isJSON)
      progress.erase()
      Exit.print(line)
    }
    guard turns.succeeded > 0 else { return stop() }
    if options.mode == .idle {
      schedule.hold(from: now)
      if options.isHeld { watchInput() }
    } else {
      schedule.warmUp(at: now)
      forEachClient { generator, client, index in generator.goOn(&client, index) }
    }
  }

  private mutating func finishHolding() {
    schedule.close()
    turns = Turns()
  }

  /// Begins nothing new, and lets unfinished operations finish.
  mutating func stop() {
    schedule.end(at: now)
    forEachClient { generator, client, index in generator.wind(&client, index) }
  }

  private mutating func forEachClient(_ body: (inout Generator, inout Client, Int) -> Void) {
    for index in 0..<table.count {
      let chunk = table.chunk(of: index)
      body(&self, &chunk.clients[index % ClientTable.Chunk.size], index)
    }
  }

  /// Watches for the end of standard input; input that cannot be watched counts as ended.
  private mutating func watchInput() {
    do throws(SystemError) {
      try poller.add(0, .input, token: Self.inputToken)
    } catch {
      finishHolding()
    }
  }

  /// Reads the available standard input, and ends the hold once that has ended.
  mutating func readInput() {
    if StandardStream.input.discard() { return }
    poller.remove(0)
    if schedule.phase == .holding { finishHolding() }
  }
}
