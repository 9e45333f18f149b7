import ByteCoding
import Log

/// A few bytes of a refused request, and what they mean.
public struct ExplainedBytes: Sendable, Equatable {
  /// The offset of the first byte.
  public let offset: Int
  /// The bytes.
  public let bytes: [UInt8]
  /// How deep the field is inside items.
  public let depth: Int
  /// What the bytes mean.
  public let text: String
  /// What is wrong with them; `nil` if nothing is known to be wrong.
  public var fault: String?

  /// The bytes in hexadecimal digits.
  public var hexadecimal: String { bytes.map(Escaping.hexadecimal).joined() }

  /// Bytes with their meaning.
  init(_ offset: Int, _ bytes: ArraySlice<UInt8>, depth: Int = 0, _ text: String) {
    (self.offset, self.bytes, self.depth, self.text) = (offset, Array(bytes), depth, text)
  }
}

/// The explanation of a refused request, from the evidence in DICOM_PDU.
public struct RequestExplanation: Sendable, Equatable {
  /// What the bytes are.
  public let title: String
  /// The bytes in order; together they are the evidence without a gap.
  public private(set) var parts: [ExplainedBytes]

  /// Explains `evidence`, hexadecimal digits, of a failure with the word `cause`; `nil` if these are not digits, or
  /// there are none.
  public init?(evidence: String, cause: String) {
    let digits = Array(evidence.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      guard let high = JournalRecord.hexadecimalDigit(digits[index]),
        let low = JournalRecord.hexadecimalDigit(digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    guard !bytes.isEmpty else { return nil }
    if Self.isForeign(cause) {
      title = "the first bytes of what is not DICOM"
      parts = [ExplainedBytes(0, bytes[...], Self.quoted(bytes[...]))]
    } else if bytes.starts(with: [1]) {
      (title, parts) = RequestParts.explain(bytes)
    } else {
      (title, parts) = CommandParts.explain(bytes)
    }
  }

  /// The largest number of bytes that are quoted.
  private static let mostQuoted = 64

  /// Returns the bytes in quotes, as far as they are shown.
  static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    let text = Escaping.quoted(bytes.span.extracting(first: mostQuoted))
    return bytes.count > mostQuoted ? "\(text)…" : text
  }

  /// Whether the evidence of this cause is bytes of another protocol.
  private static func isForeign(_ cause: String) -> Bool {
    cause.hasSuffix("-on-dicom-port") || cause == "not-dicom" || cause == "tls-on-plain-port"
  }

  /// The lines: offset, bytes and meaning in columns, sixteen bytes a line.
  public var lines: [String] {
    [title] + parts.flatMap(Self.lines(of:))
  }

  /// The number of bytes on a line.
  private static let bytesOnLine = 16
  /// The number of bytes of a part that are shown; the rest of a long one is counted.
  private static let mostShown = 64

  private static func lines(of part: ExplainedBytes) -> [String] {
    let shown = part.bytes.prefix(mostShown)
    var text = String(repeating: "  ", count: part.depth) + part.text
    if let fault = part.fault { text += "  <-- \(fault)" }
    var lines: [String] = []
    for start in stride(from: 0, to: max(shown.count, 1), by: bytesOnLine) {
      let row = shown.dropFirst(start).prefix(bytesOnLine)
      let offset = String(part.offset + start)
      let place = String(repeating: " ", count: max(0, 5 - offset.count)) + offset
      let bytes = row.map(Escaping.hexadecimal).joined(separator: " ")
      let padding = String(repeating: " ", count: 3 * bytesOnLine - 1 - bytes.count)
      lines.append(start == 0 ? "\(place)  \(bytes)\(padding)  \(text)" : "\(place)  \(bytes)")
    }
    if part.bytes.count > shown.count {
      lines.append("       … \(Counted.text(part.bytes.count - shown.count, "more byte"))")
    }
    return lines
  }
}
