import Glibc

/// The limit on open descriptors of this process.
public struct DescriptorLimit: Equatable {
  public let soft: Int
  public let hard: Int

  /// A limit with these values.
  public init(soft: Int, hard: Int) {
    self.soft = soft
    self.hard = hard
  }

  /// The current limit.
  public static var current: DescriptorLimit {
    var limit = rlimit()
    // Safe because the call only fills in the structure it is lent.
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return DescriptorLimit(soft: Int(limit.rlim_cur), hard: Int(limit.rlim_max))
  }

  /// Makes this the current limit.
  public func set() {
    var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
    // Safe because the call only reads the structure it is lent.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Lowers the limit so that `count` descriptors can still be opened.
  public static func leave(_ count: Int) {
    let free = (0..<count).map { _ in dup(0) }
    for number in free { close(number) }
    DescriptorLimit(soft: Int(free.last ?? 0) + 1, hard: current.hard).set()
  }
}
