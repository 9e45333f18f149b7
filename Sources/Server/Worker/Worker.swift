import Linux
import Log
import Synchronization
import UpperLayer

/// One thread that serves: its own poller, connections and buffers. It shares listening sockets,
/// a few atomics and the tables of who has how much with the others, and nothing else.
///
/// # How it works
///
/// ``run()`` goes round one loop: it waits for the poller, reads the clock once, and does what there is to do
/// in a fixed order. Each step has a file of its own beside this one:
///
/// - *Accepting*: takes connections from the backlog, as many as one wake-up should, and serves each at once.
/// - *Serving*: one receive for a connection that is ready, whose bytes are presented to its `Connection`; the
///   answers, however many PDUs there were, gather in ``outbox``.
/// - *Sending*: one send for them. What the peer does not take is kept in the slot, and nothing is received from
///   that peer until it has taken it; the system may keep little for it, so few peers may lag behind.
/// - *Settling*: decides what becomes of a connection that was served, and concludes: starts the timer of the
///   state that it is in now, watches for input or for room, or closes. An echo on a quiet association changes
///   none of these, and settles nothing.
/// - *Evicting* and *GivingWay*: who has to go when there are too many connections without an association, or
///   associations. A worker takes from its own connections, at the end of a round or between two accepts, and
///   asks the others through their ``WorkerLink``, which wakes them, where it has none that should go.
/// - *Reclaiming*: whose partial PDU has to go when the worker's memory for them is used up.
///
/// A connection lives in a slot of the ``table``. Its index and generation are its token, which the poller
/// reports; a token whose slot has been given to another connection leads nowhere, so none is ever out of date.
/// A ``SlotReference`` is valid until ``close(_:_:)``: whatever may have closed a connection says so, and who
/// called it looks the token up again or returns.
///
/// ``host`` is what the protocol machine talks to, and always about one peer: whoever serves a connection sets
/// `host.served` first, and sets it back when it has turned to another connection meanwhile.
///
/// Two queues hold back a connection that is ready: one that has sent more than a turn's worth is in ``paused``,
/// and one in the middle of a long PDU is in ``lengthy``, of which one is served a round. One that only has to be
/// closed may wait for its peer to acknowledge the last answer. A slot's `turn` says which.
///
/// Deadlines are numbers in an array beside the slots. ``nextExpiry`` is the earliest that may have passed, and
/// all of them are looked at then, at most every ``tick`` milliseconds. Activity moves none of them: a deadline
/// that passes finds out by looking whether its peer has been heard of since.
///
/// No step of it allocates, locks or formats for an echo. What is told goes as facts into a queue of the log, in
/// which another thread finds it.
@safe
struct Worker: ~Copyable {
  /// The receive buffer: more than any but the longest requests, and hundreds of pipelined echoes.
  private static let inboxSize = 64 << 10
  /// The reply buffer: the answers to several hundred echoes.
  private static let outboxSize = 64 << 10
  /// How often deadlines are looked at, at most, in milliseconds.
  static let tick: UInt32 = 100
  /// How long a connection may stay quiet once the service is stopping, or was never DICOM.
  static let shortened: UInt32 = 1000

  let shared: Shared
  let poller: Poller
  let listeners: [Listener]
  /// What the others see of it.
  let link: WorkerLink
  let progress: Wakeup
  let counters: Counters
  let inbox: UnsafeMutableBufferPointer<UInt8>
  /// Where replies are made: as much of its memory as a peer may leave unread.
  private(set) var outbox: UnsafeMutableBufferPointer<UInt8>
  /// Under which new connections are accepted, and of which edition they are.
  var policy: Policy
  var limits: Limits
  var edition: Int
  var host: WorkerHost
  var table: SlotTable
  /// The memory for partial PDUs that this worker may take.
  let partialPDUMemory: MemoryBudget
  /// Until when nobody has to give way for another partial PDU, and what was asked for then, in bytes.
  var noReclaim = (until: Instant(milliseconds: 0), size: 0)
  var now = Instant.now
  /// Whether anything has happened to a connection since that was told.
  private var hasNews = false
  var phase = Shared.Phase.serving
  /// When an association that is still busy is ended, once the service is stopping.
  var drainEnd = Instant.never
  /// The earliest time at which a deadline may have passed.
  var nextExpiry = Instant.never
  var lastExpiry = Instant(milliseconds: 0)
  /// When accepting is tried again after it failed; never while it goes on.
  var acceptRetry = Instant.never
  var lacksDescriptors = false
  /// When accepting failed last.
  var refused = Instant(milliseconds: 0)
  /// What was closed to make room, and is not told yet.
  var evictions = Evictions()
  /// The connections of which more has been received than could be served in one go.
  var paused: MappedArray<UInt64>
  /// The same, while they are served.
  var resumed: MappedArray<UInt64>
  /// The connections in the middle of a long PDU that are ready.
  var lengthy: TurnQueue
  /// The turn of the first connection without an association that is one too many, and that nobody has made
  /// room for yet.
  var firstNewcomer = PendingList.Turn.never
  /// Connections without an association that may have to give way.
  var pendingCandidates = Candidates()
  /// Associations that may have to give way.
  var associationCandidates = Candidates()

