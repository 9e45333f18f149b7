/// Contradictions between settings, each of which may be right by itself. They are found once all sources have
/// been read, because a later source may complete an earlier one.
extension Configuration {
  /// The pairs of settings of which neither works without the other.
  static let pairs = [
    (key: "tls-certificate", other: "tls-private-key"),
    (key: "tls-private-key", other: "tls-certificate"),
  ]

  /// The contradictions in the settings, each at the origin of a setting in it. Leaves out those of a setting
  /// with an error of its own.
  func contradictions() -> [Diagnostic] {
    var found: [Diagnostic] = []
    func report(_ key: String, against others: [String], _ problem: String) {
      guard ([key] + others).allSatisfy({ !hasError($0) }) else { return }
      found.append(Diagnostic(origin: origin(of: key), key: key, problem: problem))
    }
    for (key, other) in Self.pairs where isSet(key) && !isSet(other) {
      report(
        key, against: [other],
        "is set without \(other); set both, to the same file if it contains both")
    }
    for key in ["tls-port", "tls-proxy-port"] where isSet(key) && !isSet("tls-certificate") {
      report(
        key, against: ["tls-certificate"],
        "needs a certificate; set tls-certificate and tls-private-key")
    }
    for key in ["proxy-port", "tls-proxy-port"] where isSet(key) && !isSet("proxy-trusted") {
      report(
        key, against: ["proxy-trusted"],
        "accepts nobody; set proxy-trusted to the addresses of the load balancers")
    }
    let places: [(key: String, ports: [UInt16])] = [
      ("port", settings.port), ("tls-port", settings.tlsPort),
      ("proxy-port", settings.proxyPort), ("tls-proxy-port", settings.tlsProxyPort),
    ]
    for (index, later) in places.enumerated() {
      for earlier in places[..<index] {
        guard let port = later.ports.first(where: Set(earlier.ports).contains) else { continue }
        report(
          later.key, against: [earlier.key],
          "\(port) is also in \(earlier.key) (\(origin(of: earlier.key).text)); remove it from one of "
            + "them")
      }
    }
    if settings.tlsClientCertificate == .require,
      !isSet("tls-ca-certificates"), !isSet("tls-device-certificates")
    {
      report(
        "tls-client-certificate", against: ["tls-ca-certificates", "tls-device-certificates"],
        "require trusts no certificate; set tls-ca-certificates or tls-device-certificates, or use "
          + "request")
    }
    return found
  }

  /// Whether the setting `key`, whose default is none, has a value.
  private func isSet(_ key: String) -> Bool {
    Setting.named(key).map { $0.text(settings) != $0.defaultText } ?? false
  }
}
