import Linux
import Synchronization
import Systemd

/// The line by which a person sees how the service is: `systemctl status` shows it.
///
/// It follows what happens within a second, and while nothing happens nobody wakes up for it.
struct StatusLine {
  /// How long one line holds at least, in milliseconds.
  private static let interval: UInt32 = 1000
  /// How much is shown of what is wrong with a configuration, in bytes.
  private static let longestRefusal = 256

  /// Since when the service serves.
  private let beginning = Array(Instant.timeOfDay.utf8)
  /// What is wrong with the configuration that could not be taken, if so.
  private var refusal: [UInt8] = []
  /// When it may be told anew.
  private var next = Instant(milliseconds: 0)
  /// The line that is put together, and the one that was told last: each in memory that is taken once, since
  /// the main thread tells them while others answer echoes.
  private var line = StatusLine.room
  private var latest = StatusLine.room
  /// Whether nothing had changed at the last look. Until then there is one more: what a worker did
  /// while the line before was made may be neither in it nor told.
  private var isSettled = false

  /// Room for the longest line.
  private static var room: [UInt8] {
    var room: [UInt8] = []
    room.reserveCapacity(longestRefusal + 256)
    return room
  }

  /// When to look again, without having been woken.
  func wakeTime(_ manager: ServiceManager?, _ shared: Shared) -> Instant {
    if manager == nil { return .never }
    return isSettled && shared.wantsNews.load(ordering: .acquiring) ? .never : next
  }

  /// Says that the configuration could not be taken because of `fault`; `nil` when it could.
  mutating func note(refusal fault: String?) {
    refusal = []
    // Cut off between two characters: a line that is no UTF-8 is not shown at all.
    for character in fault ?? "" {
      guard refusal.count + character.utf8.count <= Self.longestRefusal else { return }
      refusal += character.utf8
    }
  }

  /// Tells the service manager, if there is one, it is time, and there is news.
  mutating func tell(
    at now: Instant, to manager: ServiceManager?, _ shared: Shared, crew: [WorkerThread]
  ) {
    if wakeTime(manager, shared) <= now { tellAnew(at: now, to: manager, shared, crew: crew) }
  }

  /// Tells the service manager, if there is one, at once.
  mutating func tellAnew(
    at now: Instant, to manager: ServiceManager?, _ shared: Shared, crew: [WorkerThread]
  ) {
    guard let manager else { return }
    next = now + Self.interval
    // Before the numbers are read, so that whatever they lack is news.
    shared.wantsNews.store(true, ordering: .sequentiallyConsistent)
    write(shared, crew)
    isSettled = line == latest
    if isSettled { return }
    swap(&line, &latest)
    manager.tell(latest.span)
  }

  /// Puts the line together, in memory that it has already.
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
