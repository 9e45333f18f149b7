import CLinux
import Glibc
public import Linux

/// Two connected sockets, of which one is given to the code under test.
public final class SocketPair {
  private let own: Descriptor
  private var other: Int32

  public init() throws(SystemError) {
    signal(SIGPIPE, SIG_IGN)
    var numbers: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    // Safe because the array has room for the two numbers that the call fills in.
    _ = try check("socketpair", unsafe socketpair(AF_UNIX, kind, 0, &numbers))
    own = Descriptor(owning: numbers[0])
    other = numbers[1]
  }

  deinit {
    if other >= 0 { close(other) }
  }

  /// Returns the other socket, which the caller must close.
  public func takeOther() -> Int32 {
    defer { other = -1 }
    return other
  }

  /// Sends to the other socket.
  public func send(_ bytes: [UInt8]) { _ = cl_write(own.number, bytes.span) }

  /// Receives the available bytes.
  public func receiveAll() -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      var span = piece.mutableSpan
      let size = cl_receive(own.number, &span)
      guard size > 0 else { return bytes }
      bytes += piece.prefix(size)
    }
  }

  /// Whether the other socket has been closed.
  public var isAlone: Bool {
    var room: [UInt8] = [0]
    var span = room.mutableSpan
    return cl_receive(own.number, &span) == 0
  }
}
