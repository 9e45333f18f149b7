import Linux
import Log
import Synchronization
import UpperLayer

/// The work of one serving thread, with its own poller, connections and buffers. Workers share only the
/// listening sockets, a few atomics and the tables that count resources by address.
///
/// # How it works
///
/// ``run()`` is one loop: it waits for the poller, reads the clock once, and does its work in a fixed order.
/// Each step has a file of its own beside this one:
///
/// - *Accepting*: takes connections from the backlog, up to a limit per wake-up, and serves each at once.
/// - *Serving*: receives once from a connection that is ready, and presents the bytes to its `Connection`;
///   the answers to all PDUs gather in ``outbox``.
/// - *Introducing*: on a port for proxies, reads the PROXY header before anything else, and lets its address
///   count from then on.
/// - *TakingTurns*: serves a connection whose bytes would keep the others waiting, for a while in each round.
/// - *Securing*: on a connection with TLS, decrypts between the receive and the `Connection`, and encrypts
///   between that and the send. *Openings* limits the handshakes under way.
/// - *Sending*: sends the answers in one call. If the peer does not accept all of them, keeps the rest in the
///   slot, and receives nothing from that peer until it is sent. Few peers may lag behind, since each takes
///   kernel memory.
/// - *Settling*: concludes serving a connection: starts the timer of its new state and watches
///   for input or for room to send, or closes it. An echo on a quiet association changes none of
///   these, and skips this step.
/// - *Evicting* and *GivingWay*: choose the connection to close when there are too many without
///   an association, or too many associations. A worker closes one of its own, at the end of a
///   round or between two accepts. If it has none that should go, it asks the others through
///   their ``WorkerLink``, which wakes them.
/// - *Reclaiming*: chooses the partial PDU to drop when the worker's memory for them is used up.
///
/// A connection lives in a slot of the ``table``. Its index and generation form its token, which the poller
/// reports. Once the slot is reused, the old token finds nothing, so a stale token does no harm. A
/// ``SlotReference`` is valid until ``close(_:_:)``: functions that may close a connection say so, and their
/// callers look the token up again or return.
///
/// ``host`` receives the events of the protocol machine, always about one peer: code that serves a connection
/// first sets `host.served`, and restores it after handling another connection in between.
///
/// Two queues hold back ready connections: ``paused`` those that have sent more than one turn's
/// worth, and ``lengthy`` those in the middle of a long PDU or a TLS handshake, of which one is served per round. A
/// connection about to be closed may wait for its peer to acknowledge the last answer. The
/// `turn` of a slot tells which of these applies.
///
/// Deadlines are numbers in an array beside the slots. At ``nextExpiry``, when the earliest may have passed,
/// all of them are checked, at most every ``tick`` milliseconds. Activity does not move a deadline: when one
/// passes, the worker checks whether the peer has sent something since.
///
/// For an echo, no step allocates, locks or formats. Events go as facts into a queue of the log, which
/// another thread empties.
@safe
struct Worker: ~Copyable {
  /// The size of the receive buffer, in bytes: enough for all but the longest requests, and for hundreds of
  /// pipelined echoes.
  private static let inboxSize = 64 << 10
  /// The size of the reply buffer, in bytes: enough for the answers to several hundred echoes.
  private static let outboxSize = 64 << 10
  /// The minimum time between two checks of the deadlines, in milliseconds.
  static let tick: UInt32 = 100
  /// How long a connection may stay open once the service is stopping and it is quiet, or if it is not DICOM,
  /// in milliseconds.
  static let shortened: UInt32 = 1000

  let shared: Shared
  let poller: Poller
  let listeners: [Listener]
  /// This worker as the others see it.
  let link: WorkerLink
  let progress: Wakeup
  let counters: Counters
  let inbox: UnsafeMutableBufferPointer<UInt8>
  /// The buffer for replies: as much of its memory as a peer may leave unread.
  private(set) var outbox: UnsafeMutableBufferPointer<UInt8>
  /// The policy and limits for new connections, and their edition.
  var policy: Policy
  var limits: Limits
  var edition: Int
  var host: WorkerHost
  var table: SlotTable
  /// The budget of this worker for partial PDUs.
  let partialPDUMemory: MemoryBudget
  /// Until when a search for a partial PDU to drop is not repeated, and the size that it was made for, in bytes.
  var noReclaim = (until: Instant(milliseconds: 0), size: 0)
  var now = Instant.now
  /// Whether anything has happened to a connection since the last signal for news.
  private var hasNews = false
  var phase = Shared.Phase.serving
  /// When to end associations that are still busy, once the service is stopping.
  var drainEnd = Instant.never
  /// The earliest time at which a deadline may have passed.
  var nextExpiry = Instant.never
  var lastExpiry = Instant(milliseconds: 0)
  /// When to try accepting again after a failure; never while accepting works.
  var acceptRetry = Instant.never { didSet { nextChore = min(acceptRetry, nextPlaces) } }
  var lacksDescriptors = false
  /// When accepting failed last.
  var refused = Instant(milliseconds: 0)
  /// The connections closed to make room and not reported yet.
  var evictions = Evictions()
  /// The connections with received bytes left for the next round.
  var paused: MappedArray<UInt64>
  /// The connections taken from ``paused`` in order to be served.
  var resumed: MappedArray<UInt64>
  /// The ready connections in the middle of a long PDU or a TLS handshake.
  var lengthy: TurnQueue
  /// The buffers for connections with TLS, if this worker can have any.
  let secureBuffers: SecureBuffers?
  /// The places of TLS connections without an association.
  var openings: Openings
  /// When to look for places for those that wait; never if none does.
  var nextPlaces = Instant.never { didSet { nextChore = min(acceptRetry, nextPlaces) } }
  /// When the first of these two is due: each round of the loop checks only this.
  private var nextChore = Instant.never
  /// When the next of those that have places may give way.
  var nextVictim = Instant(milliseconds: 0)
  /// The turn of the first connection without an association that is over the limit and still needs room;
  /// never if there is none.
  var firstNewcomer = PendingList.Turn.never
  /// Connections without an association that may have to give way.
  var pendingCandidates = Candidates()
  /// Associations that may have to give way.
  var associationCandidates = Candidates()

