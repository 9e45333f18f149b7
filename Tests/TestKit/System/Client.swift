import CLinux
import Glibc
public import Linux

/// A requestor with its own socket. Its waits have a time limit. One thread may send while another one
/// receives.
public final class Client: @unchecked Sendable {
  /// How a connection ended, or `silent` if it did not.
  public enum End: Equatable {
    case closed
    case reset
    case silent
  }

  /// The limit of each wait, in seconds.
  private static let patience = 10
  private var number: Int32

  /// A client connected to `peer`.
  ///
  /// - Parameter isNarrow: Whether it has a small receive buffer and small segments, so that the
  ///   acceptor's send buffer stays small, too.
  public init(to peer: NetworkAddress, isNarrow: Bool = false) throws(SystemError) {
    signal(SIGPIPE, SIG_IGN)
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    number = try check("socket", socket(peer.isIPv4 ? AF_INET : AF_INET6, kind, 0))
    if isNarrow {
      set(SO_RCVBUF, Int32(8192))
      set(TCP_MAXSEG, Int32(536), at: Int32(IPPROTO_TCP))
    }
    set(SO_RCVTIMEO, timeval(tv_sec: Self.patience, tv_usec: 0))
    set(SO_SNDTIMEO, timeval(tv_sec: Self.patience, tv_usec: 0))
    let result = peer.isIPv4 ? connectIPv4(peer) : connectIPv6(peer)
    if result < 0 { throw SystemError(call: "connect", number: errno) }
  }

  deinit { hangUp() }

  /// Closes the connection.
  public func hangUp() {
    if number >= 0 { close(number) }
    number = -1
  }

  /// Resets the connection.
  public func reset() {
    set(SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    hangUp()
  }

  /// Ends the sending direction of the connection.
  public func shutDownWriting() { _ = cl_shutdown_write(number) }

  /// Sends all of `bytes`; returns false if the connection is broken or the peer does not take them.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let result = cl_write(number, bytes.span.extracting(droppingFirst: sent))
      guard result > 0 else { return false }
      sent += result
    }
    return true
  }

  /// Sends as many of `bytes` as the socket takes now, and returns their number.
  public func sendSome(_ bytes: ArraySlice<UInt8>) -> Int {
    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
    // Safe because the bytes are lent for the length of the call.
    return unsafe bytes.withUnsafeBytes {
      unsafe max(0, Glibc.send(number, $0.baseAddress, $0.count, flags))
    }
  }

  /// Receives up to `most` bytes, or none at the end of the connection.
  public func receiveSome(_ most: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: most)
    var room = bytes.mutableSpan
    let size = cl_receive(number, &room)
    return Array(bytes.prefix(max(0, size)))
  }

  /// Receives `count` bytes, or as many as arrive before the end.
  public func receive(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece = receiveSome(count - bytes.count)
      if piece.isEmpty { break }
      bytes += piece
    }
    return bytes
  }

  /// Receives one whole PDU.
  public func receivePDU() -> [UInt8] {
    let header = receive(6)
    guard header.count == 6 else { return header }
    let length = header[2...].reduce(0) { $0 << 8 | Int($1) }
    return header + receive(length)
  }

  /// Receives all bytes up to the end of the connection.
  public func receiveAll() -> (bytes: [UInt8], end: End) {
    var bytes: [UInt8] = []
    while true {
      var piece = [UInt8](repeating: 0, count: 64 << 10)
      var room = piece.mutableSpan
      let result = cl_receive(number, &room)
      if result > 0 {
        bytes += piece.prefix(result)
      } else {
        let isSilent = result == -Int(EAGAIN)
        return (bytes, result == 0 ? .closed : isSilent ? .silent : .reset)
      }
    }
  }

  /// Whether neither a byte nor the end arrives within `milliseconds`.
  public func isSilent(for milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    // Safe because the entry is lent for the length of the call.
    return unsafe poll(&entry, 1, milliseconds) == 0
  }

  /// Whether the other side breaks off the connection within `milliseconds`.
  public func breaks(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: number, events: 0, revents: 0)
    // Safe because the entry is lent for the length of the call.
    return unsafe poll(&entry, 1, milliseconds) == 1
  }

  private func set<Value: BitwiseCopyable>(
    _ option: Int32, _ value: Value, at level: Int32 = SOL_SOCKET
  ) {
    var value = value
    // Safe because the value is lent for the length of the call, with its true size.
    _ = unsafe setsockopt(
      number, level, option, &value, socklen_t(MemoryLayout<Value>.size))
  }

  private func connectIPv4(_ peer: NetworkAddress) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = peer.port.bigEndian
    let bytes = (12..<16).reduce(UInt32(0)) { $0 << 8 | UInt32(peer.bytes[$1]) }
    address.sin_addr.s_addr = bytes.bigEndian
    return connect(address)
  }

  private func connectIPv6(_ peer: NetworkAddress) -> Int32 {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = peer.port.bigEndian
    // Safe because both have sixteen bytes.
    unsafe withUnsafeMutableBytes(of: &address.sin6_addr) {
      for index in 0..<16 { unsafe $0[index] = peer.bytes[index] }
    }
    return connect(address)
  }

  private func connect<Address>(_ address: Address) -> Int32 {
    // Safe because a socket address is lent for the length of the call, with its true size.
    unsafe withUnsafeBytes(of: address) {
      unsafe Glibc.connect(
        number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
  }
}

/// Sends echoes for this many milliseconds, without reading the answers.
public func flood(_ client: Client, for milliseconds: UInt64) {
  let echoes = (1...100).flatMap { Wire.echoRequest($0) }
  let stopwatch = Stopwatch()
  var sent = 0
  while stopwatch.passed < milliseconds {
    let size = client.sendSome(echoes[sent...])
    sent = (sent + size) % echoes.count
    if size == 0 { pause(milliseconds: 1) }
  }
}
