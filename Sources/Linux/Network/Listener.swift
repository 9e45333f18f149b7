import CLinux

/// A listening socket, shared by the workers.
public final class Listener: Sendable {
  /// The number of connections that may wait to be accepted; the kernel caps it at its own limit.
  private static let backlog: Int32 = 4096

  private let descriptor: Descriptor
  /// The address and port that the socket is bound to.
  public let address: NetworkAddress
  /// Whether another process opened the socket and keeps it, for this process and its successor.
  public let isPassed: Bool
  /// What its peers speak.
  public let kind: Kind

  /// What the peers of a listening socket speak.
  public enum Kind: Sendable, CaseIterable {
    /// DICOM.
    case plain
    /// DICOM over TLS.
    case tls
    /// DICOM behind the PROXY header of a proxy.
    case proxy
    /// DICOM over TLS behind the PROXY header of a proxy.
    case tlsProxy

    /// Whether the peers speak TLS.
    public var isSecure: Bool { self == .tls || self == .tlsProxy }
    /// Whether a PROXY header comes first.
    public var isRelayed: Bool { self == .proxy || self == .tlsProxy }
  }

  private init(
    owning number: Int32, isPassed: Bool = false, _ kind: Kind
  ) throws(SystemError) {
    descriptor = Descriptor(owning: number)
    self.isPassed = isPassed
    self.kind = kind
    address = try NetworkAddress(localOf: number)
  }

  /// Listens on every address of this machine: on IPv6 and IPv4 with one socket, or on IPv4 alone if
  /// there is no IPv6.
  ///
  /// - Parameter unread: The most bytes of answers left unread by a peer that the system may buffer.
  public convenience init(
    everyAddressAt port: UInt16, unread: Int, _ kind: Kind = .plain
  ) throws(SystemError) {
    var any = cl_address()
    any.port = port
    // Safe because the call only reads the structure.
    var number = unsafe cl_listen(&any, 1, Self.backlog, Int32(clamping: unread))
    let known = SystemError.Known(rawValue: -number)
    if known == .familyNotSupported || known == .addressNotAvailable {
      any.bytes.10 = 0xFF
      any.bytes.11 = 0xFF
      // Safe for the same reason.
      number = unsafe cl_listen(&any, 0, Self.backlog, Int32(clamping: unread))
    }
    try self.init(owning: try check("listen", number), kind)
  }

  /// Returns the address in `text` with `port`, or `nil` if it is not an address.
  public static func place(_ text: String, port: UInt16) -> NetworkAddress? {
    (try? parse(text, port: port)).map { NetworkAddress($0) }
  }

  private static func parse(_ text: String, port: UInt16) throws(SystemError) -> cl_address {
    var parsed = cl_address()
    // Safe because the call fills in the structure and keeps no pointer to it.
    _ = unsafe try check("address", cl_parse_address(text.utf8.span, &parsed))
    parsed.port = port
    return parsed
  }

  /// Listens on one address; on an IPv6 address, IPv4 peers are not accepted.
  ///
  /// - Parameter unread: The most bytes of answers left unread by a peer that the system may buffer.
  public convenience init(
    address: String, port: UInt16, unread: Int, _ kind: Kind = .plain
  ) throws(SystemError) {
    var parsed = try Self.parse(address, port: port)
    // Safe because the call only reads the structure.
    let number = unsafe cl_listen(&parsed, 0, Self.backlog, Int32(clamping: unread))
    try self.init(owning: try check("listen", number), kind)
  }

  /// Takes over a listening TCP socket that another process opened and passed to this one.
  public convenience init(passed number: Int32, _ kind: Kind = .plain) throws(SystemError) {
    try self.init(owning: number, isPassed: true, kind)
    _ = try check("setsockopt", cl_adopt_listener(number))
  }

  /// The descriptor that the workers' pollers watch.
  public var number: Int32 { descriptor.number }

  /// Names interfaces as in the network namespace of the first of `listeners`: a passed socket is in the
  /// namespace of the process that opened it, which may differ from that of this process.
  ///
  /// - Parameter listeners: They must stay open while addresses are formatted.
  public static func nameInterfaces(through listeners: [Listener]) {
    cl_name_interfaces_by(listeners.first?.number ?? -1)
  }

  /// Stops listening; connections not yet accepted are refused.
  ///
  /// - Precondition: The socket was not passed: stopping it would affect every process that shares it.
  public func stop() {
    precondition(!isPassed, "a passed socket belongs to its owner")
    _ = cl_stop_listening(descriptor.number)
  }

  /// Limits the bytes of answers left unread by a peer that the system may buffer, for connections
  /// made from now on.
  public func limitUnread(_ bytes: Int) {
    _ = cl_limit_unsent(descriptor.number, Int32(clamping: bytes))
  }

  /// Whether a connection waits to be accepted from the listener with the descriptor `listener`.
  public static func hasWaiting(at listener: Int32) -> Bool { cl_has_input(listener) == 1 }

  /// Accepts one connection from the listener with the descriptor `listener`.
  public static func accept(at listener: Int32) throws(SystemError) -> (
    number: Int32, peer: NetworkAddress
  ) {
    var peer = cl_address()
    // Safe because the call fills in the structure and keeps no pointer to it.
    let number = unsafe try check("accept4", cl_accept(listener, &peer))
    return (number, NetworkAddress(peer))
  }
}
