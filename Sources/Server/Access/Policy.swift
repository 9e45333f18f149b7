public import Settings
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
  /// The rules that bind AE titles to addresses.
  let deviceRules: DeviceRules
  /// The verification SCP, with its AE titles and negotiation settings.
  let scp: EchoSCP<WorkerHost>

  /// The policy in `settings`.
  public init(_ settings: Settings) {
    timeouts = Timeouts(
      acse: settings.acseTimeout, dimse: settings.dimseTimeout, network: settings.networkTimeout)
    drainTimeout = settings.drainTimeout
    addressRules = AddressRules(settings)
    deviceRules = DeviceRules(settings)
    scp = EchoSCP(
      aeTitle: settings.aeTitle, requiresCalledAETitle: settings.requireCalledAeTitle,
      callingAETitles: settings.allowCallingAeTitles, preference: settings.prefer,
      maximumLength: settings.maxPdu)
  }
}
