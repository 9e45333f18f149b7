import Linux
import Log
import Settings
import Synchronization
import Systemd
import TLS

/// The work of the main thread while the workers serve: it passes signals on to them, re-reads the settings
/// on request, keeps the service manager informed, and waits for the workers to end.
struct Supervisor: ~Copyable {
  let common: WorkerThread.Common
  let crew: [WorkerThread]
  /// The number of connections available.
  let places: Places
  /// The service manager to keep informed, if there is one.
  let manager: ServiceManager?
  /// Reads the settings again.
  let reread: () -> ReloadedConfiguration
  /// The settings in force; those that need a restart keep their old values.
  var settings: Settings
  /// The reloads whose policy some worker has not adopted yet.
  var pendingReloads: [PendingReload] = []
  var status = StatusLine()
  private let poller: Poller
  private var watchdog: Watchdog?
  /// Decides which notices the service manager gets, and in which order.
  var readiness = Readiness()
  /// The answers to reloads that are waiting to be fetched.
  var answers: ReloadAnswers
  private var nextExtension = Instant.never
  /// The end of our certificate, of which it warns in time.
  var certificate: CertificateWatch

  /// How often to tell the service manager that a stop is still going on, in milliseconds.
  private static let extensionInterval: UInt32 = 1000
  /// How much more time to ask for each time, in milliseconds: the log writer may delay the end, too.
  private static let extensionLength: UInt32 = 10_000

  /// A supervisor of worker threads that do not run yet. When this returns, every descriptor that the service
  /// needs is open, before any connection can take one.
  init(
    _ common: WorkerThread.Common, _ settings: Settings, _ policy: Policy, _ places: Places,
    reread: @escaping () -> ReloadedConfiguration
  ) throws(SystemError) {
    var crew: [WorkerThread] = []
    for number in 0..<places.workers { crew.append(try WorkerThread(number: number, common)) }
    let manager = try ServiceManager()
    let poller = try Poller()
    try poller.add(common.progress.number, .input, token: 0)
    self.common = common
    self.settings = settings
    self.places = places
    self.manager = manager
    self.reread = reread
    self.crew = crew
    self.poller = poller
    answers = ReloadAnswers()
    certificate = CertificateWatch(policy.tls?.chain.first, at: .now)
    watchdog = Watchdog(
      timeout: ServiceManager.watchdogTimeout, now: .now, rounds: crew.map(\.counters.rounds))
  }

  /// Starts the workers.
  func start() throws(SystemError) {
    for thread in crew { try thread.start() }
  }

  /// Waits until every worker has ended. The first signal lets associations finish; the second one ends them
  /// at once, with an A-ABORT.
  mutating func wait(for signals: borrowing Signals) throws(SystemError) {
    try poller.add(signals.number, .input, token: 1)
    var events = Poller.noEvents
    while common.shared.endedWorkers.load(ordering: .acquiring) < crew.count {
      _ = try poller.wait(&events, milliseconds: timeToWait())
      common.progress.clear()
      // A worker that fails stops the others, too.
      if common.shared.phase.load(ordering: .acquiring) == .stopping {
        readiness.stop()
        common.shared.wakeEverybody()
      }
      if !readiness.isServing,
        common.shared.readyWorkers.load(ordering: .acquiring) == crew.count
      {
        announce()
      }
      concludeReloads()
      tellServiceManager()
      answers.expire(at: .now)
      warnOfCertificate()
      while let request = signals.take() {
        switch request {
        case .stop: stop()
        case .reload(let request): reload(request)
        }
      }
    }
    try conclude()
  }

  private mutating func warnOfCertificate() {
    guard certificate.next <= .now, let record = certificate.due(at: .now) else { return }
    common.writer.put(record, into: crew.count)
  }

