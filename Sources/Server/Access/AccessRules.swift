import Linux
import Log
import Settings
import TLS
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

/// The rules that bind AE titles to addresses and certificates, from the device sections of the configuration.
struct DeviceRules: Sendable {
  /// The maximum number of a device's addresses to list when a peer comes from another one.
  private static let mostNamed = 4

  private struct Binding: Sendable {
    /// The addresses; any if there are none.
    let addresses: [AddressRange]
    /// The rules for the certificate; none is needed if there are none.
    let certificate: [CertificateRule]
    /// The addresses as text for a record.
    let text: AttachedText
    /// The rules as text for a record.
    let certificateText: AttachedText

    /// Whether a peer may come from `address`.
    func admits(_ address: InlineArray<16, UInt8>) -> Bool {
      addresses.isEmpty || names(address)
    }

    /// Whether `address` is one of the device's.
    func names(_ address: InlineArray<16, UInt8>) -> Bool {
      addresses.contains { $0.contains(address) }
    }
  }

  /// Why a peer may not use an AE title.
  struct Objection: Equatable {
    /// The event to report.
    let event: Event
    /// What the title is bound to.
    let text: AttachedText

    static func == (left: Self, right: Self) -> Bool { left.text === right.text }
  }

  private let bindings: [AETitle: Binding]
  /// Whether no title is bound.
  let isEmpty: Bool

  /// The rules of `settings`.
  init(_ settings: Settings) {
    var bindings: [AETitle: Binding] = [:]
    for device in settings.devices where device.isIdentified {
      bindings[device.title] = Binding(
        addresses: device.address, certificate: device.certificate,
        text: AttachedText([Self.text(of: device.address, \.text)]),
        certificateText: AttachedText([
          Self.text(of: device.certificate, \.text)
        ]))
    }
    self.bindings = bindings
    isEmpty = bindings.isEmpty
  }

  /// Why `peer` may not use `title`, or `nil` if it may: the title is not bound, or the peer has one of the
  /// addresses and, with TLS, a certificate that matches one of the rules.
  func objection(
    to peer: NetworkAddress, _ security: SessionFacts?, of title: AETitle
  ) -> Objection? {
    guard let binding = bindings[title] else { return nil }
    if !binding.admits(peer.bytes) {
      return Objection(event: .associationFromElsewhere, text: binding.text)
    }
    if binding.certificate.isEmpty || binding.certificate.contains(where: { $0.admits(security) }) {
      return nil
    }
    return Objection(event: .certificateOfAnother, text: binding.certificateText)
  }

  /// Whether a peer is one of the devices, by its calling AE title and address, or by its address alone
  /// before it has sent a title.
  func names(_ peer: Subject) -> Bool {
    guard let title = peer.callingAETitle else { return knows(peer.peer.bytes) }
    return bindings[title].map { $0.names(peer.peer.bytes) } ?? false
  }

  /// Whether an address belongs to a device.
  func knows(_ address: InlineArray<16, UInt8>) -> Bool {
    bindings.values.contains { $0.names(address) }
  }

  private static func text<Item>(
    of items: [Item], _ text: (Item) -> String
  ) -> String {
    let more = items.count - mostNamed
    return items.prefix(mostNamed).map(text).joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }
}

extension CertificateRule {
  /// Whether the certificate of a peer matches this rule. The names in one that was not verified prove nothing, but
  /// its hash does: the peer has shown that it has the key.
  func admits(_ security: SessionFacts?) -> Bool {
    guard let security, let certificate = security.certificate else { return false }
    if case .sha256(let fingerprint) = self { return certificate.fingerprint == fingerprint }
    guard security.faults.isEmpty else { return false }
    switch self {
    case .commonName(let name): return certificate.commonNames.contains(Array(name.utf8))
    case .dnsName(let name):
      return certificate.dnsNames.contains { Self.isSameHost($0, Array(name.utf8)) }
    case .uri(let uri): return certificate.uris.contains(Array(uri.utf8))
    case .sha256: return false
    }
  }

  /// Whether two DNS names are the same: the case of ASCII letters does not matter (RFC 4343).
  private static func isSameHost(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    return one.map(lowercased) == other.map(lowercased)
  }
}
