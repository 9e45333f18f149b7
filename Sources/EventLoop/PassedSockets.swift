import CLinux
import CSystemd
import Glibc

/// The sockets that a service manager has opened and passes to this process (sd_listen_fds(3)): none
/// without one.
public enum PassedSockets {
  /// How long ``turnAway()`` goes on, and how often it looks, in milliseconds: at one start a second
  /// no client, however often it connects, brings about more starts than the units allow.
  private static let turningAway: UInt32 = 1000
  private static let look: Int32 = 10
  /// The most connections that it closes at one look: more than any backlog holds.
  private static let mostTurnedAway = 8192

  /// Why what was passed cannot be served on.
  public enum Failure: Error, Equatable {
    /// This descriptor, of this name, is no listening TCP socket.
    case noListener(Int32, name: String)
    /// The system does not let us have it.
    case system(SystemError)

    /// The same in words: what was passed, and what is expected.
    public var text: String {
      switch self {
      case .noListener(let number, let name):
        "the service manager passed \"\(name)\" (descriptor \(number)), which is no listening TCP "
          + "socket; in its .socket unit, ListenStream= with a port makes one"
      case .system(let error): "a socket that the service manager passed: \(error.text)"
      }
    }
  }

  /// Takes over every one of them.
  public static func take() throws(Failure) -> [Listener] {
    var listeners: [Listener] = []
    for (number, name) in try descriptors() {
      guard isListener(number) else { throw .noListener(number, name: name) }
      do throws(SystemError) {
        listeners.append(try Listener(passed: number))
      } catch {
        throw .system(error)
      }
    }
    return listeners
  }

  /// Closes the connections that wait at them, and those of the next second, for a start that fails.
  /// Else the service manager would start this program again at once, for the same connections or for
  /// the next, until it gives the sockets up.
  public static func turnAway() {
    guard let all = try? descriptors() else { return }
    let listeners = all.map(\.number).filter { isListener($0) && cl_adopt_listener($0) == 0 }
    if listeners.isEmpty { return }
    let end = Instant.now + turningAway
    while true {
      // Before they are closed, so that the last look comes after the end.
      let isLast = Instant.now > end
      for listener in listeners { turnAwayWaiting(at: listener) }
      if isLast { return }
      cl_sleep(look)
    }
  }

  private static func turnAwayWaiting(at listener: Int32) {
    var peer = cl_address()
    for _ in 0..<mostTurnedAway {
      // Safe because the call fills in the structure that it is lent and keeps no pointer to it.
      let connection = unsafe cl_accept(listener, &peer)
      guard connection >= 0 else { return }
      cl_close(connection)
    }
  }

  /// The number of each, and the name that its unit gives it (`FileDescriptorName=`).
  private static func descriptors() throws(Failure) -> [(number: Int32, name: String)] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    // Safe because the call fills in an array of so many texts, which is ours to free afterwards.
    let count = unsafe sd_listen_fds_with_names(0, &names)
    guard count >= 0 else { throw .system(SystemError(call: "sd_listen_fds", number: -count)) }
    var all: [(number: Int32, name: String)] = []
    for index in 0..<count {
      // Safe for the same reason.
      let text = unsafe names?[Int(index)]
      all.append(
        (SD_LISTEN_FDS_START + index, unsafe text.map { unsafe String(cString: $0) } ?? ""))
      unsafe free(text)
    }
    unsafe free(names)
    return all
  }

  private static func isListener(_ number: Int32) -> Bool {
    let stream = Int32(SOCK_STREAM.rawValue)
    return sd_is_socket(number, AF_INET, stream, 1) > 0
      || sd_is_socket(number, AF_INET6, stream, 1) > 0
  }
}
