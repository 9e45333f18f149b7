public import UpperLayer

/// How a requestor's software calls itself: its implementation class UID and its implementation
/// version name (PS3.7 annex D.3.3.2), each as it was received, as far as the standard lets it go.
public struct PeerImplementation: Sendable {
  /// The longest UID (PS3.8 annex F).
  private static let longestUID = 64
  /// The longest version name (PS3.7 annex D.3.3.2.4).
  private static let longestVersion = 16

  private var uid = InlineArray<64, UInt8>(repeating: 0)
  private var version = InlineArray<16, UInt8>(repeating: 0)
  private var uidLength: UInt8 = 0
  private var versionLength: UInt8 = 0

  /// Software that has not said what it is.
  public init() {}

  /// Takes over what `request` says of the software that made it.
  public mutating func read(_ request: borrowing AssociateRequest) {
    let uid = request.implementationClassUID
    let version = request.implementationVersionName
    // Padding is not significant, and noted elsewhere.
    uidLength = UInt8(min(StandardUID.unpaddedLength(uid), Self.longestUID))
    versionLength = UInt8(min(StandardUID.unpaddedLength(version), Self.longestVersion))
    for index in 0..<Int(uidLength) { self.uid[index] = uid[index] }
    for index in 0..<Int(versionLength) { self.version[index] = version[index] }
  }

  /// Forgets what it has said.
  public mutating func forget() {
    uidLength = 0
    versionLength = 0
  }

  /// The name of the software, if its UID is a known one.
  public var product: String? {
    Products.name(ofClassUID: Escaping.ascii(uid.span.extracting(..<Int(uidLength))))
  }

  /// UID and version name with a blank between them, or the one that there is; nothing when there is
  /// neither. Every byte that is not printable ASCII is escaped.
  public var text: String? {
    let parts = [
      Escaping.ascii(uid.span.extracting(..<Int(uidLength))),
      Escaping.ascii(version.span.extracting(..<Int(versionLength))),
    ].filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
