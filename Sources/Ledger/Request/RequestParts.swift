import ByteCoding
import Log
import UpperLayer

/// The fields of an A-ASSOCIATE-RQ (PS3.8 §9.3.2, PS3.7 annex D.3.3), as far as they are there.
///
/// The request was refused, so any length may be wrong: each field ends where the one around it ends.
struct RequestParts {
  private let bytes: [UInt8]
  private var parts: [ExplainedBytes] = []
  /// The size of type, reserved byte and length of an item.
  private static let itemHeader = 4
  /// The offset from which all bytes are zeros.
  private let blank: Int

  /// The words for bytes of which the meaning is not known, and which the service therefore replaces by zeros, so that
  /// no credential is shown.
  static let notRecorded =
    "not recorded: the bytes after the first without a known meaning are zeros here"

  /// The offset from which all of `bytes` are zeros.
  static func startOfBlank(_ bytes: [UInt8]) -> Int {
    bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
  }

  /// Explains the bytes of a request, with its header.
  static func explain(_ bytes: [UInt8]) -> (title: String, parts: [ExplainedBytes]) {
    var request = RequestParts(bytes: bytes)
    request.addHeader()
    request.markFault()
    return ("A-ASSOCIATE-RQ, \(Counted.text(bytes.count, "byte"))", request.parts)
  }

  private init(bytes: [UInt8]) {
    (self.bytes, blank) = (bytes, Self.startOfBlank(bytes))
  }

  /// Adds a field of at most `length` bytes, and returns the offset after it.
  private mutating func add(
    _ offset: Int, _ length: Int, to end: Int, depth: Int = 0, _ text: String
  ) -> Int {
    let next = min(offset + length, end)
    if next > offset {
      let isCut = next - offset < length ? ", incomplete" : ""
      parts.append(ExplainedBytes(offset, bytes[offset..<next], depth: depth, text + isCut))
    }
    return next
  }

  private func number(_ offset: Int, _ length: Int) -> Int? {
    guard offset + length <= bytes.count else { return nil }
    return bytes[offset..<offset + length].reduce(0) { $0 << 8 | Int($1) }
  }

  private func title(_ offset: Int) -> String {
    guard offset + AETitle.size <= bytes.count else { return "" }
    return AETitle(field: bytes[offset..<offset + AETitle.size].span).quoted
  }

  private mutating func addHeader() {
    let end = bytes.count
    var next = add(0, 1, to: end, "PDU type: A-ASSOCIATE-RQ")
    next = add(next, 1, to: end, "reserved")
    let length = number(next, 4).map { "\($0)" } ?? ""
    next = add(next, 4, to: end, "PDU-length: \(length), and \(bytes.count - min(6, end)) are here")
    next = add(
      next, 2, to: end,
      "protocol version: \(number(next, 2).map { "\($0)" } ?? ""), bit 0 is version 1")
    next = add(next, 2, to: end, "reserved")
    next = add(next, AETitle.size, to: end, "called AE title \(title(next))")
    next = add(next, AETitle.size, to: end, "calling AE title \(title(next))")
    next = add(next, 32, to: end, "reserved")
    addItems(next..<end, endingAt: endOfPDU, depth: 0)
  }

  /// The end of the PDU by its header: beyond the bytes if only a part of it arrived or is recorded.
  private var endOfPDU: Int {
    max(bytes.count, number(2, 4).map { PDUType.headerSize + $0 } ?? 0)
  }

  /// Adds the items in `range`; what encloses them ends at `limit`, which is beyond the range if bytes are missing.
  private mutating func addItems(_ range: Range<Int>, endingAt limit: Int, depth: Int) {
    var next = range.lowerBound
    while next < range.upperBound {
      if next >= blank {
        _ = add(
          next, range.upperBound - next, to: range.upperBound, depth: depth, Self.notRecorded)
        return
      }
      guard range.upperBound - next >= 4, let length = number(next + 2, 2) else {
        _ = add(next, 4, to: range.upperBound, depth: depth, "an item")
        return
      }
      let type = ItemType(rawValue: bytes[next])
      let name = type?.name ?? "unknown item \(hex(bytes[next]))H"
      let start = add(next, 4, to: range.upperBound, depth: depth, "\(name), length \(length)")
      let end = min(start + length, range.upperBound)
      if start + length > limit {
        parts[parts.count - 1].fault =
          "reaches \(Counted.text(start + length - limit, "byte")) beyond what encloses it"
      }
      addValue(of: type, start..<end, endingAt: min(start + length, limit), depth: depth + 1)
      next = end
    }
  }

