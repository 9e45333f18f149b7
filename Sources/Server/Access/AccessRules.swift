import Linux
import Log
import Settings
import UpperLayer

/// The rules on which addresses may connect.
struct AddressRules: Sendable {
  private let allowed: [AddressRange]
  private let denied: [AddressRange]
  /// Whether every address may connect.
  private let isEmpty: Bool

  /// The rules of `settings`.
  init(_ settings: Settings) {
    allowed = settings.allowAddresses
    denied = settings.denyAddresses
    isEmpty = allowed.isEmpty && denied.isEmpty
  }

  /// The event to report if `peer` may not connect, or `nil` if it may.
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

/// The rules that bind AE titles to addresses, from the device sections of the configuration.
struct DeviceRules: Sendable {
  /// The maximum number of a device's addresses to list when a peer comes from another one.
  private static let mostNamed = 4

  private struct Binding: Sendable {
    let addresses: [AddressRange]
    /// The addresses as text for a record.
    let text: AttachedText
  }

  private let bindings: [AETitle: Binding]
  /// Whether no title is bound.
  let isEmpty: Bool

  /// The rules of `settings`.
  init(_ settings: Settings) {
    var bindings: [AETitle: Binding] = [:]
    for device in settings.devices {
      bindings[device.title] = Binding(
        addresses: device.address, text: AttachedText([Self.text(of: device.address)]))
    }
    self.bindings = bindings
    isEmpty = bindings.isEmpty
  }

  /// The addresses that `title` is bound to, as text, or `nil` if `peer` has one of them or the
  /// title is not bound.
  func objection(to peer: NetworkAddress, of title: AETitle) -> AttachedText? {
    guard let binding = bindings[title] else { return nil }
    return binding.addresses.contains { $0.contains(peer.bytes) } ? nil : binding.text
  }

  /// Whether a peer is one of the devices, by its calling AE title and address, or by its address alone
  /// before it has sent a title.
  func names(_ peer: Subject) -> Bool {
    guard let title = peer.callingAETitle else { return knows(peer.peer.bytes) }
    return bindings[title].map { $0.addresses.contains { $0.contains(peer.peer.bytes) } } ?? false
  }

  /// Whether an address belongs to a device.
  func knows(_ address: InlineArray<16, UInt8>) -> Bool {
    bindings.values.contains { $0.addresses.contains { $0.contains(address) } }
  }

  private static func text(of addresses: [AddressRange]) -> String {
    let more = addresses.count - mostNamed
    return addresses.prefix(mostNamed).map(\.text).joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }
}