  private func timeToWait() -> Int32 {
    var next = min(watchdog?.next ?? .never, nextExtension, answers.next, certificate.next)
    if readiness.isServing { next = min(next, status.wakeTime(manager, common.shared)) }
    if next == .never { return -1 }
    let now = Instant.now
    return next <= now ? 0 : Int32(clamping: next.milliseconds - now.milliseconds)
  }

  private mutating func announce() {
    tell(readiness.begin())
    // Not announced if a signal has come first.
    guard common.shared.phase.load(ordering: .acquiring) == .serving else { return }
    for listener in common.listeners { report(.listening, Subject(peer: listener.address)) }
  }

  /// Sends `notice`, if any, to the service manager, if there is one.
  func tell(_ notice: ServiceManager.Notice?) {
    if let notice { manager?.tell(notice) }
  }

  private mutating func tellServiceManager() {
    let now = Instant.now
    let isFed = watchdog?.isFed(at: now, rounds: crew.map(\.counters.rounds)) {
      for thread in crew { thread.wakeup.signal() }
    }
    if isFed == true { manager?.tell(.watchdog) }
    if readiness.isServing { status.tell(at: now, to: manager, common.shared, crew: crew) }
    guard now >= nextExtension else { return }
    nextExtension = now + Self.extensionInterval
    manager?.tell(.moreTime(Self.extensionLength))
  }

  private mutating func stop() {
    // Must not go back to draining if a worker has failed meanwhile.
    let isFirst = common.shared.phase.compareExchange(
      expected: .serving, desired: .draining, ordering: .acquiringAndReleasing
    ).exchanged
    if isFirst {
      readiness.stop()
      report(.stopping)
      manager?.tell(.stopping, .moreTime(Self.extensionLength))
      if manager != nil { nextExtension = .now + Self.extensionInterval }
      if readiness.isServing {
        status.tellAnew(at: .now, to: manager, common.shared, crew: crew)
      }
    } else {
      common.shared.phase.store(.stopping, ordering: .releasing)
    }
    common.shared.wakeEverybody()
  }

  private mutating func conclude() throws(SystemError) {
    for thread in crew { thread.join() }
    readiness.stop()
    concludeReloads()
    giveUpReloads()
    answers.expire(at: .now)
    let aborted = common.shared.abortedAtOnce.load(ordering: .acquiring)
    if aborted > 0 { report(.stoppedAtOnce(associations: aborted)) }
    report(
      .stopped(
        associations: crew.reduce(0) { $0 + $1.counters.associations },
        echoes: crew.reduce(0) { $0 + $1.counters.echoes }))
    if let failure = common.shared.failure.withLock({ $0 }) { throw failure }
  }

  /// Logs an event in the main thread's queue, the last one of the writer.
  func report(_ event: Event, _ subject: Subject? = nil) {
    common.writer.put(Record(event, about: subject), into: crew.count)
  }
}

/// The order of the notices of start, reloads and stop for the service manager (sd_notify(3)): the service is
/// ready only once every worker serves and no reload is pending, and once it is stopping it announces neither
/// readiness nor reloads.
struct Readiness {
  /// Whether every worker has begun to serve.
  private(set) var isServing = false
  private var isStopping = false
  /// The number of reloads that have begun and not ended.
  private var reloads = 0

  /// Notes that every worker has begun to serve. This and the following functions return the notice to send,
  /// or `nil`.
  mutating func begin() -> ServiceManager.Notice? {
    isServing = true
    return notice
  }

  /// Notes that a reload begins.
  mutating func beginReload() -> ServiceManager.Notice? {
    reloads += 1
    return isServing && !isStopping ? .reloading : nil
  }

  /// Notes that a reload has ended, successfully or not.
  mutating func endReload() -> ServiceManager.Notice? {
    reloads -= 1
    return notice
  }

  /// Notes that the service is stopping.
  mutating func stop() { isStopping = true }

  private var notice: ServiceManager.Notice? {
    isServing && !isStopping && reloads == 0 ? .ready : nil
  }
}
