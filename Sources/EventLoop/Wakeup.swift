import CLinux

/// An eventfd by which one thread wakes another out of its poller.
final class Wakeup: Sendable {
  private let descriptor: Descriptor

  init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("eventfd", cl_eventfd_create()))
  }

  /// What the sleeper's poller watches.
  var number: Int32 { descriptor.number }

  /// Wakes the sleeper, now or as soon as it waits.
  func signal() { _ = cl_eventfd_signal(descriptor.number) }

  /// Forgets the signals so far.
  func clear() { _ = cl_eventfd_clear(descriptor.number) }
}
