/// A ClientHello in bytes (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), also one of a client that OpenSSL no longer contains.
public struct HelloMessage: Sendable {
  /// The numbers of extensions (IANA, TLS ExtensionType Values).
  public enum Kind: Int, Sendable {
    case serverName = 0
    case supportedGroups = 10
    case pointFormats = 11
    case signatureAlgorithms = 13
    case applicationProtocols = 16
    case padding = 21
    case sessionTicket = 35
    case supportedVersions = 43
    case keyShare = 51
  }

  /// The field `legacy_version`.
  public var legacyVersion = 0x0303
  /// The version in the header of its record.
  public var recordVersion = 0x0301
  /// The field `legacy_session_id`.
  public var sessionID: [UInt8] = []
  /// The cipher suites, by their numbers.
  public var cipherSuites = [0x1301, 0xC02B, 0xC02F]
  /// The versions of `supported_versions`; empty leaves the extension out.
  public var versions: [Int] = []
  /// The groups, by their numbers; empty leaves the extension out.
  public var groups = [29, 23]
  /// The group of the only key share, which comes with `supported_versions`.
  public var keyShare = 29
  /// The signature algorithms, by their numbers; empty leaves the extension out.
  public var signatureAlgorithms = [0x0403, 0x0804, 0x0401]
  /// The application protocols, or `nil` without the extension.
  public var applicationProtocols: [String]?
  /// The server name, or `nil` without the extension.
  public var serverName: String?
  /// Further extensions.
  public var extensions: [(kind: Int, body: [UInt8])] = []

  /// The ClientHello of a TLS 1.2 client.
  public static let tls12 = HelloMessage()
  /// The ClientHello of a TLS 1.3 client.
  public static let tls13 = HelloMessage().with { $0.versions = [0x0304, 0x0303] }

  /// Returns it with the changes that `change` makes.
  public func with(_ change: (inout HelloMessage) -> Void) -> HelloMessage {
    var message = self
    change(&message)
    return message
  }

  /// A vector: its length in `size` bytes, and its content.
  public static func vector(_ content: [UInt8], _ size: Int = 2) -> [UInt8] {
    (0..<size).map { UInt8(content.count >> (8 * (size - 1 - $0)) & 255) } + content
  }

  /// Numbers of two bytes each.
  public static func numbers(_ numbers: [Int]) -> [UInt8] {
    numbers.flatMap { [UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
  }

  /// The body of `server_name`.
  public static func serverName(_ name: [UInt8]) -> [UInt8] { vector([0] + vector(name)) }

  /// The body of `application_layer_protocol_negotiation`.
  public static func protocols(_ names: [[UInt8]]) -> [UInt8] {
    vector(names.flatMap { vector($0, 1) })
  }

  /// All extensions, with their bodies.
  private var allExtensions: [(kind: Int, body: [UInt8])] {
    var all: [(kind: Int, body: [UInt8])] = []
    func add(_ kind: Kind, _ body: [UInt8]) { all.append((kind.rawValue, body)) }
    if let serverName { add(.serverName, Self.serverName(Array(serverName.utf8))) }
    if !groups.isEmpty {
      add(.supportedGroups, Self.vector(Self.numbers(groups)))
      add(.pointFormats, [1, 0])
    }
    if !signatureAlgorithms.isEmpty {
      add(.signatureAlgorithms, Self.vector(Self.numbers(signatureAlgorithms)))
    }
    if let applicationProtocols {
      add(.applicationProtocols, Self.protocols(applicationProtocols.map { Array($0.utf8) }))
    }
    if !versions.isEmpty {
      add(.supportedVersions, Self.vector(Self.numbers(versions), 1))
      let share = Self.numbers([keyShare]) + Self.vector(Self.share(of: keyShare))
      add(.keyShare, Self.vector(share))
    }
    return all + extensions
  }

  /// A point of the group with this number: for P-256 its generator, for X25519 any bytes.
  private static func share(of group: Int) -> [UInt8] {
    group == 23 ? generator : (1...32).map { UInt8($0) }
  }

  /// The generator of P-256, uncompressed (SEC 2 §2.4.2).
  public static let generator: [UInt8] = [
    0x04, 0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40,
    0xF2, 0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2,
    0x96, 0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F, 0x9B, 0x8E, 0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E,
    0x16, 0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31, 0x5E, 0xCE, 0xCB, 0xB6, 0x40, 0x68, 0x37, 0xBF, 0x51,
    0xF5,
  ]

  /// The handshake message.
  public var message: [UInt8] {
    let listed = allExtensions.flatMap { Self.numbers([$0.kind]) + Self.vector($0.body) }
    let random = (0..<32).map { UInt8($0) }
    let body =
      Self.numbers([legacyVersion]) + random + Self.vector(sessionID, 1)
      + Self.vector(Self.numbers(cipherSuites)) + [1, 0]
      + (listed.isEmpty ? [] : Self.vector(listed))
    return [1] + Self.vector(body, 3)
  }

  /// The message in as few records as possible.
  public var bytes: [UInt8] {
    Self.records(22, message, version: recordVersion)
  }

  /// `content` in records of this type (RFC 8446 §5.1), each of at most `most` bytes.
  public static func records(
    _ type: Int, _ content: [UInt8], version: Int = 0x0303, most: Int = 1 << 14
  ) -> [UInt8] {
    stride(from: 0, to: max(1, content.count), by: most).flatMap { start -> [UInt8] in
      let part = Array(content[start..<min(start + most, content.count)])
      return [UInt8(type)] + numbers([version]) + vector(part)
    }
  }

  /// The number of the fatal alert that these records end with, if it is not encrypted (RFC 8446 §6).
  public static func alert(in records: [UInt8]) -> UInt8? {
    let last = Array(records.suffix(7))
    guard last.count == 7, last[0] == 21, last[3...5] == [0, 2, 2] else { return nil }
    return last[6]
  }
}
