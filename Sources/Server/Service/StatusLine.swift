import Linux
import Synchronization
import Systemd

/// The status of the service in one line, as `systemctl status` shows it.
///
/// It is at most one second out of date, and causes no wake-ups while nothing happens.
struct StatusLine {
  /// The minimum time between two lines, in milliseconds.
  private static let interval: UInt32 = 1000
  /// The maximum length of the configuration error shown, in bytes.
  private static let longestRefusal = 256

  /// The time at which the service began to serve.
  private let beginning = Array(Instant.timeOfDay.utf8)
  /// The error in the configuration of the last reload; empty if that succeeded.
  private var refusal: [UInt8] = []
  /// The earliest time for the next line.
  private var next = Instant(milliseconds: 0)
  /// The line being composed, and the last one sent. Each has memory that is allocated once, since the main
  /// thread sends them while the workers answer echoes.
  private var line = StatusLine.room
  private var latest = StatusLine.room
  /// Whether the last check found no change. Until it does, another check follows: what a worker did while
  /// the line was composed may be missing from it, and not be signaled either.
  private var isSettled = false

  /// An empty line with capacity for the longest one.
  private static var room: [UInt8] {
    var room: [UInt8] = []
    room.reserveCapacity(longestRefusal + 256)
    return room
  }

  /// When to check again without being woken.
  func wakeTime(_ manager: ServiceManager?, _ shared: Shared) -> Instant {
    if manager == nil { return .never }
    return isSettled && shared.wantsNews.load(ordering: .acquiring) ? .never : next
  }

  /// Notes that `fault` prevented the last reload, or, with `nil`, that the reload succeeded.
  mutating func note(refusal fault: String?) {
    refusal = []
    // Cut off between two characters: a line that is not valid UTF-8 is not shown at all.
    for character in fault ?? "" {
      guard refusal.count + character.utf8.count <= Self.longestRefusal else { return }
      refusal += character.utf8
    }
  }

  /// Sends the line to the service manager, if there is one, when it is due and has changed.
  mutating func tell(
    at now: Instant, to manager: ServiceManager?, _ shared: Shared, crew: [WorkerThread]
  ) {
    if wakeTime(manager, shared) <= now { tellAnew(at: now, to: manager, shared, crew: crew) }
  }

  /// Sends the line to the service manager, if there is one, at once, unless it is unchanged.
  mutating func tellAnew(
    at now: Instant, to manager: ServiceManager?, _ shared: Shared, crew: [WorkerThread]
  ) {
    guard let manager else { return }
    next = now + Self.interval
    // Set before the numbers are read, so that any later change counts as news.
    shared.wantsNews.store(true, ordering: .sequentiallyConsistent)
    write(shared, crew)
    isSettled = line == latest
    if isSettled { return }
    swap(&line, &latest)
    manager.tell(latest.span)
  }

  /// Composes the line in the memory that it already has.
  private mutating func write(_ shared: Shared, _ crew: [WorkerThread]) {
    line.removeAll(keepingCapacity: true)
    let open = max(0, shared.openAssociations)
    let associations = open == 1 ? " association open" : " associations open"
    guard shared.phase.load(ordering: .acquiring) == .serving else {
      return append("STATUS=stopping: ", open, associations)
    }
    append("STATUS=serving since ")
    line += beginning
    append(": ", open, associations)
    let echoes = crew.reduce(0) { $0 + $1.counters.echoes }
    append(", ", echoes, echoes == 1 ? " echo answered" : " echoes answered")
    append(", ", crew.reduce(0) { $0 + $1.counters.rejections }, " rejected")
    if !refusal.isEmpty {
      append("; reload refused: ")
      line += refusal
    }
  }

  private mutating func append(_ text: String) { line += text.utf8 }

  private mutating func append(_ before: String, _ number: some BinaryInteger, _ behind: String) {
    append(before)
    line += String(number).utf8
    append(behind)
  }
}
