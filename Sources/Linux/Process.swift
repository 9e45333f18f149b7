import CLinux

/// This process: what it has of the processors, whose it is, and how it gives up what it may do beyond serving.
/// What changes any of that is for the time before there is a second thread.
public enum Process {
  /// Ignores SIGPIPE from now on: a broken pipe is the error EPIPE of a write.
  public static func ignoreBrokenPipes() { cl_ignore_broken_pipes() }

  /// How many processors this process may use.
  public static var usableCPUs: Int { Int(cl_usable_cpus()) }

  /// What this process has used of the processors, in user and in system mode, in microseconds.
  public static var processorMicroseconds: UInt64 { cl_cpu_microseconds() }

  /// Raises the soft limit of descriptors to the hard one; the result is that limit.
  public static func raiseDescriptorLimit() throws(SystemError) -> Int {
    Int(try check("setrlimit", cl_raise_descriptor_limit()))
  }

  private static let root: UInt32 = 0

  /// A user of this machine.
  public struct User: Sendable {
    fileprivate let name: String
    fileprivate let numbers: cl_user

    /// The user of this name; `nil` when there is none.
    public init?(named name: String) throws(SystemError) {
      var numbers = cl_user()
      // Safe because the call fills in the structure that it is lent and keeps no pointer to it.
      let result = unsafe cl_find_user(name.utf8.span, &numbers)
      if SystemError.Known(rawValue: -result) == .noSuchFile { return nil }
      _ = try check("getpwnam_r", result)
      self.name = name
      self.numbers = numbers
    }

    /// Whether this process is this user's already, and no other's, with no group but the user's.
    public var isThisProcess: Bool {
      get throws(SystemError) {
        try check("getgrouplist", cl_is_user(name.utf8.span, numbers)) != 0
      }
    }

    /// Whether this process acts as this user, whatever its groups are.
    public var isCurrent: Bool { numbers.user == Process.currentUser }
  }

  /// Whether this process is root's.
  public static var isRoot: Bool { cl_current_user() == root }

  /// The number of the user that this process acts as.
  public static var currentUser: UInt32 { cl_current_user() }

  /// Makes this process `user`'s for good, with the user's groups and no capability, and gives `directory` to
  /// the user.
  public static func become(_ user: User, owning directory: String?) throws(SystemError) {
    if let directory {
      // A failure shows later: nothing is written there, and whoever waits for a file says so.
      _ = cl_give_file(directory.utf8.span, user.numbers)
    }
    _ = try check("setresuid", cl_become_user(user.name.utf8.span, user.numbers))
  }

  /// Gives up what nothing here needs once `listeners` are open, and says whether the memory of this
  /// process may be written to a file.
  public static func renounce(coreDumps: Bool, listeners: [Listener]) throws(SystemError) {
    // Root's files may need them at a reload.
    if !isRoot {
      // Where the service manager forbids even this, it has seen to it that there are none, or has
      // meant it.
      _ = cl_forget_capabilities()
    }
    _ = try check("prctl", cl_forbid_new_privileges())
    try forbidConnecting(keepsListeners: listeners.contains(where: \.isPassed))
    _ = try check("prctl", cl_set_dumpable(coreDumps ? 1 : 0))
    if !coreDumps { _ = try check("setrlimit", cl_forbid_core_files()) }
  }

  /// Gives up what would connect a socket of ours to somewhere else.
  ///
  /// - Parameter keepsListeners: Whether the listening sockets are those of another process, which is
  ///   to find them as they were.
  private static func forbidConnecting(keepsListeners: Bool) throws(SystemError) {
    let result = cl_forbid_connecting(keepsListeners ? 1 : 0)
    switch SystemError.Known(rawValue: -result) {
    // The system has no filters of calls.
    case .invalid, .notImplemented: break
    default: _ = try check("seccomp", result)
    }
  }
}
