public import Settings
public import UpperLayer
import Verification

/// The terms under which connections are accepted: all of the settings that a reload can change. An
/// association goes on under those it was accepted with.
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

  /// The terms in `settings`; nothing when they hold an AE title that is none, which was not checked.
  public init?(_ settings: Settings) {
    guard let aeTitle = AETitle(settings.aeTitle) else { return nil }
    let callingAETitles = settings.allowCallingAeTitles.compactMap { AETitlePattern($0) }
    guard callingAETitles.count == settings.allowCallingAeTitles.count else { return nil }
    guard let deviceRules = DeviceRules(settings) else { return nil }
    self.deviceRules = deviceRules
    timeouts = Timeouts(
      acse: settings.acseTimeout, dimse: settings.dimseTimeout, network: settings.networkTimeout)
    drainTimeout = settings.drainTimeout
    addressRules = AddressRules(settings)
    scp = EchoSCP(
      aeTitle: aeTitle, requiresCalledAETitle: settings.requireCalledAeTitle,
      callingAETitles: callingAETitles, preference: TransferSyntaxPreference(settings.prefer),
      maximumLength: settings.maxPdu)
  }
}

extension TransferSyntaxPreference {
  /// The preference that a setting names.
  public init(_ prefer: Preference) {
    self =
      switch prefer {
      case .none: .none
      case .uncompressed: .uncompressed
      case .little: .little
      case .big: .big
      case .implicit: .implicit
      }
  }
}
