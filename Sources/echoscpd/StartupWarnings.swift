import Linux
import Log
import Settings
import TLS

/// Warnings about a valid configuration, logged at startup and at each reload.
enum StartupWarnings {
  /// The warnings about `configuration` for a service with the TLS context `context` that listens on `listeners`.
  static func about(
    _ configuration: Configuration, _ context: Context?, _ listeners: [Listener]
  ) -> [Record] {
    let settings = configuration.settings
    var warnings: [Record] = []
    func warn(_ key: StaticString) { warnings.append(Record(.timeoutDisabled(key), about: nil)) }
    if Process.isRoot, settings.user == nil { warnings.append(Record(.runsAsRoot, about: nil)) }
    if settings.acseTimeout == 0 { warn("acse-timeout") }
    if settings.dimseTimeout == 0 { warn("dimse-timeout") }
    if settings.networkTimeout == 0 { warn("network-timeout") }
    let (wanted, passed) = (places(settings), places(listeners))
    if listeners.contains(where: \.isPassed), isPlaceSet(configuration), wanted != passed {
      let details = [wanted, passed].map { $0.joined(separator: ", ") }
      warnings.append(
        Record(.socketsOverride, about: nil, attachment: .text(AttachedText(details))))
    }
    if settings.proxyTrusted.isEmpty, listeners.contains(where: \.kind.isRelayed) {
      warnings.append(Record(.noProxyTrusted, about: nil))
    }
    return warnings + SecureContext.warnings(context)
  }

  /// Whether a file or the command line sets a port or an address to listen on.
  private static func isPlaceSet(_ configuration: Configuration) -> Bool {
    Setting.all.contains { $0.effect == .binding && configuration.origin(of: $0.key) != .builtIn }
  }

  /// The addresses and ports in `settings`.
  private static func places(_ settings: Settings) -> [String] {
    let addresses = settings.bindAddress.isEmpty ? ["::"] : settings.bindAddress
    return inOneForm(
      Listener.Kind.allCases.flatMap(settings.ports).flatMap { port in
        addresses.map { Listener.place($0, port: port)?.text ?? "\($0) port \(port)" }
      })
  }

  /// The addresses and ports of `listeners`.
  private static func places(_ listeners: [Listener]) -> [String] {
    inOneForm(listeners.map(\.address.text))
  }

  /// `places` without duplicates, sorted. Leaves out a port on every IPv4 address if the same port on every
  /// address is there, which includes it.
  private static func inOneForm(_ places: [String]) -> [String] {
    let all = Set(places)
    return all.filter { place in
      let port = place.dropFirst("0.0.0.0".utf8.count)
      return !place.hasPrefix("0.0.0.0:") || !all.contains("[::]\(port)")
    }.sorted()
  }
}
