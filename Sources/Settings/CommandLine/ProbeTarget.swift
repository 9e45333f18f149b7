import CLinux

/// Whom `--probe` asks: the service of this host, or an SCP by its name or address.
public enum ProbeTarget: Equatable, Sendable {
  /// The service of this host, at this port or the one that it is configured for.
  case local(port: UInt16?)
  /// An SCP at a host and, if it is said, at this port.
  case host(String, port: UInt16?)

  /// The longest name of a host (RFC 1035 §2.3.4).
  private static let longestName = 253

  /// What `text` stands for: HOST or HOST:PORT, an IPv6 address with a port in brackets, or a port
  /// alone, which is the service of this host.
  static func read(_ text: String) -> Value<ProbeTarget> {
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return port(text) { .local(port: $0) }
    }
    if text.hasPrefix("[") { return bracketed(text) }
    // An IPv6 address without brackets has no port.
    if isIPv6(text) { return .right(.host(text, port: nil)) }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let host = String(parts[0])
    guard isName(host) else { return wrong(text) }
    guard parts.count == 2 else { return .right(.host(host, port: nil)) }
    if parts[1].contains(":") { return wrong(text) }
    return port(String(parts[1])) { .host(host, port: $0) }
  }

  /// `[2001:db8::1]` or `[2001:db8::1]:104`.
  private static func bracketed(_ text: String) -> Value<ProbeTarget> {
    let parts = text.dropFirst().split(
      separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
    let host = String(parts[0])
    guard parts.count == 2, isIPv6(host) else { return wrong(text) }
    if parts[1].isEmpty { return .right(.host(host, port: nil)) }
    guard parts[1].hasPrefix(":") else { return wrong(text) }
    return port(String(parts[1].dropFirst())) { .host(host, port: $0) }
  }

  private static func port(
    _ text: String, _ target: (UInt16) -> ProbeTarget
  ) -> Value<ProbeTarget> {
    switch Value.port(text) {
    case .right(let port): .right(target(port))
    case .wrong(let problem): .wrong(Endpoint.problem(port: text) ?? problem)
    }
  }

  private static func isIPv6(_ text: String) -> Bool {
    text.contains(":") && cl_is_address(text.utf8.span) != 0
  }

  /// Whether a host may be called so, or has this IPv4 address: the name server has the last word.
  private static func isName(_ text: String) -> Bool {
    let isInRepertoire = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."), 0x80...0xFF:
        true
      default: false
      }
    }
    return isInRepertoire && !text.unicodeScalars.contains(where: Quotation.isControl)
      && (1...longestName).contains(text.utf8.count) && !text.hasPrefix("-")
      && !text.hasPrefix(".")
  }

  private static func wrong(_ text: String) -> Value<ProbeTarget> {
    .wrong(
      "\(Quotation.of(text)) is no host; a name, an IPv4 or an IPv6 address, with a port as in "
        + "pacs:104, 192.0.2.1:104 or [2001:db8::1]:104")
  }
}
