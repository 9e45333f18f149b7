import Linux
import Log
import Server
import Settings

/// What is to be said of a configuration that is right, at the start and at each reload.
enum Remarks {
  /// Those on `configuration`, for a service that serves on `listeners`.
  static func on(_ configuration: Configuration, _ listeners: [Listener]) -> [Record] {
    let settings = configuration.settings
    var remarks: [Record] = []
    func warn(_ key: StaticString) { remarks.append(Record(.timeoutDisabled(key), about: nil)) }
    if Process.isRoot, settings.user == nil { remarks.append(Record(.runsAsRoot, about: nil)) }
    if settings.acseTimeout == 0 { warn("acse-timeout") }
    if settings.dimseTimeout == 0 { warn("dimse-timeout") }
    if settings.networkTimeout == 0 { warn("network-timeout") }
    let (wanted, passed) = (places(settings), places(listeners))
    if listeners.contains(where: \.isPassed), isPlaceSet(configuration), wanted != passed {
      let details = [wanted, passed].map { $0.joined(separator: ", ") }
      remarks.append(
        Record(.socketsOverride, about: nil, attachment: .text(AttachedText(details))))
    }
    return remarks
  }

  /// Whether anybody has said where to listen.
  private static func isPlaceSet(_ configuration: Configuration) -> Bool {
    Setting.all.contains { $0.effect == .binding && configuration.origin(of: $0.key) != .builtIn }
  }

  /// Where `settings` want to listen.
  private static func places(_ settings: Settings) -> [String] {
    let addresses = settings.bindAddress.isEmpty ? ["::"] : settings.bindAddress
    return inOneForm(
      settings.port.flatMap { port in
        addresses.map { Listener.place($0, port: port)?.text ?? "\($0) port \(port)" }
      })
  }

  /// Where `listeners` listen.
  private static func places(_ listeners: [Listener]) -> [String] {
    inOneForm(listeners.map(\.address.text))
  }

  /// Each place once, in order; every IPv4 address is among every address.
  private static func inOneForm(_ places: [String]) -> [String] {
    let all = Set(places)
    return all.filter { place in
      let port = place.dropFirst("0.0.0.0".utf8.count)
      return !place.hasPrefix("0.0.0.0:") || !all.contains("[::]\(port)")
    }.sorted()
  }
}