  private mutating func addValue(
    of type: ItemType?, _ range: Range<Int>, endingAt limit: Int, depth: Int
  ) {
    let (start, end) = (range.lowerBound, range.upperBound)
    let value = bytes[range]
    var next = start
    // Only items of the request itself enclose others.
    switch depth == 1 ? type : type?.withoutItems {
    case .applicationContext, .abstractSyntax, .transferSyntax, .implementationClassUID:
      _ = add(start, range.count, to: end, depth: depth, Self.uid(value))
    case .presentationContextProposed:
      let id = number(start, 1).map { "\($0)" } ?? ""
      next = add(next, 1, to: end, depth: depth, "presentation context ID \(id)")
      next = add(next, 3, to: end, depth: depth, "reserved")
      addItems(next..<end, endingAt: limit, depth: depth)
    case .userInformation: addItems(range, endingAt: limit, depth: depth)
    case .maximumLength:
      let length = number(start, 4) ?? 0
      _ = add(
        start, range.count, to: end, depth: depth, length == 0 ? "no limit" : "\(length) bytes")
    case .asynchronousOperationsWindow:
      next = add(next, 2, to: end, depth: depth, "operations invoked: \(number(next, 2) ?? 0)")
      next = add(next, 2, to: end, depth: depth, "operations performed: \(number(next, 2) ?? 0)")
      _ = add(next, end - next, to: end, depth: depth, "more than the item has")
    case .implementationVersionName:
      _ = add(start, range.count, to: end, depth: depth, RequestExplanation.quoted(value))
    case .presentationContextResult, .roleSelection, .sopClassExtendedNegotiation,
      .sopClassCommonExtendedNegotiation, .userIdentity, nil:
      let isBlank = value.allSatisfy { $0 == 0 }
      _ = add(start, range.count, to: end, depth: depth, isBlank ? "not recorded" : "its value")
    }
  }

  /// The largest length of a UID (PS3.8 annex F), in bytes.
  private static let longestUID = 64

  /// The UID in `value` and its name.
  static func uid(_ value: ArraySlice<UInt8>) -> String {
    if value.count > longestUID {
      return "\(UIDNames.uid(value.span.extracting(first: longestUID)))…"
    }
    let (uid, name) = (UIDNames.uid(value.span), UIDNames.name(of: value.span))
    return uid == name ? uid : "\(uid), \(name)"
  }

  /// Marks the part that the program's own reader of requests finds wrong.
  private mutating func markFault() {
    // A request that is incomplete, here or when it was refused, would seem wrong where it ends.
    guard let length = number(2, 4), bytes.count == PDUType.headerSize + length else { return }
    let body = Array(bytes[PDUType.headerSize...])
    do throws(Malformed) {
      let request = try AssociateRequest(body.span)
      _ = request.contextCount
    } catch {
      // A fault that is not in an item has the offset 0. What is blank here was something else when it was refused: no
      // item there is known, nor the lengths inside an item whose header alone is recorded.
      let place = Int(error.offset)
      let end = error.problem == .doesNotAddUp ? place + Self.itemHeader : place
      guard end < blank else { return }
      if let index = parts.lastIndex(where: { $0.offset <= place }) {
        parts[index].fault = error.text
      }
    }
  }
}

extension ItemType {
  /// The type, or `nil` if items of it enclose others.
  fileprivate var withoutItems: ItemType? {
    self == .presentationContextProposed || self == .userInformation ? nil : self
  }

  /// The name of the item in the standard.
  var name: String {
    switch self {
    case .applicationContext: "Application Context Item"
    case .presentationContextProposed: "Presentation Context Item"
    case .presentationContextResult: "Presentation Context Item of an A-ASSOCIATE-AC"
    case .abstractSyntax: "Abstract Syntax Sub-Item"
    case .transferSyntax: "Transfer Syntax Sub-Item"
    case .userInformation: "User Information Item"
    case .maximumLength: "Maximum Length Sub-Item"
    case .implementationClassUID: "Implementation Class UID Sub-Item"
    case .asynchronousOperationsWindow: "Asynchronous Operations Window Sub-Item"
    case .roleSelection: "SCP/SCU Role Selection Sub-Item"
    case .implementationVersionName: "Implementation Version Name Sub-Item"
    case .sopClassExtendedNegotiation: "SOP Class Extended Negotiation Sub-Item"
    case .sopClassCommonExtendedNegotiation: "SOP Class Common Extended Negotiation Sub-Item"
    case .userIdentity: "User Identity Sub-Item"
    }
  }
}
