import CLinux

/// An eventfd by which one thread wakes another out of its poller.
public final class Wakeup: Sendable {
  private let descriptor: Descriptor

  /// A new one, without a signal.
  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("eventfd", cl_eventfd_create()))
  }

  /// What the sleeper's poller watches.
  public var number: Int32 { descriptor.number }

  /// Wakes the sleeper, now or as soon as it waits.
  public func signal() { _ = cl_eventfd_signal(descriptor.number) }

  /// Forgets the signals so far.
  public func clear() { _ = cl_eventfd_clear(descriptor.number) }
}
