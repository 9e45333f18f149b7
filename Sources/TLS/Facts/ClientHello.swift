import ByteCoding

/// What a client offers in its ClientHello (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), read to tell why no handshake
/// came about. OpenSSL checks the message itself; a list that does not add up here is read as far as it does.
public struct ClientHello: Equatable, Sendable {
  /// The largest number of entries kept of each list.
  static let mostEntries = 128

  /// The extensions that are read (IANA, TLS ExtensionType Values).
  public enum Extension: UInt32, Sendable, CaseIterable {
    /// `server_name` (RFC 6066 §3).
    case serverName = 0
    /// `supported_groups` (RFC 8446 §4.2.7).
    case supportedGroups = 10
    /// `signature_algorithms` (RFC 8446 §4.2.3).
    case signatureAlgorithms = 13
    /// `application_layer_protocol_negotiation` (RFC 7301 §3.1).
    case applicationProtocols = 16
    /// `supported_versions` (RFC 8446 §4.2.1).
    case supportedVersions = 43
  }

  /// The versions offered, such as 0x0303 for TLS 1.2, in the order of preference; without the extension, the one
  /// in the field `legacy_version`.
  public private(set) var versions: [UInt16]
  /// The cipher suites offered, by their numbers, without the signaling values and GREASE.
  public private(set) var cipherSuites: [UInt16] = []
  /// The application protocols offered (ALPN), or `nil` without the extension.
  public private(set) var applicationProtocols: [[UInt8]]?
  /// The server name (SNI), or `nil` without one.
  public private(set) var serverName: [UInt8]?
  /// The groups offered for the key exchange, by their numbers.
  public private(set) var groups: [UInt16] = []
  /// The signature algorithms offered, by their numbers.
  public private(set) var signatureAlgorithms: [UInt16] = []

  /// A ClientHello with this `legacy_version` and these `cipher_suites`, still without extensions.
  public init(legacyVersion: UInt16, cipherSuites bytes: Span<UInt8>) {
    versions = [legacyVersion]
    cipherSuites = Self.numbers(bytes).filter { !Self.isGREASE($0) && !Self.signals.contains($0) }
  }

  /// A hello in the format of SSL 2 (RFC 5246 §E.2), as old clients send it, with three bytes for each cipher suite;
  /// those of SSL 2 itself are left out.
  public init(legacyVersion: UInt16, oldCipherSuites bytes: Span<UInt8>) {
    var suites: [UInt8] = []
    for index in 0..<min(bytes.count / 3, Self.mostEntries) where bytes[3 * index] == 0 {
      suites += [bytes[3 * index + 1], bytes[3 * index + 2]]
    }
    self.init(legacyVersion: legacyVersion, cipherSuites: suites.span)
  }

  /// TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746) and TLS_FALLBACK_SCSV (RFC 7507).
  private static let signals: Set<UInt16> = [0x00FF, 0x5600]

  /// Whether `number` is reserved to keep servers tolerant (RFC 8701).
  private static func isGREASE(_ number: UInt16) -> Bool {
    number & 0x0F0F == 0x0A0A && number >> 8 == number & 0xFF
  }

  /// Reads the body of an extension.
  public mutating func read(_ kind: Extension, _ body: Span<UInt8>) {
    switch kind {
    case .serverName:
      let list = Self.vector(body, lengthBytes: 2)
      // The only type of name is host_name, 0.
      guard list.count > 3, list[0] == 0 else { return }
      serverName = Self.bytes(Self.vector(list.extracting(droppingFirst: 1), lengthBytes: 2))
    case .supportedGroups: groups = Self.numbers(Self.vector(body, lengthBytes: 2))
    case .signatureAlgorithms:
      signatureAlgorithms = Self.numbers(Self.vector(body, lengthBytes: 2))
    case .applicationProtocols:
      applicationProtocols = Self.protocols(Self.vector(body, lengthBytes: 2))
    case .supportedVersions:
      let all = Self.numbers(Self.vector(body, lengthBytes: 1)).filter { !Self.isGREASE($0) }
      if !all.isEmpty { versions = all }
    }
  }

  /// Whether ALPN is used without offering `dicom` (PS3.15 B.12, the IANA registration of `dicom`).
  public var lacksDICOM: Bool {
    applicationProtocols.map { !$0.contains(Array("dicom".utf8)) } ?? false
  }

  /// The facts that the records of a good association need: without the lists, which can be long.
  var abridged: ClientHello {
    var hello = self
    hello.applicationProtocols = nil
    hello.cipherSuites = []
    hello.groups = []
    hello.signatureAlgorithms = []
    return hello
  }

  /// The bytes of a vector whose length comes before it in `lengthBytes` bytes, as far as there are any.
  @_lifetime(copy bytes)
  private static func vector(_ bytes: Span<UInt8>, lengthBytes: Int) -> Span<UInt8> {
    guard bytes.count >= lengthBytes else { return bytes.extracting(first: 0) }
    var length = 0
    for index in 0..<lengthBytes { length = length << 8 | Int(bytes[index]) }
    return bytes.extracting(droppingFirst: lengthBytes).extracting(first: length)
  }

  /// The numbers of two bytes each.
  private static func numbers(_ bytes: Span<UInt8>) -> [UInt16] {
    (0..<min(bytes.count / 2, mostEntries)).map { bytes.bigEndian(UInt16.self, at: 2 * $0) }
  }

  private static func protocols(_ list: Span<UInt8>) -> [[UInt8]] {
    var names: [[UInt8]] = []
    var rest = list
    while rest.count > 0, names.count < mostEntries {
      let name = vector(rest, lengthBytes: 1)
      names.append(bytes(name))
      rest = rest.extracting(droppingFirst: 1 + name.count)
    }
    return names
  }

  private static func bytes(_ span: Span<UInt8>) -> [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(span.count)
    for index in span.indices { all.append(span[index]) }
    return all
  }
}
