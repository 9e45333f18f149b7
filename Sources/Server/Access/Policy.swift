public import Settings
import Verification

/// Who is accepted, as what, and for how long: all of the settings that a reload can change. An association
/// goes on under the policy that it was accepted with.
public struct Policy: Sendable {
  /// The timers of a connection.
  let timeouts: Timeouts
  /// How long a stop waits for associations, in milliseconds.
  let drainTimeout: UInt32
  /// Which addresses may connect.
  let addressRules: AddressRules
  /// Which AE titles are bound to addresses.
  let deviceRules: DeviceRules
  /// What is accepted, and as whom.
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
