import Glibc

/// How many descriptors this process may have open.
struct DescriptorLimit: Equatable {
  let soft: Int
  let hard: Int

  /// The limit now.
  static var current: DescriptorLimit {
    var limit = rlimit()
    // Safe because the call only fills in the structure that it is lent.
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return DescriptorLimit(soft: Int(limit.rlim_cur), hard: Int(limit.rlim_max))
  }

  /// Makes this the limit.
  func set() {
    var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
    // Safe because the call only reads the structure that it is lent.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Lowers the limit so that `count` descriptors can still be opened.
  static func leave(_ count: Int) {
    let free = (0..<count).map { _ in dup(0) }
    for number in free { close(number) }
    DescriptorLimit(soft: Int(free.last ?? 0) + 1, hard: current.hard).set()
  }
}
