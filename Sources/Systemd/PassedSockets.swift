import CLinux
import CSystemd
import Glibc
public import Linux

/// The sockets that a service manager has opened and passes to this process (sd_listen_fds(3)): none
/// without one.
public enum PassedSockets {
  /// For how long ``turnAway(isTriedAgain:)`` closes connections, in milliseconds: a start that fails
  /// takes so long then that starts are fewer than systemd allows in a minute.
  private static let time: UInt32 = 3500
  /// How often it looks for more, in milliseconds.
  private static let look: Int32 = 20
  /// How many connections it closes at one look: more than any backlog holds, so that one who connects
  /// without end does not keep it beyond its time.
  private static let mostAtOneLook = 8192

  /// Why what was passed cannot be served on.
  public enum Failure: Error, Equatable {
    /// This descriptor, of this name, is no listening TCP socket.
    case noListener(Int32, name: String)
    /// This descriptor, of this name, is a connection that was accepted already.
    case connection(Int32, name: String)
    /// The system does not let us have it.
    case system(SystemError)

    /// The same in words: what was passed, and what is expected.
    public var text: String {
      switch self {
      case .noListener(let number, let name):
        "the service manager passed \"\(name)\" (descriptor \(number)), which is no listening TCP "
          + "socket; in its .socket unit, ListenStream= with a port makes one"
      case .connection(let number, let name):
        "the service manager passed \"\(name)\" (descriptor \(number)), which is one connection that it "
          + "has accepted; in its .socket unit, Accept=no has it pass the socket instead"
      case .system(let error): "a socket that the service manager passed: \(error.text)"
      }
    }
  }

  /// Takes over every one of them.
  public static func take() throws(Failure) -> [Listener] {
    let all = try descriptors()
    // Before any of them is taken over, so that ``turnAway(isTriedAgain:)`` still has them all.
    for (number, name) in all where !isListener(number) {
      throw isConnection(number) ? .connection(number, name: name) : .noListener(number, name: name)
    }
    var listeners: [Listener] = []
    for (number, _) in all {
      do throws(SystemError) {
        listeners.append(try Listener(passed: number))
      } catch {
        throw .system(error)
      }
    }
    return listeners
  }

  /// Closes the connections that wait at them, for a start that fails, and those that come meanwhile:
  /// else the service manager would start this program again at once, for the same connections or
  /// the next, until it gives the sockets up.
  ///
  /// - Parameter isTriedAgain: Whether the service manager starts it again though nobody connects;
  ///   then it takes its time in any case.
  public static func turnAway(isTriedAgain: Bool) {
    let all = (try? descriptors()) ?? []
    let listeners = all.map(\.number).filter { isListener($0) && cl_adopt_listener($0) == 0 }
    let isAwaited = turnAway(from: listeners)
    guard isAwaited || isTriedAgain && (!all.isEmpty || ServiceManager.isThere) else { return }
    let end = Instant.now + time
    while Instant.now < end {
      Thread.sleep(milliseconds: look)
      _ = turnAway(from: listeners)
    }
  }

  /// Closes the connections that wait at `listeners`; whether there was any.
  private static func turnAway(from listeners: [Int32]) -> Bool {
    var peer = cl_address()
    var isAny = false
    for number in listeners {
      for _ in 0..<mostAtOneLook {
        // Safe because the call fills in the structure that it is lent and keeps no pointer to it.
        let connection = unsafe cl_accept(number, &peer)
        guard connection >= 0 else { break }
        cl_close(connection)
        isAny = true
      }
    }
    return isAny
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

  /// Whether it is a TCP socket that is connected.
  private static func isConnection(_ number: Int32) -> Bool {
    let stream = Int32(SOCK_STREAM.rawValue)
    let isTCP =
      sd_is_socket(number, AF_INET, stream, 0) > 0 || sd_is_socket(number, AF_INET6, stream, 0) > 0
    return isTCP && cl_is_connected(number) == 1
  }

  private static func isListener(_ number: Int32) -> Bool {
    let stream = Int32(SOCK_STREAM.rawValue)
    return sd_is_socket(number, AF_INET, stream, 1) > 0
      || sd_is_socket(number, AF_INET6, stream, 1) > 0
  }
}
