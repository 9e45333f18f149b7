import Linux
import Requestor
import UpperLayer

/// Puts load on an SCP from one thread: the loop around the clients and the poller.
struct Generator: ~Copyable {
  /// How long a client waits before it retries a failed association, in nanoseconds.
  static let retryDelay = 100 * Clock.millisecond
  /// How many lasting associations are opened at the same time: many SCPs have a short backlog, and one
  /// that overflows costs a second.
  static let window = 32
  /// The most bytes received at once.
  private static let inboxSize = 64 << 10
  /// The tokens of descriptors that are not clients'.
  static let inputToken = UInt64.max
  static let signalToken = UInt64.max - 1
  /// The first address to connect from: 127.1.0.1.
  static let firstSource: UInt32 = 0x7F01_0001

  let options: Options
  let peer: NetworkAddress
  let timeout: UInt64
  /// What the connections need for TLS, or `nil` without TLS.
  let encryption: Encryption?
  let poller: Poller
  let signals: Signals
  var table: ClientTable
  var requests: Requests
  var reader: AnswerReader
  var inbox = [UInt8](repeating: 0, count: Self.inboxSize)
  /// The bytes kept of a client's answers, and those that followed.
  var joined: [UInt8] = []
  var tally = Tally()
  var schedule: Schedule
  /// When operations are due, or `nil` if that depends on answers.
  var pace: Pace?
  var random = Random(seed: 1)
  var progress: Progress
  /// The time, read again after each event.
  var now: UInt64
  /// The number of clients that have something to do.
  var active = 0
  /// The index of the next address to connect from.
  var nextSource = 0
  /// Whose turn it is when clients do something a few at a time.
  var turns = Turns()

  /// Creates a load on `peer` according to the options, over TLS with `encryption`.
  init(
    _ options: Options, on peer: NetworkAddress, encryption: Encryption?
  ) throws(SystemError) {
    let poller = try Poller()
    signals = try Signals()
    self.poller = poller
    self.options = options
    self.peer = peer
    self.encryption = encryption
    timeout = Clock.nanoseconds(options.timeout)
    table = ClientTable(count: options.clients, depth: options.depth)
    let titles = (AETitle(options.calledAETitle), AETitle(options.callingAETitle))
    guard let called = titles.0, let calling = titles.1 else {
      preconditionFailure("the options have an invalid AE title")
    }
    requests = Requests(called: called, calling: calling, depth: options.depth)
    reader = AnswerReader(
      to: requests.proposal, leastMaximumLength: EchoProposal.echoLength)
    now = Clock.now
    schedule = Schedule(options, now: now)
    pace = options.rate.map { Pace(rate: $0) }
    progress = Progress(isShown: !options.isQuiet && StandardStream.error.isTerminal, now: now)
  }

  /// Runs the load to its end.
  mutating func run() throws(SystemError) {
    try poller.add(signals.number, .input, token: Self.signalToken)
    var events = Poller.noEvents
    if schedule.phase != .opening { for index in 0..<table.count { start(index) } }
    while true {
      giveTurns()
      let phase = schedule.phase
      if advance() { break }
      if schedule.phase != phase { continue }
      let count = try poller.wait(&events, milliseconds: patience)
      now = Clock.now
      for position in 0..<count { happen(Poller.token(of: events[position])) }
      if now >= table.soonest { sweep() }
      progress.show(tally, schedule.secondsInAll(at: now), now: now)
    }
    progress.erase()
  }

  /// How long the poller may wait, in milliseconds.
  private var patience: Int32 {
    let next = min(table.soonest, schedule.phaseEnds, progress.next)
    guard next > now else { return 0 }
    return Int32(min((next - now + Clock.millisecond - 1) / Clock.millisecond, 60_000))
  }

  private mutating func happen(_ token: UInt64) {
    switch token {
    case Self.inputToken: readInput()
    case Self.signalToken: if signals.take() != nil { stop() }
    default: serve(token)
    }
  }

  /// The report of the run.
  var report: Report {
    Report(
      options: options, tally: tally, seconds: schedule.seconds(at: now, tally),
      processorSeconds: Double(Process.processorMicroseconds) / 1_000_000)
  }

  /// Wakes the clients whose time is up.
  private mutating func sweep() {
    for index in 0..<table.count where table.deadlines[index] <= now {
      let chunk = table.chunk(of: index)
      wake(&chunk.clients[index % ClientTable.Chunk.size], index)
    }
    table.findSoonest(notBefore: now + Clock.millisecond)
  }

  /// Lets an idle client connect.
  mutating func start(_ index: Int) {
    let chunk = table.chunk(of: index)
    now = Clock.now
    restart(&chunk.clients[index % ClientTable.Chunk.size], index)
  }
}
