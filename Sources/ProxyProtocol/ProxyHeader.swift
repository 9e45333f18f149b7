import ByteCoding

/// The header with which a proxy opens a connection, to say whose connection it relays ("The PROXY protocol", HAProxy
/// Technologies, versions 1 and 2).
///
/// A receiver reads a header only where it is told to expect one, and only from proxies that it trusts (section 5):
/// whoever may send a header chooses the address under which the connection is known.
public struct ProxyHeader: Equatable, Sendable {
  /// The longest header that is read, in bytes. A header is meant to fit into the smallest segment, 536 bytes
  /// (section 2); names in its extensions may need more.
  public static let mostBytes = 1024
  /// The longest unique ID, in bytes (section 2.2.5).
  public static let longestUniqueID = 128

  /// The version of the protocol: 1, a line of text, or 2, the binary format.
  public let version: UInt8
  /// The size of the header in bytes. The bytes behind it belong to the connection that is relayed.
  public let size: Int
  /// The address and port of the client, or `nil` if the connection is the proxy's own, such as a health check (LOCAL),
  /// or if the proxy does not tell them (UNKNOWN, UNSPEC, a Unix socket, a datagram).
  public let source: ProxyEndpoint?
  /// The address and port to which the client connected, or `nil` if `source` is.
  public let destination: ProxyEndpoint?
  /// The TLS connection that ends at the proxy (section 2.2.6), or `nil` if there is none or the proxy does not tell.
  public let tls: ProxiedTLS?
  /// The host name that the client asked for (PP2_TYPE_AUTHORITY, section 2.2.2): as the client sent it, with any
  /// bytes. Empty if the proxy does not tell.
  public let authority: [UInt8]
  /// The proxy's identification of the connection (PP2_TYPE_UNIQUE_ID, section 2.2.5), of any bytes. Empty if the proxy
  /// sends none, or one that is longer than ``ProxyHeader/longestUniqueID``.
  public let uniqueID: [UInt8]

  /// A header without addresses, or with both and what the extensions say.
  init(
    version: UInt8, size: Int,
    endpoints: (source: ProxyEndpoint, destination: ProxyEndpoint)? = nil,
    extensions: Extensions = Extensions()
  ) {
    self.version = version
    self.size = size
    source = endpoints?.source
    destination = endpoints?.destination
    tls = extensions.tls
    authority = extensions.authority ?? []
    uniqueID = extensions.uniqueID ?? []
  }
}

extension ProxyHeader {
  /// What the first bytes of a connection are.
  public enum Reading: Equatable, Sendable {
    /// The bytes may become a header, but more of them are needed to tell.
    case incomplete
    /// The bytes begin with this header.
    case header(ProxyHeader)
    /// No bytes behind these can make them a header that is accepted.
    case fault(ProxyFault)
  }

  /// The two formats, told apart by their signatures.
  private enum Format {
    case line
    case binary
  }

  /// Reads the header with which `bytes`, the first ones of a connection, begin.
  ///
  /// A header or a fault stays the same if more bytes follow. From ``ProxyHeader/mostBytes`` bytes on, the reading is
  /// never `incomplete`.
  public static func read(_ bytes: Span<UInt8>) -> Reading {
    do throws(ProxyFault) {
      let header: ProxyHeader?
      switch try format(of: bytes) {
      case .line: header = try LineHeader.read(bytes)
      case .binary: header = try BinaryHeader.read(bytes)
      case nil: header = nil
      }
      return header.map { .header($0) } ?? .incomplete
    } catch {
      return .fault(error)
    }
  }

  /// Whether `bytes` begin with the complete signature of a header. Behind a header, they show a second one: that of a
  /// proxy in front of a proxy that relays it unread.
  public static func begins(_ bytes: Span<UInt8>) -> Bool {
    (try? format(of: bytes)) != nil
  }

  /// The format whose signature `bytes` begin with, or `nil` while the signature is incomplete.
  private static func format(of bytes: Span<UInt8>) throws(ProxyFault) -> Format? {
    guard bytes.count > 0 else { return nil }
    // The signatures differ in their first byte.
    if bytes[0] == LineHeader.signature[0] {
      return try matches(bytes, LineHeader.signature.span) ? .line : nil
    }
    return try matches(bytes, BinaryHeader.signature.span) ? .binary : nil
  }

  /// Whether `bytes` contain all of `signature`; throws if they begin differently.
  private static func matches(
    _ bytes: Span<UInt8>, _ signature: Span<UInt8>
  ) throws(ProxyFault) -> Bool {
    for index in 0..<min(bytes.count, signature.count) where bytes[index] != signature[index] {
      throw .notAHeader
    }
    return bytes.count >= signature.count
  }
}
