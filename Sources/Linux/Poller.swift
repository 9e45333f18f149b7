public import CLinux

/// An epoll instance: which descriptors are ready, each told by a token of its owner's choice.
public struct Poller: ~Copyable, Sendable {
  /// How many events one wait can bring.
  public static let capacity = 64

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
  public func wait(
    _ events: inout InlineArray<64, cl_event>, milliseconds: Int32
  ) throws(SystemError) -> Int {
    var span = events.mutableSpan
    return Int(try check("epoll_wait", cl_epoll_wait(epoll.number, &span, milliseconds)))
  }
}
