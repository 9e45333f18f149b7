import ByteCoding

/// The TLS connection between the client and the proxy, as the proxy describes it (PP2_TYPE_SSL, section 2.2.6). The
/// connection behind the proxy may have none.
public struct ProxiedTLS: Equatable, Sendable {
  /// The longest text that is read, in bytes. The names of cipher suites have at most 45.
  static let longestText = 64

  /// The protocol version in the proxy's words, such as "TLSv1.3". `nil` if it is not sent, empty, longer than 64
  /// bytes, or not printable ASCII.
  public let version: String?
  /// The cipher suite in the proxy's words, such as "ECDHE-RSA-AES128-GCM-SHA256"; `nil` as for `version`.
  public let cipherSuite: String?
  /// The common name of the client's certificate, in UTF-8 if the proxy keeps to the protocol. `nil` if it is not sent,
  /// or the certificate is not verified, so that nobody takes it for the client's name.
  public let commonName: [UInt8]?
  /// Whether the client presented a certificate, on this connection or an earlier one of its TLS session.
  public let hasCertificate: Bool
  /// Whether the client presented a certificate and the proxy verified it.
  public let isVerified: Bool
}

extension ProxiedTLS {
  /// The fields of PP2_TYPE_SSL.
  struct Contents {
    private(set) var flags: Flags
    private(set) var verify: UInt32
    private(set) var version: String?
    private(set) var cipherSuite: String?
    private(set) var commonName: [UInt8]?

    /// The field `client`.
    struct Flags: OptionSet {
      let rawValue: UInt8
      /// PP2_CLIENT_SSL: the client used TLS.
      static let tls = Flags(rawValue: 0x01)
      /// PP2_CLIENT_CERT_CONN and PP2_CLIENT_CERT_SESS: the client presented a certificate on this connection, or
      /// earlier in its TLS session.
      static let certificate = Flags(rawValue: 0x02 | 0x04)
    }

    /// The parts that are read. Of several ones of the same type, the first counts.
    private enum Part: UInt8 {
      case version = 0x21
      case commonName = 0x22
      case cipherSuite = 0x23
    }

    /// Reads the `value` of the extension of this `type`.
    init(of value: Span<UInt8>, type: UInt8) throws(ProxyFault) {
      // The fields `client` and `verify`.
      let fixedSize = 1 + MemoryLayout<UInt32>.size
      guard value.count >= fixedSize else { throw .extensionTooLong(type: type) }
      flags = Flags(rawValue: value[0])
      verify = value.bigEndian(UInt32.self, at: 1)
      try Extensions.read(value, from: fixedSize) { type, range in
        let bytes = value.extracting(range)
        switch Part(rawValue: type) {
        case .version: version = version ?? Self.text(bytes)
        case .commonName: commonName = commonName ?? Extensions.bytes(bytes)
        case .cipherSuite: cipherSuite = cipherSuite ?? Self.text(bytes)
        case nil: break
        }
      }
    }

    /// The text in `bytes`, or `nil` if it is empty, too long, or not printable ASCII.
    private static func text(_ bytes: Span<UInt8>) -> String? {
      guard 1...longestText ~= bytes.count else { return nil }
      for index in bytes.indices where !(0x20...0x7E).contains(bytes[index]) { return nil }
      guard let ascii = try? UTF8Span(validating: bytes) else { return nil }
      return String(copying: ascii)
    }

    /// The TLS connection, or `nil` if the client did not use TLS.
    var tls: ProxiedTLS? {
      guard flags.contains(.tls) else { return nil }
      let hasCertificate = !flags.isDisjoint(with: .certificate)
      // Without a certificate, some proxies send the 0 that means a verified one.
      let isVerified = hasCertificate && verify == 0
      return ProxiedTLS(
        version: version, cipherSuite: cipherSuite, commonName: isVerified ? commonName : nil,
        hasCertificate: hasCertificate, isVerified: isVerified)
    }
  }
}
