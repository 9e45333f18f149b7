import Linux
import Probe
import Settings
import TLS

/// How a probe asks over TLS, as its command line says. The files of a service are not for its probe, except for
/// its certificate. Ends the program if a file cannot be used.
enum TargetSecurity {
  /// The way to ask SCPs on other hosts, whatever their names; `nil` without `--tls`.
  static func elsewhere(_ line: CommandLineSettings) -> ProbeTLS? {
    line.probe.hasHosts ? of(line, serverName: nil, expected: nil) : nil
  }

  /// The way to ask the SCP on `host` like others.
  static func `for`(_ host: String, _ tls: ProbeTLS, _ line: CommandLineSettings) -> ProbeTLS {
    ProbeTLS(
      context: tls.context, serverName: line.probe.serverName ?? name(of: host), trust: tls.trust)
  }

  /// The way to ask the service on this machine, whose settings are `service` and whose working directory is
  /// `folder`; `nil` without `--tls`.
  ///
  /// The host of such a probe is a loopback address, which certificates rarely have. So unless CAs are named, the
  /// service must present exactly the certificate in its settings.
  static func of(
    _ line: CommandLineSettings, service: Settings, in folder: String?
  ) -> ProbeTLS? {
    let path = service.tlsCertificate.map { path in
      folder.map { path.hasPrefix("/") ? path : "\($0)/\(path)" } ?? path
    }
    return of(line, serverName: line.probe.serverName, expected: path)
  }

  /// The ports on which a service with these settings answers. For TLS, the service manager usually passes the
  /// socket for the registered port, which is then not in the settings.
  static func ports(of service: Settings, isTLS: Bool) -> [UInt16] {
    guard isTLS else { return service.port }
    return service.tlsPort.isEmpty ? [ProbePlace.tlsPort] : service.tlsPort
  }

  /// The way to ask a server that has the name `serverName`, and the certificate in the file `expected` unless the
  /// command line names CAs.
  private static func of(
    _ line: CommandLineSettings, serverName: String?, expected: String?
  ) -> ProbeTLS? {
    guard line.probe.isTLS else { return nil }
    var files = ContextFiles(Configuration().applying(line).settings)
    var trust = ProbeTLS.Trust.system
    if let path = files.caCertificates {
      trust = .authorities(path)
    } else if let expected {
      files.expectedCertificate = expected
      trust = .service(expected)
    }
    do throws(Context.Failure) {
      return ProbeTLS(context: try Context.client(files), serverName: serverName, trust: trust)
    } catch {
      ProbeCommand.endUnknown(
        error.problems.map { problem in
          let isService = files.certificate == nil && problem.setting == "tls-certificate"
          let setting =
            problem.setting.isEmpty ? "" : "\(isService ? "" : "--")\(problem.setting): "
          return setting + problem.text
            + (isService ? ", or use --tls-ca-certificates to trust its CA instead" : "")
        })
    }
  }

  /// The host as a certificate has it: without the interface of a link-local address, and without the dot that ends
  /// an absolute name.
  private static func name(of host: String) -> String {
    let isAddress = NetworkAddress.isAddress(host)
    if isAddress { return String(host.prefix { $0 != "%" }) }
    return host.hasSuffix(".") ? String(host.dropLast()) : host
  }
}
