import ByteCoding
public import UpperLayer

/// Refused bytes, as evidence: an A-ASSOCIATE-RQ or the received part of it, a command set, or the first bytes
/// of input that is not DICOM.
///
/// Of DICOM, only fields are shown whose form the standard defines, and only if they have that form: titles,
/// UIDs, lengths and version names. Everything else is blanked, so that no credential and no byte of a data set
/// gets into a log, whatever false lengths a request has. For other protocols see `ForeignOpening`.
public final class RefusedPDU: Sendable {
  /// The largest part of a request that is kept, in bytes.
  public static let longestRequest = 16 << 10
  /// The largest part of a command set that is kept, in bytes.
  static let longestCommand = 512
  /// The largest part that is kept of input that is not DICOM, in bytes.
  static let longestForeign = 16

  private let kind: RefusedBytes
  private let bytes: [UInt8]
  /// The length according to the header of the request, or else the number of bytes received.
  private let length: UInt32

  /// A copy of `bytes`, up to the length that may be kept.
  public init(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {
    self.kind = kind
    length =
      if case .brokenRequest(let length) = kind { length } else { UInt32(clamping: bytes.count) }
    let most =
      switch kind {
      case .request, .brokenRequest: Self.longestRequest - PDUType.headerSize
      case .command: Self.longestCommand
      case .foreign(let kind): ForeignOpening.length(of: bytes, kind)
      }
    self.bytes = Escaping.copy(of: bytes.extracting(first: most))
  }

  /// The memory that the copy occupies, in bytes.
  public var size: Int { bytes.count }

  /// The bytes, with everything blanked that may be confidential.
  public var evidence: [UInt8] {
    var shown = bytes
    switch kind {
    case .request, .brokenRequest:
      Self.blankRequest(&shown)
      let lengths = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
      return [PDUType.associateRequest.rawValue, 0] + lengths + shown
    case .command: Self.blankCommand(&shown)
    case .foreign: break
    }
    return shown
  }

  /// The first bytes of input that is not DICOM, as far as they are shown, escaped and in double quotes.
  public var opening: String? {
    let bytes = bytes
    guard case .foreign = kind, !bytes.isEmpty else { return nil }
    return Escaping.quoted(bytes.span)
  }

  /// The AE titles of a broken request, if their size is wrong.
  var misplacedTitles: MisplacedTitles? {
    let bytes = bytes
    return if case .brokenRequest = kind { MisplacedTitles(bytes.span) } else { nil }
  }

  /// A heading and the bytes, sixteen per line; empty for a well-formed request, which is listed anyway.
  public var dump: [String] {
    let evidence = evidence
    let heading: String
    switch kind {
    case .request: return []
    case .brokenRequest:
      let size = UInt64(length) + UInt64(PDUType.headerSize)
      heading =
        "A-ASSOCIATE-RQ, \(bytes.count + PDUType.headerSize) of \(Counted.text(size, "byte")):"
    case .command: heading = "Command set, \(Counted.text(bytes.count, "byte")):"
    case .foreign: heading = "First \(Counted.text(bytes.count, "byte")):"
    }
    return [heading]
      + stride(from: 0, to: evidence.count, by: 16).map { start in
        let line = evidence[start..<min(start + 16, evidence.count)]
        return "  " + line.map(Escaping.hexadecimal).joined(separator: " ")
      }
  }

  /// The evidence in hexadecimal digits, which every tool shows unchanged.
  public var text: String {
    var text = ""
    text.reserveCapacity(2 * bytes.count + 12)
    for byte in evidence { text += Escaping.hexadecimal(byte) }
    return text
  }

  // The functions below keep the bytes up to the first that has no known form and blank the rest: after a wrong
  // length, arbitrary bytes could pass for the header of an item or an element.

  private static func blank(_ bytes: inout [UInt8], from start: Int) {
    for index in min(start, bytes.count)..<bytes.count { bytes[index] = 0 }
  }

  private static func isUID(_ bytes: ArraySlice<UInt8>) -> Bool {
    let padding = bytes.drop { $0 == 0x2E || (0x30...0x39).contains($0) }
    return bytes.count <= 64 && padding.allSatisfy { $0 == 0 || $0 == 0x20 }
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count <= 16 && bytes.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The size of the fields before the items of a request, in bytes (PS3.8 §9.3.2).
  private static let fixedFields = 68
  /// The offset of the reserved bytes after the titles.
  private static let reservedFields = 36

  /// Blanks a request: fixed fields, then items of a type, a reserved byte and a length (PS3.8 §9.3.2).
  private static func blankRequest(_ bytes: inout [UInt8]) {
    for index in bytes.indices where (reservedFields..<fixedFields).contains(index) {
      bytes[index] = 0
    }
    guard bytes.count > fixedFields else { return }
    let kept = lengthOfItems(bytes, fixedFields..<bytes.count, in: .request)
    blank(&bytes, from: kept)
  }

  /// The structure that encloses items.
  private enum Level {
    case request
    case presentationContext
    case userInformation
  }

  /// Returns the end of the bytes in `range` that are items of a known form.
  private static func lengthOfItems(_ bytes: [UInt8], _ range: Range<Int>, in level: Level) -> Int {
    var next = range.lowerBound
    while range.upperBound - next >= 4, bytes[next + 1] == 0 {
      let start = next + 4
      let end = start + Int(bytes[next + 2]) << 8 + Int(bytes[next + 3])
      guard end <= range.upperBound else { return next }
      switch (level, bytes[next]) {
      case (.request, 0x10), (.presentationContext, 0x30), (.presentationContext, 0x40),
        (.userInformation, 0x52):
        guard isUID(bytes[start..<end]) else { return start }
      case (.request, 0x20):
        guard end - start >= 4 else { return start }
        let kept = lengthOfItems(bytes, start + 4..<end, in: .presentationContext)
        if kept < end { return kept }
      case (.request, 0x50):
        let kept = lengthOfItems(bytes, start..<end, in: .userInformation)
        if kept < end { return kept }
      case (.userInformation, 0x51), (.userInformation, 0x53):
        guard end - start == 4 else { return start }
      case (.userInformation, 0x55):
        guard isName(bytes[start..<end]) else { return start }
      case (.userInformation, 0x58):
        // The lengths inside a user identity may be wrong, so nothing after its header is certain.
        return start
      default:
        return next
      }
      next = end
    }
    return next
  }

  /// Blanks a command set: elements of group 0000 in Implicit VR Little Endian (PS3.7 §6.3.1, annex E.1), while
  /// each is a number or a UID by the standard and has the right length.
  private static func blankCommand(_ bytes: inout [UInt8]) {
    var next = 0
    while bytes.count - next >= 8, bytes[next] == 0, bytes[next + 1] == 0 {
      let element = Int(bytes[next + 2]) | Int(bytes[next + 3]) << 8
      let length = (0..<4).reduce(0) { $0 | Int(bytes[next + 4 + $1]) << (8 * $1) }
      let start = next + 8
      let isKnown: Bool
      switch element {
      case 0x0000: isKnown = length == 4
      case 0x0002, 0x0003, 0x1000, 0x1001:
        isKnown = length <= bytes.count - start && isUID(bytes[start..<start + length])
      case 0x0100, 0x0110, 0x0120, 0x0700, 0x0800, 0x0900, 0x0903, 0x1002, 0x1008,
        0x1020...0x1023, 0x1031:
        isKnown = length == 2
      default: return blank(&bytes, from: next)
      }
      guard isKnown, length <= bytes.count - start else { return blank(&bytes, from: start) }
      next = start + length
    }
    blank(&bytes, from: next)
  }
}
