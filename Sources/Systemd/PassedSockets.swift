import CLinux
import CSystemd
import Glibc
public import Linux

/// The sockets that a service manager has opened and passed to this process (sd_listen_fds(3)), if any.
public enum PassedSockets {
  /// How long ``turnAway(isTriedAgain:)`` closes connections, in milliseconds: long enough that failing
  /// starts stay below systemd's limit per minute.
  private static let time: UInt32 = 3500
  /// How often it looks for new connections, in milliseconds.
  private static let look: Int32 = 20
  /// The maximum number of connections to close at each look: more than any backlog holds, but finite, so
  /// that a peer that keeps connecting cannot prolong the look.
  private static let mostAtOneLook = 8192

  /// What the peers of a socket with this name speak (`FileDescriptorName=`).
  private static func kind(of name: String) -> Listener.Kind {
    switch name {
    case "dicom-tls": .tls
    case "dicom-proxy": .proxy
    case "dicom-tls-proxy": .tlsProxy
    default: .plain
    }
  }

  /// The reason why a passed descriptor cannot be used.
  public enum Failure: Error, Equatable {
    /// The descriptor with this name is not a listening TCP socket.
    case noListener(Int32, name: String)
    /// The descriptor with this name is a connection that was accepted already.
    case connection(Int32, name: String)
    /// A system call on the descriptor failed.
    case system(SystemError)

    /// The failure in words: what was passed, and what is expected.
    public var text: String {
      switch self {
      case .noListener(let number, let name):
        "the service manager passed \"\(name)\" (descriptor \(number)), which is not a listening "
          + "TCP socket; set ListenStream= to a port in its .socket unit"
      case .connection(let number, let name):
        "the service manager passed \"\(name)\" (descriptor \(number)), which is an accepted "
          + "connection; set Accept=no in its .socket unit to have the socket passed instead"
      case .system(let error): "a socket that the service manager passed: \(error.text)"
      }
    }
  }

  /// Takes over all passed sockets.
  public static func take() throws(Failure) -> [Listener] {
    let all = try descriptors()
    // Checked before any is taken over, so that ``turnAway(isTriedAgain:)`` still has all of them.
    for (number, name) in all where !isListener(number) {
      throw isConnection(number) ? .connection(number, name: name) : .noListener(number, name: name)
    }
    var listeners: [Listener] = []
    for (number, name) in all {
      do throws(SystemError) {
        listeners.append(try Listener(passed: number, kind(of: name)))
      } catch {
        throw .system(error)
      }
    }
    return listeners
  }

  /// After a failed start, closes the connections that wait at the sockets, and for a while new ones.
  /// Otherwise the service manager would start this program again at once for the same connections or the
  /// next, until it gives the sockets up.
  ///
  /// - Parameter isTriedAgain: Whether the service manager restarts this program even if nobody connects;
  ///   then this waits in any case.
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

  /// Closes the connections that wait at `listeners`, and returns whether there were any.
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

  /// The number of each passed descriptor, and its name from the unit (`FileDescriptorName=`).
  private static func descriptors() throws(Failure) -> [(number: Int32, name: String)] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    // Safe because the call fills in an array of `count` texts, which this function frees.
    let count = unsafe sd_listen_fds_with_names(0, &names)
    guard count >= 0 else { throw .system(SystemError(call: "sd_listen_fds", number: -count)) }
    var all: [(number: Int32, name: String)] = []
    for index in 0..<count {
      // Safe because the index is below `count`.
      let text = unsafe names?[Int(index)]
      all.append(
        (SD_LISTEN_FDS_START + index, unsafe text.map { unsafe String(cString: $0) } ?? ""))
      unsafe free(text)
    }
    unsafe free(names)
    return all
  }

  /// Whether a descriptor is a connected TCP socket.
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
