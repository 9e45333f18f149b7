import CLinux

/// A listening socket, shared by the workers.
public final class Listener: Sendable {
  /// How many connections may wait to be accepted; the kernel lowers it to its own limit.
  private static let backlog: Int32 = 4096

  private let descriptor: Descriptor
  /// The address and port it is bound to.
  public let address: NetworkAddress
  /// Whether another process has opened it and keeps it, for this one and its successor.
  public let isPassed: Bool

  private init(owning number: Int32, isPassed: Bool = false) throws(SystemError) {
    descriptor = Descriptor(owning: number)
    self.isPassed = isPassed
    var local = cl_address()
    // Safe because the call fills in the structure that it is lent and keeps no pointer to it.
    _ = unsafe try check("getsockname", cl_local_address(number, &local))
    address = NetworkAddress(local)
  }

  /// Listens on every address of this machine: IPv6 and IPv4 by one socket, or IPv4 alone where
  /// there is no IPv6.
  ///
  /// - Parameter unread: What the system may keep of the answers that a peer leaves unread, in bytes.
  public convenience init(everyAddressAt port: UInt16, unread: Int) throws(SystemError) {
    var any = cl_address()
    any.port = port
    // Safe because the call only reads the structure that it is lent.
    var number = unsafe cl_listen(&any, 1, Self.backlog, Int32(clamping: unread))
    let known = SystemError.Known(rawValue: -number)
    if known == .familyNotSupported || known == .addressNotAvailable {
      any.bytes.10 = 0xFF
      any.bytes.11 = 0xFF
      // Safe for the same reason.
      number = unsafe cl_listen(&any, 0, Self.backlog, Int32(clamping: unread))
    }
    try self.init(owning: try check("listen", number))
  }

  /// The address in `text` with `port`; `nil` when it is no address.
  public static func place(_ text: String, port: UInt16) -> NetworkAddress? {
    (try? parse(text, port: port)).map { NetworkAddress($0) }
  }

  private static func parse(_ text: String, port: UInt16) throws(SystemError) -> cl_address {
    var parsed = cl_address()
    // Safe because the call fills in the structure that it is lent and keeps no pointer to it.
    _ = unsafe try check("address", cl_parse_address(text.utf8.span, &parsed))
    parsed.port = port
    return parsed
  }

  /// Listens on one address; an IPv6 one takes no IPv4 peers.
  ///
  /// - Parameter unread: What the system may keep of the answers that a peer leaves unread, in bytes.
  public convenience init(address: String, port: UInt16, unread: Int) throws(SystemError) {
    var parsed = try Self.parse(address, port: port)
    // Safe because the call only reads the structure that it is lent.
    let number = unsafe cl_listen(&parsed, 0, Self.backlog, Int32(clamping: unread))
    try self.init(owning: try check("listen", number))
  }

  /// Takes over a listening TCP socket that another process has opened, and passed to this one.
  public convenience init(passed number: Int32) throws(SystemError) {
    try self.init(owning: number, isPassed: true)
    _ = try check("setsockopt", cl_adopt_listener(number))
  }

  /// What the workers' pollers watch.
  public var number: Int32 { descriptor.number }

  /// Has interfaces named as they are called where the first of `listeners` is: a passed socket is in
  /// the network of who has opened it, which may be another one than that of this process.
  ///
  /// - Parameter listeners: They have to stay open for as long as addresses are written.
  public static func nameInterfaces(through listeners: [Listener]) {
    cl_name_interfaces_by(listeners.first?.number ?? -1)
  }

  /// Listens no more; connections that were not accepted are refused.
  ///
  /// - Precondition: It was not passed: this would end it for every process that has it.
  public func stop() {
    precondition(!isPassed, "a passed socket is its owner's")
    _ = cl_stop_listening(descriptor.number)
  }

  /// Bounds what the system keeps of the answers that a peer leaves unread, in bytes, for connections
  /// made from now on.
  public func limitUnread(_ bytes: Int) {
    _ = cl_limit_unsent(descriptor.number, Int32(clamping: bytes))
  }

  /// Whether a connection waits to be accepted from the listener that has this number.
  public static func hasWaiting(at listener: Int32) -> Bool { cl_has_input(listener) == 1 }

  /// Accepts one connection from the listener that has this number.
  public static func accept(at listener: Int32) throws(SystemError) -> (
    number: Int32, peer: NetworkAddress
  ) {
    var peer = cl_address()
    // Safe because the call fills in the structure that it is lent and keeps no pointer to it.
    let number = unsafe try check("accept4", cl_accept(listener, &peer))
    return (number, NetworkAddress(peer))
  }
}
