import Linux
import Log
import Settings
import UpperLayer

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

  /// What is to be told when `peer` may not connect; `nil` when it may.
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

/// Which AE titles are bound to which addresses, by the sections of devices.
struct DeviceRules: Sendable {
  /// How many addresses of a device are named where another one came.
  private static let mostNamed = 4

  private struct Binding: Sendable {
    let addresses: [AddressRange]
    /// The same in words.
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

  /// The addresses that `title` is bound to, when that of `peer` is none of them.
  func objection(to peer: NetworkAddress, of title: AETitle) -> AttachedText? {
    guard let binding = bindings[title] else { return nil }
    return binding.addresses.contains { $0.contains(peer.bytes) } ? nil : binding.text
  }

  /// Whether a peer is one of the devices, by its calling AE title and its address, or by its address alone
  /// when it has not said its title.
  func names(_ peer: Subject) -> Bool {
    guard let title = peer.callingAETitle else { return knows(peer.peer.bytes) }
    return bindings[title].map { $0.addresses.contains { $0.contains(peer.peer.bytes) } } ?? false
  }

  /// Whether an address is one of a device.
  func knows(_ address: InlineArray<16, UInt8>) -> Bool {
    bindings.values.contains { $0.addresses.contains { $0.contains(address) } }
  }

  private static func text(of addresses: [AddressRange]) -> String {
    let more = addresses.count - mostNamed
    return addresses.prefix(mostNamed).map(\.text).joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }
}
