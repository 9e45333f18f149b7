public import ProxyProtocol
import UpperLayer

/// Events about proxies and their headers, in words.
enum ProxyText {
  /// The words about the event of `record`, without its subject; empty if it is about something else.
  static func of(_ record: Record) -> String {
    switch record.event {
    case .proxyNotTrusted:
      "connection closed unread: a port for load balancers accepts only proxy-trusted; if this is a "
        + "balancer, add its address there; if it is a device, have it use another port"
    case .proxyHeaderMissing(let foreign):
      "connection closed: \(name(of: foreign)) without a PROXY header in front"
        + (record.refused?.opening.map { ": it begins with \($0)" } ?? "")
        + "; \(remedy), or use a port without it"
    case .proxyHeaderInvalid(let fault):
      "connection closed: its PROXY header is malformed: \(fault.text)"
    case .proxyHeaderIncomplete(let bytes, let end): incomplete(bytes, end)
    case .proxyHealthCheck: "a health check of the load balancer, with an echo: passed"
    case .addressShared(let titles):
      "\(titles) calling AE titles have come from this address: a NAT or a load balancer seems to be in "
        + "front, and hides the devices' addresses; see the guide \"Behind NAT or a load balancer\""
    default: ""
    }
  }

  private static let remedy = "enable it on the load balancer (HAProxy: send-proxy-v2)"

  private static func name(of foreign: ForeignProtocol) -> String {
    foreign == .dicom ? "DICOM" : foreign.name
  }

  private static func incomplete(_ bytes: Int, _ end: HeaderEnd) -> String {
    let had = "when only \(Counted.text(bytes, "byte")) of its PROXY header had arrived"
    return switch end {
    case .closed: "closed the connection \(had)"
    case .reset: "reset the connection \(had)"
    case .timedOut where bytes == 0: "acse-timeout: sent no PROXY header; \(remedy)"
    case .timedOut:
      "acse-timeout: only \(Counted.text(bytes, "byte")) of its PROXY header arrived; look at the "
        + "load balancer, and at the network between it and this host"
    }
  }
}

extension ProxyFault {
  /// The fault in words, and what would be right.
  public var text: String {
    switch self {
    case .notAHeader: "it does not begin like one"
    case .lineTooLong: "no end of line within 107 bytes (version 1)"
    case .line(let part): "\(part.text) (version 1)"
    case .version(let version): "its version is \(version); expected 1 or 2"
    case .command(let command): "its command is \(command); expected 0 (LOCAL) or 1 (PROXY)"
    case .family(let family):
      "its address family is \(family); expected 0 to 3 (unspecified, IPv4, IPv6, Unix)"
    case .transport(let transport):
      "its transport protocol is \(transport); expected 0 to 2 (unspecified, stream, datagram)"
    case .tooLong(let size):
      "it announces \(size) bytes; expected at most \(ProxyHeader.mostBytes): have the load balancer send "
        + "fewer extensions (proxy-v2-options)"
    case .addressesTooShort(let length):
      "it announces \(Counted.text(length, "byte")) of addresses, too few for their family"
    case .extensionTooLong(let type): "its extension of type \(type) ends behind the header"
    case .checksum: "its CRC32c is wrong; look for a fault on the way from the load balancer"
    }
  }
}

extension ProxyFault.LinePart {
  /// The fault of the part, in words.
  fileprivate var text: String {
    switch self {
    case .family: "its address family is unknown; expected TCP4, TCP6 or UNKNOWN"
    case .sourceAddress: "its source address is malformed"
    case .destinationAddress: "its destination address is malformed"
    case .sourcePort: "its source port is malformed"
    case .destinationPort: "its destination port is malformed"
    case .end: "the line does not end where it should"
    }
  }
}
