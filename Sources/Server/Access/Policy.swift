import Linux
public import Settings
public import TLS
import Verification

/// The rules for accepting and serving peers, from settings that a reload can change. A connection keeps the
/// timers that it was accepted with.
public struct Policy: Sendable {
  /// The timers of a connection.
  let timeouts: Timeouts
  /// How long a stop waits for associations to end, in milliseconds.
  let drainTimeout: UInt32
  /// The rules on which addresses may connect.
  let addressRules: AddressRules
  /// The addresses of the proxies whose PROXY headers are trusted.
  let trustedProxies: [AddressRange]
  /// The rules that bind AE titles to addresses.
  let deviceRules: DeviceRules
  /// The TLS context for new connections; `nil` if there is none, so that ports for TLS are not served.
  public let tls: Context?
  /// The verification SCP, with its AE titles and negotiation settings.
  let scp: EchoSCP<WorkerHost>

  /// The policy in `settings`, with the TLS context made of its files.
  public init(_ settings: Settings, tls: Context? = nil) {
    self.tls = tls
    timeouts = Timeouts(
      acse: settings.acseTimeout, dimse: settings.dimseTimeout, network: settings.networkTimeout)
    drainTimeout = settings.drainTimeout
    addressRules = AddressRules(settings)
    trustedProxies = settings.proxyTrusted
    deviceRules = DeviceRules(settings)
    scp = EchoSCP(
      aeTitle: settings.aeTitle, requiresCalledAETitle: settings.requireCalledAeTitle,
      callingAETitles: settings.allowCallingAeTitles, preference: settings.prefer,
      maximumLength: settings.maxPdu)
  }

  /// Whether the PROXY headers of `proxy` are trusted.
  func trusts(_ proxy: NetworkAddress) -> Bool {
    trustedProxies.contains { $0.contains(proxy.bytes) }
  }
}
