import CLinux
import Glibc

/// SIGTERM, SIGINT, SIGHUP and SIGRTMIN, a numbered request to reload, as input of a poller.
public struct Signals: ~Copyable {
  /// The request that a signal makes.
  public enum Request: Equatable, Sendable {
    /// To stop.
    case stop
    /// To reload the settings; a request by SIGRTMIN has a number, and its sender waits for the answer.
    case reload(request: UInt32?)
  }

  private let descriptor: Descriptor
  /// Whether SIGHUP means that the terminal is gone.
  private let endsWithTerminal: Bool

  /// Creates the descriptor; call this before starting any thread, so that all threads block the signals.
  public init() throws(SystemError) {
    descriptor = Descriptor(owning: try check("signalfd", cl_signalfd_create()))
    endsWithTerminal = cl_ends_with_terminal() != 0
  }

  /// The descriptor that a poller watches.
  public var number: Int32 { descriptor.number }

  /// Asks the process with this ID to reload, and to answer under the number `request`.
  public static func askForReload(_ process: Int32, request: UInt32) throws(SystemError) {
    _ = try check("sigqueue", cl_queue_request(process, request))
  }

  /// Takes a pending signal and returns its request, or `nil` if there is none.
  public func take() -> Request? {
    var signal = cl_signal()
    // Safe because the call fills in the structure and keeps no pointer to it.
    guard unsafe cl_signalfd_read(descriptor.number, &signal) == 0 else { return nil }
    guard signal.asks_for_reload != 0 else { return .stop }
    if signal.number == SIGHUP { return endsWithTerminal ? .stop : .reload(request: nil) }
    return .reload(request: signal.has_value != 0 ? signal.value : nil)
  }
}
