import Linux
import Log
import Settings

/// Which addresses may connect.
struct AddressRules: Sendable {
  private let allowed: [AddressRange]
  private let denied: [AddressRange]
  /// Whether everybody may.
  private let isEmpty: Bool

  /// The rules of `settings`.
  init(_ settings: Settings) {
    allowed = settings.allowAddresses
    denied = settings.denyAddresses
    isEmpty = allowed.isEmpty && denied.isEmpty
  }

  /// What is to be told when `peer` may not connect; nothing when it may.
  @inline(__always)
  func refusal(of peer: NetworkAddress) -> Event? { isEmpty ? nil : look(at: peer) }

  private func look(at peer: NetworkAddress) -> Event? {
    if denied.contains(where: { $0.contains(peer.bytes) }) {
      return .addressDenied(isAmongDenied: true)
    }
    let isAllowed = allowed.isEmpty || allowed.contains { $0.contains(peer.bytes) }
    return isAllowed ? nil : .addressDenied(isAmongDenied: false)
  }
}
