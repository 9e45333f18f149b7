import Journal
import Settings

/// Which addresses may connect.
struct AddressRules: Sendable {
  private let allowed: [AddressRange]
  private let denied: [AddressRange]

  /// The rules of `settings`.
  init(_ settings: Settings) {
    allowed = settings.allowAddresses
    denied = settings.denyAddresses
  }

  /// What is to be told when `peer` may not connect; nothing when it may.
  func refusal(of peer: PeerAddress) -> Event? {
    if denied.contains(where: { $0.contains(peer.bytes) }) {
      return .addressDenied(isAmongDenied: true)
    }
    let isAllowed = allowed.isEmpty || allowed.contains { $0.contains(peer.bytes) }
    return isAllowed ? nil : .addressDenied(isAmongDenied: false)
  }
}
