import Linux
import Log
import ProxyProtocol

/// What comes before the first PDU of a connection at a port for proxies: its PROXY header, up to the moment when it
/// is complete, and what it said from then on.
final class Preamble {
  /// The address of the proxy.
  let proxy: NetworkAddress
  /// The bytes of the incomplete header.
  private var bytes: [UInt8] = []
  /// What the header says, once it is complete.
  private(set) var relay: Relay?

  /// The preamble of a connection from `proxy`.
  init(from proxy: NetworkAddress) { self.proxy = proxy }

  /// The number of bytes of the incomplete header.
  var count: Int { bytes.count }

  /// Copies the bytes of the incomplete header to the beginning of `span`.
  func copy(to span: inout MutableSpan<UInt8>) {
    for index in bytes.indices { span[index] = bytes[index] }
  }

  /// Keeps `more` bytes of the incomplete header.
  func append(_ more: Span<UInt8>) {
    for index in more.indices { bytes.append(more[index]) }
  }

  /// Notes the complete header.
  func complete(_ header: ProxyHeader) -> Relay {
    let relay = Relay(header, from: proxy)
    self.relay = relay
    bytes = []
    return relay
  }
}
