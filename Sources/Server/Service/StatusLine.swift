import CLinux
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
  private let beginning = StatusLine.timeOfDay
  /// What is wrong with the configuration that could not be taken, if so.
  private var refusal: [UInt8] = []
  /// When it may be told anew.
  private var next = Instant(milliseconds: 0)
  private var latest = FixedText()
  /// Whether nothing had changed at the last look. Until then there is one more: what a worker did
  /// while the line before was made may be neither in it nor told.
  private var isSettled = false

  /// When to look again, without having been woken.
  func wakeTime(_ manager: ServiceManager?, _ shared: Shared) -> Instant {
    if manager == nil { return .never }
    return isSettled && shared.wantsNews.load(ordering: .acquiring) ? .never : next
  }

  /// Says that the configuration could not be taken because of `fault`; nothing when it could.
  mutating func note(refusal fault: String?) {
    refusal = []
    // Cut off between two characters: a line that is no UTF-8 is not shown at all.
    for character in fault ?? "" {
      let bytes = character.utf8
      guard refusal.count + bytes.count <= Self.longestRefusal else { return }
      refusal += bytes
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
    let line = line(shared, crew)
    isSettled = line == latest
    if isSettled { return }
    latest = line
    manager.tell(line.span)
  }

  private func line(_ shared: Shared, _ crew: [WorkerThread]) -> FixedText {
    var line = FixedText()
    let isServing = shared.phase.load(ordering: .acquiring) == .serving
    line.append("STATUS=")
    if isServing {
      line.append("serving since ")
      line.append(beginning.span)
    } else {
      line.append("stopping")
    }
    line.append(": ")
    let open = UInt64(max(0, shared.openAssociations))
    line.append(open)
    line.append(open == 1 ? " association open" : " associations open")
    guard isServing else { return line }
    var (echoes, rejections): (UInt64, UInt64) = (0, 0)
    for thread in crew {
      echoes += thread.counters.echoes
      rejections += thread.counters.rejections
    }
    line.append(", ")
    line.append(echoes)
    line.append(echoes == 1 ? " echo answered, " : " echoes answered, ")
    line.append(rejections)
    line.append(" rejected")
    if !refusal.isEmpty {
      line.append("; reload refused: ")
      line.append(refusal.span)
    }
    return line
  }

  private static var timeOfDay: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 64)
    var room = bytes.mutableSpan
    let length = Int(cl_format_now(&room))
    return Array(bytes.prefix(length))
  }
}
