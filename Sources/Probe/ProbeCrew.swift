import Linux

/// Threads that ask several targets at the same time. Each thread asks one target after the other, so that a target
/// has one association at a time, and looks up its name itself: a slow name server delays no other target.
public enum ProbeCrew {
  /// The most targets that are asked at the same time.
  public static let mostAtOnce = 256
  /// The stack of a thread: enough for the resolver and its modules (nsswitch.conf(5)), OpenSSL, and a build with
  /// AddressSanitizer. The system provides the memory only when it is used.
  private static let stackSize = 1 << 20
  /// The descriptors that one target may need at the same time: its connection, or those of the resolver.
  private static let descriptorsPerTarget = 4
  /// The descriptors for everything else.
  private static let otherDescriptors = 16
  /// How often the calling thread is free for something else, in milliseconds.
  private static let pause: Int32 = 100

  /// Calls `work` once with each number below `count`, in any order, and returns when all calls have returned.
  /// Meanwhile, the calling thread calls `meanwhile` about ten times a second. With one number, it does the work.
  ///
  /// - Parameter descriptors: How many descriptors this process may have.
  public static func run(
    _ count: Int, descriptors: Int, _ work: @escaping @Sendable (Int) -> Void,
    meanwhile: () -> Void
  ) {
    if count == 1 { return work(0) }
    let size = size(count, descriptors: descriptors)
    let next = Queue(count)
    let body: @Sendable () -> Void = {
      while let number = next.take() { work(number) }
    }
    var threads: [Thread] = []
    for number in 0..<size {
      // With a limit on threads, fewer of them ask all targets.
      guard let thread = try? Thread(name: "probe-\(number)", stackSize: stackSize, body) else {
        break
      }
      threads.append(thread)
    }
    if threads.isEmpty { body() }
    for thread in threads {
      while !thread.join(milliseconds: pause) { meanwhile() }
    }
  }

  /// How many threads ask `count` targets.
  static func size(_ count: Int, descriptors: Int) -> Int {
    let room = max((descriptors - otherDescriptors) / descriptorsPerTarget, 1)
    return min(count, mostAtOnce, room)
  }

  /// The numbers that no thread has taken yet.
  private final class Queue: Sendable {
    private let count: Int
    private let next = Locked(0)

    init(_ count: Int) { self.count = count }

    /// The next number, or `nil` if there is none left.
    func take() -> Int? {
      next.withLock { next in
        if next >= count { return nil }
        next += 1
        return next - 1
      }
    }
  }
}
