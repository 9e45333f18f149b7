import TLS

/// A plain reading of a ClientHello, to compare ``ClientHello`` with: RFC 8446 §4.1.2, as far as the bytes go.
struct ClientHelloReference {
  private(set) var versions: [UInt16]
  private(set) var cipherSuites: [UInt16]
  private(set) var applicationProtocols: [[UInt8]]?
  private(set) var serverName: [UInt8]?
  private(set) var groups: [UInt16] = []
  private(set) var signatureAlgorithms: [UInt16] = []

  /// The largest number of entries kept of each list.
  static let mostEntries = 128

  init(legacyVersion: UInt16, cipherSuites bytes: [UInt8]) {
    versions = [legacyVersion]
    // TLS_EMPTY_RENEGOTIATION_INFO_SCSV and TLS_FALLBACK_SCSV are not suites.
    cipherSuites = Self.withoutGREASE(Self.pairs(bytes)).filter { $0 != 0x00FF && $0 != 0x5600 }
  }

  mutating func read(_ kind: ClientHello.Extension, _ body: [UInt8]) {
    switch kind {
    case .serverName:
      let list = Self.content(body, 2)
      if list.count >= 4, list[0] == 0 { serverName = Self.content(Array(list.dropFirst()), 2) }
    case .supportedGroups: groups = Self.pairs(Self.content(body, 2))
    case .signatureAlgorithms: signatureAlgorithms = Self.pairs(Self.content(body, 2))
    case .applicationProtocols:
      var names: [[UInt8]] = []
      var rest = Self.content(body, 2)
      while !rest.isEmpty, names.count < Self.mostEntries {
        let name = Self.content(rest, 1)
        names.append(name)
        rest.removeFirst(1 + name.count)
      }
      applicationProtocols = names
    case .supportedVersions:
      let offered = Self.withoutGREASE(Self.pairs(Self.content(body, 1)))
      if !offered.isEmpty { versions = offered }
    }
  }

  /// Whether `hello` says the same.
  func agrees(with hello: ClientHello) -> Bool {
    hello.versions == versions && hello.cipherSuites == cipherSuites
      && hello.applicationProtocols == applicationProtocols && hello.serverName == serverName
      && hello.groups == groups && hello.signatureAlgorithms == signatureAlgorithms
      && hello.lacksDICOM
        == (applicationProtocols != nil
          && applicationProtocols?.contains(Array("dicom".utf8)) == false)
  }

  /// The content of a vector behind its length of `size` bytes.
  private static func content(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    guard bytes.count >= size else { return [] }
    let length = bytes.prefix(size).reduce(0) { $0 * 256 + Int($1) }
    return Array(bytes.dropFirst(size).prefix(length))
  }

  private static func pairs(_ bytes: [UInt8]) -> [UInt16] {
    stride(from: 0, to: bytes.count - 1, by: 2).prefix(mostEntries).map {
      UInt16(bytes[$0]) * 256 + UInt16(bytes[$0 + 1])
    }
  }

  private static func withoutGREASE(_ numbers: [UInt16]) -> [UInt16] {
    let reserved: [UInt16] = [
      0x0A0A, 0x1A1A, 0x2A2A, 0x3A3A, 0x4A4A, 0x5A5A, 0x6A6A, 0x7A7A, 0x8A8A, 0x9A9A, 0xAAAA,
      0xBABA, 0xCACA, 0xDADA, 0xEAEA, 0xFAFA,
    ]
    return numbers.filter { !reserved.contains($0) }
  }
}
