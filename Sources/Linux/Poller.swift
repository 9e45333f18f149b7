public import CLinux

/// An epoll instance, which reports ready descriptors by tokens of their owners' choice.
public struct Poller: ~Copyable, Sendable {
  /// The most events that one wait returns. It is not a type of its own, because iterating over one would
  /// copy all of it for each event.
  public typealias Events = InlineArray<64, cl_event>

  /// An empty buffer for events.
  public static var noEvents: Events { Events(repeating: cl_event()) }

  /// The token of the descriptor that an event is about.
  @inlinable
  public static func token(of event: cl_event) -> UInt64 { event.token }

  /// The conditions that a descriptor is watched for.
  public enum Interest: Sendable {
    /// Input, the end of input, errors.
    case input
    /// Room for output, errors; not input.
    case output
    /// Only errors and the end of both directions.
    case errors
    /// Input, waking only some of the pollers that watch the same socket.
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

  /// Starts watching a descriptor, until it is closed.
  public func add(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    _ = try check("epoll_ctl", cl_epoll_add(epoll.number, number, interest.events, token))
  }

  /// Changes what a descriptor is watched for.
  public func modify(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    _ = try check("epoll_ctl", cl_epoll_modify(epoll.number, number, interest.events, token))
  }

  /// Stops watching a descriptor.
  public func remove(_ number: Int32) { _ = cl_epoll_remove(epoll.number, number) }

  /// Waits until a descriptor is ready or `milliseconds` have passed; -1 never times out.
  ///
  /// - Returns: The number of `events` filled in.
  public func wait(_ events: inout Events, milliseconds: Int32) throws(SystemError) -> Int {
    var span = events.mutableSpan
    return Int(try check("epoll_wait", cl_epoll_wait(epoll.number, &span, milliseconds)))
  }
}

/// An eventfd with which one thread wakes another from its poller.
public final class Wakeup: Sendable {
  private let descriptor: Descriptor

  /// Creates an eventfd without a pending signal.
  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("eventfd", cl_eventfd_create()))
  }

  /// The descriptor that the sleeper's poller watches.
  public var number: Int32 { descriptor.number }

  /// Wakes the sleeper, now or as soon as it waits.
  public func signal() { _ = cl_eventfd_signal(descriptor.number) }

  /// Clears the signals so far.
  public func clear() { _ = cl_eventfd_clear(descriptor.number) }
}
