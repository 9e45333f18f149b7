public import CLinux

/// An epoll instance: which descriptors are ready, each told by a token of its owner's choice.
public struct Poller: ~Copyable, Sendable {
  /// What one wait brings, at most. It is no type of its own, since whoever goes through one would copy all of
  /// it for each event.
  public typealias Events = InlineArray<64, cl_event>

  /// Room for events.
  public static var noEvents: Events { Events(repeating: cl_event()) }

  /// The token of the descriptor that an event is about.
  @inlinable
  public static func token(of event: cl_event) -> UInt64 { event.token }

  /// What a descriptor is watched for.
  public enum Interest: Sendable {
    /// Input, the peer's end, errors.
    case input
    /// Room for output, errors; not input.
    case output
    /// Errors and the end of both directions alone.
    case errors
    /// Input, with only some of the pollers that watch the same socket woken.
    case sharedInput

    var events: UInt32 {
      switch self {
      case .input: cl_epoll_in
      case .output: cl_epoll_out
      case .errors: 0
      case .sharedInput: cl_epoll_in_exclusive
      }
    }
  }

  private let epoll: Descriptor

  /// A poller that watches nothing yet.
  public init() throws(SystemError) {
    epoll = Descriptor(owning: try check("epoll_create1", cl_epoll_create()))
  }

  /// Begins to watch a descriptor; it ends when the descriptor is closed.
  public func add(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    _ = try check("epoll_ctl", cl_epoll_add(epoll.number, number, interest.events, token))
  }

  /// Watches a descriptor for something else.
  public func modify(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    _ = try check("epoll_ctl", cl_epoll_modify(epoll.number, number, interest.events, token))
  }

  /// Watches a descriptor no more.
  public func remove(_ number: Int32) { _ = cl_epoll_remove(epoll.number, number) }

  /// Waits until something is ready or `milliseconds` have passed; -1 waits for ever.
  ///
  /// - Returns: how many of `events` were filled in.
  public func wait(_ events: inout Events, milliseconds: Int32) throws(SystemError) -> Int {
    var span = events.mutableSpan
    return Int(try check("epoll_wait", cl_epoll_wait(epoll.number, &span, milliseconds)))
  }
}

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