  /// - Parameter progress: Signaled when requested news has come, and when a policy is adopted.
  init(
    shared: Shared, poller: consuming Poller, listeners: [Listener], link: WorkerLink,
    progress: Wakeup,
    counters: Counters, partialPDUMemory: MemoryBudget, writer: LogWriter, queue: Int,
    workers: Int = 1
  ) throws(SystemError) {
    try poller.add(link.wakeup.number, .input, token: Token.wakeup)
    try Self.watch(listeners, by: poller)
    let table = try SlotTable.withRoom()
    let nobody = table.entry(0)
    let paused = try MappedArray<UInt64>()
    let resumed = try MappedArray<UInt64>()
    let lengthy = try TurnQueue()
    let openings = try Openings(workers: workers)
    self.poller = poller
    self.table = table
    self.paused = paused
    self.resumed = resumed
    self.lengthy = lengthy
    self.openings = openings
    secureBuffers = listeners.contains(where: \.kind.isSecure) ? SecureBuffers() : nil
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
    // Safe because both buffers live as long as the worker, the inbox is initialized, and spans of the
    // buffers never reach beyond them.
    unsafe inbox = .allocate(capacity: Self.inboxSize)
    unsafe inbox.initialize(repeating: 0)
    unsafe outbox = .allocate(capacity: Self.outboxSize)
    limitOutbox()
  }

  private mutating func limitOutbox() {
    // Safe because the memory behind `outbox` has the full size, and is deallocated by its base address.
    unsafe outbox = UnsafeMutableBufferPointer(
      start: outbox.baseAddress, count: min(Self.outboxSize, limits.unread))
  }

  /// Ends every connection left, after as many A-ABORTs as time permits. Small replies already sent, such as
  /// the last answer, still arrive.
  @inline(never)  // inlined, it would slow down every round of the loop
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
    secureBuffers?.deallocate()
  }

  /// Tokens that do not belong to a slot: no slot has so high an index.
  enum Token {
    static let wakeup = UInt64.max
    static let firstListener: UInt64 = UInt64.max - 1
    static let lastListener: UInt64 = UInt64.max - 0xFFFF
  }

  /// Serves until the service is stopping and every connection has ended, or until told to end at once.
  mutating func run() throws(SystemError) {
    var events = Poller.noEvents
    while phase == .serving || (phase == .draining && table.count > 0) {
      let count = try poller.wait(&events, milliseconds: timeToWait())
      now = .now
      host.now = now
      if count > 0 { hasNews = true }
      for index in 0..<count { dispatch(Poller.token(of: events[index])) }
      if !lengthy.isEmpty { serveLengthy() }
      if now >= nextExpiry {
        hasNews = true
        expireDeadlines()
      }
      if paused.count > 0 { servePaused() }
      if now >= nextChore { doChores() }
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

  /// Does what is seldom due.
  @inline(never)
  private mutating func doChores() {
    if now >= acceptRetry { resumeAccepting() }
    if now >= nextPlaces { givePlaces() }
  }

  /// Adopts the policy that is in force now.
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

  /// Signals that something has happened, if that was requested, and only the first time.
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
    switch token {
    case Token.lastListener...Token.firstListener:
      accept(from: Int(Token.firstListener - token))
    default:
      if let index = table.index(of: token) { serve(index) }
    }
  }

  private func timeToWait() -> Int32 {
    if paused.count > 0 || !lengthy.isEmpty { return 0 }
    let next = min(nextExpiry, nextChore, evictions.nextReport)
    if next == .never { return -1 }
    if next <= now { return 0 }
    return Int32(truncatingIfNeeded: min(next.milliseconds - now.milliseconds, 1_000_000))
  }

  private mutating func enter(_ wanted: Shared.Phase) {
    let isDraining = phase == .serving && wanted == .draining
    phase = wanted
    guard isDraining else { return }
    drainEnd = now + policy.drainTimeout
    // Peers in the backlog believe that they are connected: serve them, then stop listening. At a passed
    // socket, the successor serves them.
    for index in listeners.indices where !listeners[index].isPassed { accept(from: index) }
    for listener in listeners {
      poller.remove(listener.number)
      if !listener.isPassed { listener.stop() }
    }
    acceptRetry = .never
    shortenEverything()
  }
}
