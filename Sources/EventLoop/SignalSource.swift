import CLinux

/// SIGTERM and SIGINT as input of a poller; SIGPIPE is ignored.
public struct SignalSource: ~Copyable {
  private let descriptor: Descriptor

  /// To be made before any other thread is, so that all of them leave the signals alone.
  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("signalfd", cl_signalfd_create()))
  }

  /// What a poller watches.
  var number: Int32 { descriptor.number }

  /// Whether a signal was pending; it is taken.
  func take() -> Bool { cl_signalfd_read(descriptor.number) > 0 }
}
