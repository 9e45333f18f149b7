import Linux
import Requestor
import UpperLayer

/// Puts load on an SCP, in one thread: the loop around the clients and the poller.
struct Generator: ~Copyable {
  /// How long a client whose association has failed waits before it tries again, in nanoseconds.
  static let retryDelay = 100 * Clock.millisecond
  /// How many of the associations that stay are made at the same time: the backlog of many an SCP is
  /// short, and one that overflows costs a second.
  static let window = 32
  /// How many bytes are received at once.
  private static let inboxSize = 64 << 10
  /// The tokens of what is no client.
  static let inputToken = UInt64.max
  static let signalToken = UInt64.max - 1
  /// The first of the addresses that are connected from: 127.1.0.1.
  static let firstSource: UInt32 = 0x7F01_0001

  let options: Options
  let peer: NetworkAddress
  let timeout: UInt64
  let poller: Poller
  let signals: Signals
  var table: ClientTable
  var requests: Requests
  var reader: AnswerReader
  var inbox = [UInt8](repeating: 0, count: Self.inboxSize)
  /// What was kept of a client's answers, and what has come behind it.
  var joined: [UInt8] = []
  var tally = Tally()
  var schedule: Schedule
  /// When operations are due, if that does not depend on answers.
  var pace: Pace?
  var random = Random(seed: 1)
  var progress: Progress
  /// The time, read anew whenever something has happened.
  var now: UInt64
  /// How many clients have something to do.
  var active = 0
  /// Which of the addresses comes next.
  var nextSource = 0
  /// Which clients have their turn, of those that are not all busy at once.
  var turns = Turns()

  /// A load on `peer` as the options have it.
  init(_ options: Options, on peer: NetworkAddress) throws(SystemError) {
    let poller = try Poller()
    signals = try Signals()
    self.poller = poller
    self.options = options
    self.peer = peer
    timeout = Clock.nanoseconds(options.timeout)
    table = ClientTable(count: options.clients, depth: options.depth)
    let titles = (AETitle(options.calledAETitle), AETitle(options.callingAETitle))
    guard let called = titles.0, let calling = titles.1 else {
      preconditionFailure("the titles were looked at when the options were read")
    }
    requests = Requests(called: called, calling: calling, depth: options.depth)
    reader = AnswerReader(
      to: requests.proposal, leastMaximumLength: EchoProposal.echoLength)
    now = Clock.now
    schedule = Schedule(options, now: now)
    pace = options.rate.map { Pace(rate: $0) }
    progress = Progress(isShown: !options.isQuiet && StandardStream.error.isTerminal, now: now)
  }

  /// Runs until all is done.
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

  /// What it has come to.
  var report: Report {
    Report(
      options: options, tally: tally, seconds: schedule.seconds(at: now, tally),
      processorSeconds: Double(Process.processorMicroseconds) / 1_000_000)
  }

  /// Looks for clients whose time is up.
  private mutating func sweep() {
    for index in 0..<table.count where table.deadlines[index] <= now {
      let chunk = table.chunk(of: index)
      wake(&chunk.clients[index % ClientTable.Chunk.size], index)
    }
    table.findSoonest(notBefore: now + Clock.millisecond)
  }

  /// Lets a client connect that has nothing to do.
  mutating func start(_ index: Int) {
    let chunk = table.chunk(of: index)
    now = Clock.now
    restart(&chunk.clients[index % ClientTable.Chunk.size], index)
  }
}
