import ByteCoding

/// What the extensions of a header of version 2 say: TLVs, each a type of one byte, a length of two and a value
/// (section 2.2). Types that tell nothing of use here are skipped, as the protocol allows; but all lengths must add up,
/// and a checksum must be right. Of several extensions of one type, the first counts.
struct Extensions {
  private(set) var tls: ProxiedTLS?
  private(set) var authority: [UInt8]?
  private(set) var uniqueID: [UInt8]?
  /// Where the value of the checksum is.
  private var checksum: Range<Int>?

  /// The types that are read (section 2.2); the rest of PP2_TYPE are ALPN, NOOP, NETNS and those of applications.
  private enum Kind: UInt8 {
    case authority = 0x02
    case checksum = 0x03
    case uniqueID = 0x05
    case tls = 0x20
  }

  /// No extensions.
  init() {}

  /// Reads the extensions of `header`, a whole one, from the offset `start` on.
  init(of header: Span<UInt8>, from start: Int) throws(ProxyFault) {
    try Self.read(header, from: start) { (type, value) throws(ProxyFault) in
      guard let kind = Kind(rawValue: type) else { return }
      try add(kind, value, of: header)
    }
    if let checksum { try Self.check(checksum, of: header) }
  }

  private mutating func add(
    _ kind: Kind, _ value: Range<Int>, of header: Span<UInt8>
  ) throws(ProxyFault) {
    switch kind {
    case .authority: authority = authority ?? Self.bytes(header.extracting(value))
    case .checksum:
      guard checksum == nil else { throw .checksum }
      checksum = value
    case .uniqueID:
      guard value.count <= ProxyHeader.longestUniqueID else { return }
      uniqueID = uniqueID ?? Self.bytes(header.extracting(value))
    case .tls:
      let contents = try ProxiedTLS.Contents(of: header.extracting(value), type: kind.rawValue)
      tls = tls ?? contents.tls
    }
  }

  /// Calls `body` for each TLV from the offset `start` on, with its type and the range of its value in `bytes`.
  static func read(
    _ bytes: Span<UInt8>, from start: Int,
    _ body: (_ type: UInt8, _ value: Range<Int>) throws(ProxyFault) -> Void
  ) throws(ProxyFault) {
    var reader = Reader(bytes.extracting(droppingFirst: start))
    while let type = reader.uint8() {
      guard let length = reader.uint16() else { throw .extensionTooLong(type: type) }
      let offset = start + reader.position
      guard reader.take(Int(length)) != nil else { throw .extensionTooLong(type: type) }
      try body(type, offset..<offset + Int(length))
    }
  }

  /// Compares the checksum at `place` with that of `header`, computed with zeros at this place. It is sent in network
  /// byte order, as HAProxy does, which the protocol does not say.
  private static func check(
    _ place: Range<Int>, of header: Span<UInt8>
  ) throws(ProxyFault) {
    guard place.count == MemoryLayout<UInt32>.size else { throw .checksum }
    var sum = CRC32C()
    sum.add(header.extracting(..<place.lowerBound))
    for _ in place { sum.add(0) }
    sum.add(header.extracting(place.upperBound...))
    guard sum.value == header.bigEndian(UInt32.self, at: place.lowerBound) else {
      throw .checksum
    }
  }

  /// A copy of `span`.
  static func bytes(_ span: Span<UInt8>) -> [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(span.count)
    for index in span.indices { all.append(span[index]) }
    return all
  }
}
