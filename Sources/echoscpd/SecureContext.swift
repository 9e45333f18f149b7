import Linux
import Log
import Server
import Settings
import TLS

/// The TLS context that a configuration asks for.
enum SecureContext {
  /// The context made of the files that `configuration` names; `nil` if it names no certificate.
  ///
  /// Throws the problems with these files, each at the setting that names the file.
  static func make(_ configuration: Configuration) throws(Refusal) -> Context? {
    guard configuration.settings.tlsCertificate != nil else { return nil }
    do throws(Context.Failure) {
      return try Context.server(ContextFiles(configuration.settings))
    } catch {
      throw Refusal(
        diagnostics: error.problems.map {
          Diagnostic(
            origin: configuration.origin(of: $0.setting), key: $0.setting, problem: $0.text)
        })
    }
  }

  /// Why there is no context.
  struct Refusal: Error {
    let diagnostics: [Diagnostic]
  }

  /// What to log about the certificate of `context` at start and after a reload.
  static func warnings(_ context: Context?) -> [Record] {
    guard let context, let own = context.chain.first else { return [] }
    return context.remarks(at: WallTime.now.seconds).map {
      Record(
        .certificateRemark($0), about: nil, attachment: .text(AttachedText([own.subject])))
    }
  }

  /// The record of a start without TLS, because of `diagnostics`, or `nil` if no listener is for TLS.
  static func unavailable(_ diagnostics: [Diagnostic], _ listeners: [Listener]) -> Record? {
    guard listeners.contains(where: \.kind.isSecure) else { return nil }
    let lines =
      diagnostics.isEmpty
      ? ["tls-certificate: none is set; set it and tls-private-key, or disable echoscpd-tls.socket"]
      : diagnostics.map(\.text)
    return Record(.tlsUnavailable, about: nil, attachment: .text(AttachedText(lines)))
  }
}

extension ContextFiles {
  /// The files that `settings` name, and the rules for clients.
  init(_ settings: Settings) {
    self.init()
    certificate = settings.tlsCertificate
    privateKey = settings.tlsPrivateKey
    caCertificates = settings.tlsCaCertificates
    deviceCertificates = settings.tlsDeviceCertificates
    crl = settings.tlsCrl
    clientCertificate =
      switch settings.tlsClientCertificate {
      case .require: .require
      case .request: .request
      case .no: .no
      }
    requiresTLS13 = settings.tlsMinVersion == .v13
  }
}
