import CLinux

/// This process: its processors, its user, and how it drops rights that serving does not need. Change any
/// of that only before there is a second thread.
public enum Process {
  /// Ignores SIGPIPE from now on: a write to a broken pipe fails with EPIPE.
  public static func ignoreBrokenPipes() { cl_ignore_broken_pipes() }

  /// The number of processors that this process may use.
  public static var usableCPUs: Int { Int(cl_usable_cpus()) }

  /// The processor time that this process has used in user and system mode, in microseconds.
  public static var processorMicroseconds: UInt64 { cl_cpu_microseconds() }

  /// Raises the soft limit of descriptors to the hard limit, and returns it.
  public static func raiseDescriptorLimit() throws(SystemError) -> Int {
    Int(try check("setrlimit", cl_raise_descriptor_limit()))
  }

  private static let root: UInt32 = 0

  /// A user of this machine.
  public struct User: Sendable {
    fileprivate let name: String
    fileprivate let numbers: cl_user

    /// The user of this name, or `nil` if there is none.
    public init?(named name: String) throws(SystemError) {
      var numbers = cl_user()
      // Safe because the call fills in the structure and keeps no pointer to it.
      let result = unsafe cl_find_user(name.utf8.span, &numbers)
      if SystemError.Known(rawValue: -result) == .noSuchFile { return nil }
      _ = try check("getpwnam_r", result)
      self.name = name
      self.numbers = numbers
    }

    /// Whether this process already runs as this user and no other, with no group but the user's.
    public var isThisProcess: Bool {
      get throws(SystemError) {
        try check("getgrouplist", cl_is_user(name.utf8.span, numbers)) != 0
      }
    }

    /// Whether this process acts as this user, regardless of its groups.
    public var isCurrent: Bool { numbers.user == Process.currentUser }
  }

  /// Whether this process runs as root.
  public static var isRoot: Bool { cl_current_user() == root }

  /// The ID of the user that this process acts as.
  public static var currentUser: UInt32 { cl_current_user() }

  /// Switches this process to `user` for good, with the user's groups and no capabilities, and gives
  /// `directory` to the user.
  public static func become(_ user: User, owning directory: String?) throws(SystemError) {
    if let directory {
      // A failure shows later: nothing is written there, and the process waiting for a file reports it.
      _ = cl_give_file(directory.utf8.span, user.numbers)
    }
    _ = try check("setresuid", cl_become_user(user.name.utf8.span, user.numbers))
  }

  /// Drops rights that the process does not need once `listeners` are open, and sets whether its memory may
  /// be dumped to a file.
  public static func renounce(coreDumps: Bool, listeners: [Listener]) throws(SystemError) {
    // At a reload, reading root's files may need the capabilities.
    if !isRoot {
      // A service manager that forbids even this has removed the capabilities itself, or has
      // left them on purpose.
      _ = cl_forget_capabilities()
    }
    _ = try check("prctl", cl_forbid_new_privileges())
    try forbidConnecting(keepsListeners: listeners.contains(where: \.isPassed))
    _ = try check("prctl", cl_set_dumpable(coreDumps ? 1 : 0))
    if !coreDumps { _ = try check("setrlimit", cl_forbid_core_files()) }
  }

  /// Forbids the system calls that could connect a socket of this process elsewhere.
  ///
  /// - Parameter keepsListeners: Whether the listening sockets belong to another process, which
  ///   must find them unchanged.
  private static func forbidConnecting(keepsListeners: Bool) throws(SystemError) {
    let result = cl_forbid_connecting(keepsListeners ? 1 : 0)
    switch SystemError.Known(rawValue: -result) {
    // The system has no system call filters.
    case .invalid, .notImplemented: break
    default: _ = try check("seccomp", result)
    }
  }
}