  /// - Parameter progress: Signalled when somebody wants news.
  init(
    shared: Shared, poller: consuming Poller, listeners: [Listener], link: WorkerLink,
    progress: Wakeup,
    counters: Counters, partialPDUMemory: MemoryBudget, writer: LogWriter, queue: Int
  ) throws(SystemError) {
    try poller.add(link.wakeup.number, .input, token: Token.wakeup)
    try Self.watch(listeners, by: poller)
    let table = try SlotTable.withRoom()
    let nobody = table.entry(0)
    let paused = try MappedArray<UInt64>()
    let resumed = try MappedArray<UInt64>()
    let lengthy = try TurnQueue()
    self.poller = poller
    self.table = table
    self.paused = paused
    self.resumed = resumed
    self.lengthy = lengthy
    self.shared = shared
    self.listeners = listeners
    self.link = link
    self.progress = progress
    self.counters = counters
    (policy, limits, edition) = shared.policy
    counters.enter(edition)
    self.partialPDUMemory = partialPDUMemory
    host = WorkerHost(
      shared: shared, counters: counters, writer: writer, queue: queue,
      policy: policy, limits: limits, served: nobody.peerReference)
    // Safe because both buffers live as long as the worker; received bytes are initialized by the
    // kernel, and the spans made of the buffers never reach beyond them.
    unsafe inbox = .allocate(capacity: Self.inboxSize)
    unsafe inbox.initialize(repeating: 0)
    unsafe outbox = .allocate(capacity: Self.outboxSize)
    limitOutbox()
  }

  private mutating func limitOutbox() {
    // Safe because the memory behind `outbox` has the full size, and is given back by its beginning.
    unsafe outbox = UnsafeMutableBufferPointer(
      start: outbox.baseAddress, count: min(Self.outboxSize, limits.unread))
  }

  /// Ends every connection that is left, after as many A-ABORTs as there is time for. What was sent still
  /// arrives where it is little, and so the last answer does.
  @inline(never)  // inlined, it makes every round of the loop longer
  private mutating func closeEverything() {
    abortEverything()
    for index in 0..<table.capacity where table.isInUse(index) {
      let entry = table.entry(index)
      entry.slot.socket.discardInput()
      close(index, entry)
    }
  }

  deinit {
    // Safe because no span of either buffer outlives the call that it was made for.
    unsafe inbox.deallocate()
    unsafe outbox.deallocate()
  }

  /// Tokens that are not a slot's: a slot's generation never has the highest bit in use at birth.
  enum Token {
    static let wakeup = UInt64.max
    static let firstListener: UInt64 = UInt64.max - 1
    static let lastListener: UInt64 = UInt64.max - 0xFFFF
  }

  /// Serves until the service stops and every connection has ended, or is told to end at once.
  mutating func run() throws(SystemError) {
    var events = Poller.noEvents
    while phase == .serving || (phase == .draining && table.count > 0) {
      let count = try poller.wait(&events, milliseconds: timeToWait())
      now = .now
      host.now = now
      for index in 0..<count { dispatch(Poller.token(of: events[index])) }
      if !lengthy.isEmpty { serveLengthy() }
      if now >= nextExpiry {
        hasNews = true
        expireDeadlines()
      }
      if paused.count > 0 { servePaused() }
      if now >= acceptRetry { resumeAccepting() }
      if host.owesAssociation { payDebts(asking: true) }
      let wanted = shared.phase.load(ordering: .acquiring)
      if wanted != phase { enter(wanted) }
      if shared.edition.load(ordering: .acquiring) != edition { adoptPolicy() }
      if firstNewcomer != .never { makeRoomForNewcomers() }
      if now >= evictions.nextReport { tellEvictions() }
      counters.countRound()
      tellNews()
    }
    closeEverything()
  }

  /// Accepts under the policy that is in force now.
  private mutating func adoptPolicy() {
    (policy, limits, edition) = shared.policy
    host.adopt(policy)
    host.limits = limits
    partialPDUMemory.limit = limits.partialPDUMemory
    limitOutbox()
    makeRoomAmongAll()
    counters.enter(edition)
    progress.signal()
  }

  /// Says that something has happened, to who wants to know, and only the first time.
  private mutating func tellNews() {
    guard hasNews, shared.wantsNews.load(ordering: .relaxed) else { return }
    hasNews = false
    if shared.wantsNews.exchange(false, ordering: .acquiringAndReleasing) { progress.signal() }
  }

  private mutating func dispatch(_ token: UInt64) {
    if token == Token.wakeup {
      link.wakeup.clear()
      return answerOtherWorkers()
    }
    hasNews = true
    switch token {
    case Token.lastListener...Token.firstListener:
      accept(from: Int(Token.firstListener - token))
    default:
      if let index = table.index(of: token) { serve(index) }
    }
  }

  private func timeToWait() -> Int32 {
    if paused.count > 0 || !lengthy.isEmpty { return 0 }
    let next = min(nextExpiry, acceptRetry, evictions.nextReport)
    if next == .never { return -1 }
    if next <= now { return 0 }
    return Int32(truncatingIfNeeded: min(next.milliseconds - now.milliseconds, 1_000_000))
  }

  private mutating func enter(_ wanted: Shared.Phase) {
    let isDraining = phase == .serving && wanted == .draining
    phase = wanted
    guard isDraining else { return }
    drainEnd = now + policy.drainTimeout
    // Whoever has come as far as the backlog believes to be connected: serve, then close the door.
    // At a passed socket the successor does.
    for index in listeners.indices where !listeners[index].isPassed { accept(from: index) }
    for listener in listeners {
      poller.remove(listener.number)
      if !listener.isPassed { listener.stop() }
    }
    acceptRetry = .never
    shortenEverything()
  }
}
