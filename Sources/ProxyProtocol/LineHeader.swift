import ByteCoding

/// Reads a header of version 1, a line of text (section 2.1):
///
///     PROXY TCP4 192.0.2.1 198.51.100.7 56324 104\r\n
///
/// The parts are judged one by one, from the left, as soon as the byte behind them has come. So a line that is wrong
/// is found early, a later byte changes nothing, and no part is taken for complete that is not.
struct LineHeader: ~Escapable {
  /// The longest line, in bytes with its CR LF: UNKNOWN with two full IPv6 addresses.
  static let mostBytes = 107
  /// The beginning of a line: "PROXY" and exactly one space.
  static let signature: InlineArray<6, UInt8> = [0x50, 0x52, 0x4F, 0x58, 0x59, 0x20]

  private static let space = UInt8(ascii: " ")
  private static let cr: UInt8 = 0x0D
  private static let lf: UInt8 = 0x0A

  /// The bytes that may belong to the line.
  private let bytes: Span<UInt8>
  /// The index of the next part, or of the byte behind CR LF.
  private var position = Self.signature.count
  /// Whether CR LF has been read.
  private var isOver = false

  @_lifetime(copy bytes)
  private init(_ bytes: Span<UInt8>) { self.bytes = bytes.extracting(first: Self.mostBytes) }

  /// Reads the line with which `bytes` begin, or returns `nil` if it is incomplete.
  ///
  /// - Precondition: `bytes` begin with the signature.
  static func read(_ bytes: Span<UInt8>) throws(ProxyFault) -> ProxyHeader? {
    var line = LineHeader(bytes)
    guard let family = try line.next(.family) else { return nil }
    switch line.family(in: family) {
    case .ipv4: return try line.addresses { AddressText.ipv4($0).map(ProxyEndpoint.mapped) }
    case .ipv6: return try line.addresses { AddressText.ipv6($0) }
    case .unknown: return try line.skipped()
    case nil: throw .line(.family)
    }
  }

  private enum Family {
    case ipv4
    case ipv6
    case unknown
  }

  private func family(in range: Range<Int>) -> Family? {
    if equals(range, "TCP4") { return .ipv4 }
    if equals(range, "TCP6") { return .ipv6 }
    return equals(range, "UNKNOWN") ? .unknown : nil
  }

  private func equals(_ range: Range<Int>, _ word: String) -> Bool {
    guard range.count == word.utf8.count else { return false }
    var index = range.lowerBound
    for byte in word.utf8 {
      guard bytes[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// Reads the rest of a line with addresses, each read by `address`.
  @_lifetime(self: copy self)
  private mutating func addresses(
    _ address: (Span<UInt8>) -> InlineArray<16, UInt8>?
  ) throws(ProxyFault) -> ProxyHeader? {
    guard let first = try next(.sourceAddress) else { return nil }
    guard let source = address(bytes.extracting(first)) else { throw .line(.sourceAddress) }
    guard let second = try next(.destinationAddress) else { return nil }
    guard let destination = address(bytes.extracting(second)) else {
      throw .line(.destinationAddress)
    }
    guard let sourcePort = try port(.sourcePort) else { return nil }
    guard let destinationPort = try port(.destinationPort) else { return nil }
    guard isOver else { throw .line(.end) }
    return ProxyHeader(
      version: 1, size: position,
      endpoints: (
        ProxyEndpoint(address: source, port: sourcePort),
        ProxyEndpoint(address: destination, port: destinationPort)
      ))
  }

  @_lifetime(self: copy self)
  private mutating func port(_ part: ProxyFault.LinePart) throws(ProxyFault) -> UInt16? {
    guard let range = try next(part) else { return nil }
    guard let port = AddressText.port(bytes.extracting(range)) else { throw .line(part) }
    return port
  }

  /// Reads the rest of a line whose family is UNKNOWN: anything before CR LF is ignored, single CRs and LFs too.
  @_lifetime(self: copy self)
  private mutating func skipped() throws(ProxyFault) -> ProxyHeader? {
    while !isOver {
      guard position + 1 < bytes.count else { return try incomplete() }
      isOver = bytes[position] == Self.cr && bytes[position + 1] == Self.lf
      position += isOver ? 2 : 1
    }
    return ProxyHeader(version: 1, size: position)
  }

  /// Reads up to the space or CR LF behind the next part and returns where the part is, or `nil` if its end has not
  /// come.
  @_lifetime(self: copy self)
  private mutating func next(_ part: ProxyFault.LinePart) throws(ProxyFault) -> Range<Int>? {
    guard !isOver else { throw .line(part) }
    let start = position
    while position < bytes.count {
      let end = position
      position += 1
      switch bytes[end] {
      case Self.space: return start..<end
      case Self.lf: throw .line(.end)
      case Self.cr:
        guard position < bytes.count else { return try incomplete() }
        guard bytes[position] == Self.lf else { throw .line(.end) }
        position += 1
        isOver = true
        return start..<end
      default: continue
      }
    }
    return try incomplete()
  }

  /// Returns `nil` if the line may go on, and throws if it is as long as it may be.
  private func incomplete<T>() throws(ProxyFault) -> T? {
    guard bytes.count < Self.mostBytes else { throw .lineTooLong }
    return nil
  }
}
