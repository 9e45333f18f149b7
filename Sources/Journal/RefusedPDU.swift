import ByteCoding
public import UpperLayer

/// What was refused, as evidence: an A-ASSOCIATE-RQ, a command set, or the first bytes of what is not
/// DICOM.
///
/// Only what the standard gives a form is shown, and only if it has that form: titles, UIDs, lengths and
/// version names. Everything else is blanked, so that no credential and no byte of a data set gets into a
/// log, however a request lies about its lengths.
public final class RefusedPDU: Sendable {
  /// How much of a request is kept, in bytes.
  public static let longestRequest = 16 << 10
  /// How much of a command set is kept, in bytes.
  public static let longestCommand = 512
  /// How much is kept of what is not DICOM, in bytes.
  public static let longestForeign = 16

  private let kind: RefusedBytes
  private let bytes: [UInt8]
  private let length: Int

  /// A copy of `bytes`, as much of them as may be kept.
  public init(_ bytes: Span<UInt8>, _ kind: RefusedBytes) {
    self.kind = kind
    length = bytes.count
    let most =
      switch kind {
      case .request: Self.longestRequest - PDUType.headerSize
      case .command: Self.longestCommand
      case .foreign: Self.longestForeign
      }
    self.bytes = Escaping.copy(of: bytes.extracting(first: most))
  }

  /// How much memory it takes, in bytes.
  public var size: Int { bytes.count }

  /// The bytes with everything blanked that may be confidential.
  var evidence: [UInt8] {
    var shown = bytes
    switch kind {
    case .request:
      Self.blankRequest(&shown)
      let lengths = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
      return [PDUType.associateRequest.rawValue, 0] + lengths + shown
    case .command: Self.blankCommand(&shown)
    case .foreign: Self.blankForeign(&shown)
    }
    return shown
  }

  /// The evidence in hexadecimal digits, which every tool shows as it is.
  var text: String {
    var text = ""
    text.reserveCapacity(2 * bytes.count + 12)
    for byte in evidence { text += Escaping.hexadecimal(byte) }
    return text
  }

  // What follows keeps what has a known form.

  private static func blank(_ bytes: inout [UInt8], _ range: Range<Int>) {
    for index in range.clamped(to: 0..<bytes.count) { bytes[index] = 0 }
  }

  private static func blank(_ bytes: inout [UInt8], from start: Int) {
    if start < bytes.count { blank(&bytes, start..<bytes.count) }
  }

  private static func isUID(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count <= 64
      && bytes.allSatisfy { (0x30...0x39).contains($0) || [0x2E, 0x20, 0].contains($0) }
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count <= 16 && bytes.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The size of what is in front of the items of a request, in bytes (PS3.8 §9.3.2).
  private static let fixedFields = 68

  /// The fixed fields, then items of a type, a reserved byte and a length (PS3.8 §9.3.2).
  private static func blankRequest(_ bytes: inout [UInt8]) {
    guard bytes.count > fixedFields else { return }
    blankItems(&bytes, fixedFields..<bytes.count) { bytes, type, value in
      switch type {
      case 0x10: isUID(bytes[value])
      case 0x20:
        keepItems(&bytes, value.dropFirst(4)) { bytes, type, value in
          (type == 0x30 || type == 0x40) && isUID(bytes[value])
        }
      case 0x50: keepItems(&bytes, value[...], isUserInformation)
      default: false
      }
    }
  }

  /// The sub-items of the user information (PS3.7 annex D.3.3). A user identity (58H), and what is not
  /// known, has its header alone.
  private static func isUserInformation(
    _ bytes: inout [UInt8], _ type: UInt8, _ value: Range<Int>
  ) -> Bool {
    switch type {
    case 0x51, 0x53: value.count == 4
    case 0x52: isUID(bytes[value])
    case 0x55: isName(bytes[value])
    default: false
    }
  }

  private typealias Keeps = (inout [UInt8], UInt8, Range<Int>) -> Bool

  private static func keepItems(
    _ bytes: inout [UInt8], _ range: Range<Int>.SubSequence, _ keeps: Keeps
  ) -> Bool {
    blankItems(&bytes, range.startIndex..<range.endIndex, keeps)
    return true
  }

  /// Blanks the value of each item in `range` that is not kept, and everything behind one that is longer
  /// than what encloses it.
  private static func blankItems(_ bytes: inout [UInt8], _ range: Range<Int>, _ keeps: Keeps) {
    var next = range.lowerBound
    while next < range.upperBound {
      guard range.upperBound - next >= 4 else { return blank(&bytes, next..<range.upperBound) }
      let length = Int(bytes[next + 2]) << 8 | Int(bytes[next + 3])
      let value = next + 4..<next + 4 + length
      guard value.upperBound <= range.upperBound else {
        return blank(&bytes, value.lowerBound..<range.upperBound)
      }
      if !keeps(&bytes, bytes[next], value) { blank(&bytes, value) }
      next = value.upperBound
    }
  }

  /// Elements of group 0000 in Implicit VR Little Endian (PS3.7 §6.3.1): numbers and UIDs are kept, of
  /// others the tag and the length. Behind the first one of another group there is no command set.
  private static func blankCommand(_ bytes: inout [UInt8]) {
    var next = 0
    while bytes.count - next >= 8 {
      let isCommand = bytes[next] == 0 && bytes[next + 1] == 0
      let length = (0..<4).reduce(0) { $0 | Int(bytes[next + 4 + $1]) << (8 * $1) }
      let value = next + 8..<next + 8 + min(length, bytes.count)
      guard isCommand, value.upperBound <= bytes.count else {
        return blank(&bytes, from: next + 8)
      }
      let isNumber = value.count == 2 || value.count == 4 && bytes[next + 2] == 0
      if !isNumber, !isUID(bytes[value]) { blank(&bytes, value) }
      next = value.upperBound
    }
    blank(&bytes, from: next)
  }

  /// What names the protocol: the method of HTTP, no message of HL7, nothing behind a name that a user
  /// may have given.
  private static func blankForeign(_ bytes: inout [UInt8]) {
    let shown: Int
    switch ForeignProtocol(firstBytes: bytes.span) {
    case .http: shown = bytes.firstIndex(of: 0x20) ?? 0
    case .hl7: shown = 1
    case .socks: shown = 2
    case .rdp: shown = 11
    case .tls, .ssh, .smb, .proxy: shown = bytes.count
    // An element of a data set has its tag and its length there.
    case .other, nil: shown = 8
    }
    blank(&bytes, from: shown)
  }
}
