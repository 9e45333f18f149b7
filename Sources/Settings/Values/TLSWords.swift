/// Whether the clients of the TLS ports need a certificate.
public enum ClientCertificateMode: Sendable, CaseIterable {
  /// A client without a valid certificate is refused.
  case require
  /// A certificate is asked for and verified, but no client is refused because of it.
  case request
  /// No certificate is asked for.
  case no
}

/// The versions of TLS of which one is the lowest to accept, the oldest first.
public enum TLSVersion: Sendable, CaseIterable {
  /// TLS 1.2 (RFC 5246).
  case v12
  /// TLS 1.3 (RFC 8446).
  case v13

  /// The number, as written in a file.
  public var text: String {
    switch self {
    case .v12: "1.2"
    case .v13: "1.3"
    }
  }
}

extension Format<ClientCertificateMode> {
  /// A mode.
  static let clientCertificate = word("is not one of the modes").with(\.placeholder, "[m]ode")
}

extension Format<TLSVersion> {
  /// The numbers of all versions.
  private static let numbers = TLSVersion.allCases.map(\.text)
  /// The numbers of the versions that RFC 8996 prohibits.
  private static let prohibited = ["1", "1.0", "1.1"]

  /// A version of TLS, with or without the name of the protocol: `1.2`, `tls1.2`, `TLSv1.2`.
  static let tlsVersion = Format(
    read: { text throws(Mistake) in
      let number = number(in: text)
      if let version = TLSVersion.allCases.first(where: { $0.text == number }) { return version }
      throw Mistake(
        of: text,
        prohibited.contains(number) ? "is prohibited by RFC 8996" : "is not a version of TLS",
        expected: numbers.joined(separator: " or "))
    }, write: \.text, traits: Traits(placeholder: "[v]ersion", choices: numbers))

  /// The part of `text` after the name of the protocol, if it begins with that.
  private static func number(in text: String) -> String {
    let text = text.lowercased()
    let name = ["tlsv", "tls"].first(where: text.hasPrefix)
    return String(text.dropFirst(name?.count ?? 0))
  }
}
