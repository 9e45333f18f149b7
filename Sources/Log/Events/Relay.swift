public import Linux
public import ProxyProtocol
public import TLS

/// The proxy between a peer and this service, from the PROXY header of the connection.
public final class Relay: Sendable {
  /// The address of the proxy.
  public let proxy: NetworkAddress
  /// The address of the client; `nil` if the connection is the proxy's own, such as a health check.
  public let client: NetworkAddress?
  /// What the proxy tells of the TLS connection that it ended; `nil` if there was none.
  public let security: SessionFacts?
  /// The name of the server that the client asked for; empty if the proxy does not tell.
  public let serverName: [UInt8]
  /// The proxy's own name for the connection; empty if it sent none.
  public let uniqueID: [UInt8]

  /// The relay of a connection from `proxy` that began with `header`.
  public init(_ header: ProxyHeader, from proxy: NetworkAddress) {
    self.proxy = proxy
    let source = header.source.map { NetworkAddress(bytes: $0.address, port: $0.port) }
    // HAProxy's checks with version 1, which has no LOCAL, name the two ends of the connection itself.
    client = source == proxy ? nil : source
    security = header.tls.map(SessionFacts.init)
    serverName = header.authority
    uniqueID = header.uniqueID
  }

  /// The memory that the facts occupy besides those of the session, roughly, in bytes.
  var size: Int { serverName.count + uniqueID.count }
}

extension SessionFacts {
  /// What a proxy tells of a session that it ended. The common name is there only if the proxy has verified the
  /// certificate, so it counts as verified.
  fileprivate convenience init(_ tls: ProxiedTLS) {
    var chain: [CertificateFacts] = []
    if let name = tls.commonName {
      var certificate = CertificateFacts()
      certificate.subject = "CN=\(Escaping.utf8(name.span))"
      certificate.commonNames = [name]
      chain = [certificate]
    }
    self.init(version: tls.version ?? "TLS", cipherSuite: tls.cipherSuite, chain: chain)
  }
}
