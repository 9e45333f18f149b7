/// What is wrong with the bytes that should be a header. Each case is the proxy's fault, or that of something that is
/// not a proxy; the connection cannot be used, since nobody knows whose it is (section 2: the receiver must not start
/// before it has a complete and valid header).
public enum ProxyFault: Error, Equatable, Sendable {
  /// The first bytes are not those of a header: a client connects directly, or the proxy sends no header. Found in the
  /// first byte that differs from both signatures.
  case notAHeader

  // MARK: version 1 (section 2.1)

  /// The first 107 bytes have no CR LF, and the parts that have ended are right.
  case lineTooLong
  /// This part of the line is missing or malformed.
  case line(LinePart)

  // MARK: version 2 (section 2.2)

  /// The version in the 13th byte is not 2.
  case version(UInt8)
  /// The command in the 13th byte is neither LOCAL nor PROXY.
  case command(UInt8)
  /// The address family in the 14th byte is not known.
  case family(UInt8)
  /// The transport protocol in the 14th byte is not known.
  case transport(UInt8)
  /// The header announces this size in bytes, more than ``ProxyHeader/mostBytes``.
  case tooLong(Int)
  /// The header has this many bytes for addresses and extensions, fewer than the addresses of its family take.
  case addressesTooShort(Int)
  /// The extension of this type, or the part of PP2_TYPE_SSL, is longer than what is left for it, or ends within its
  /// own fixed fields.
  case extensionTooLong(type: UInt8)
  /// The checksum (PP2_TYPE_CRC32C, section 2.2.3) is not that of the header, does not have four bytes, or occurs
  /// twice.
  case checksum

  /// A part of a line, in their order.
  public enum LinePart: Equatable, Sendable, CaseIterable {
    /// The protocol and family: TCP4, TCP6 or UNKNOWN.
    case family
    /// The address of the client.
    case sourceAddress
    /// The address to which the client connected.
    case destinationAddress
    /// The port of the client.
    case sourcePort
    /// The port to which the client connected.
    case destinationPort
    /// The end of the line: CR LF directly behind the last port, and neither CR nor LF alone anywhere.
    case end
  }
}
