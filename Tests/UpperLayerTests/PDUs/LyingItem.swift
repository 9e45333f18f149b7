import TestKit
import Testing
import UpperLayer

/// An item or sub-item with a wrong length field. It is the last one in its enclosing item or PDU,
/// whose own length is correct.
struct LyingItem: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var type: Int
  var value: [UInt8]
  var place: Place
  /// The expected verdict for each of ``lengths``.
  var verdicts: [Verdict]

  /// The place where items of its kind belong: the raw value is the offset there in a request.
  enum Place: Int, Sendable {
    /// Directly after the fixed fields.
    case request = 74
    /// In a Presentation Context Item.
    case context = 82
    /// In a User Information Item.
    case userInformation = 78
  }

  /// The expected result: no fault, or a fault in the item of this type that begins that many bytes
  /// after the start of the lying item.
  enum Verdict: Sendable {
    case good
    case wrong(Int, at: Int, Malformed.Problem)
  }

  init(
    _ description: String, _ type: Int, _ value: [UInt8], in place: Place, _ verdicts: Verdict...
  ) {
    testDescription = description
    self.type = type
    self.value = value
    self.place = place
    self.verdicts = verdicts
  }

  /// An item that contains text. The bytes that too small a length leaves over are read as the next
  /// item: four bytes of text give a type and a far too large length, and one byte is not a header.
  static func text(_ description: String, _ type: Int, _ text: String, in place: Place) -> LyingItem
  {
    let value = Wire.bytes(text)
    let byte = value.map(Int.init)
    return LyingItem(
      description, type, value, in: place,
      .wrong(byte[0], at: 4, .reachesBeyond), .wrong(byte[1], at: 5, .reachesBeyond),
      .wrong(byte[byte.count - 1], at: 3 + byte.count, .endsEarly), .good,
      .wrong(type, at: 0, .reachesBeyond), .wrong(type, at: 0, .reachesBeyond))
  }

  /// An item of a fixed size, which is checked first.
  static func fixed(_ description: String, _ type: Int, _ value: [UInt8], in place: Place)
    -> LyingItem
  {
    LyingItem(
      description, type, value, in: place,
      .wrong(type, at: 0, .wrongLength), .wrong(type, at: 0, .wrongLength),
      .wrong(type, at: 0, .wrongLength), .good,
      .wrong(type, at: 0, .reachesBeyond), .wrong(type, at: 0, .reachesBeyond))
  }

  /// The lengths to try: 0, 1, exact - 1, exact, exact + 1, and the largest possible.
  var lengths: [Int] { [0, 1, value.count - 1, value.count, value.count + 1, 65535] }

  /// Checks each length, first in the parser and then over the wire.
  func check() {
    for (length, verdict) in zip(lengths, verdicts) {
      let request = self.request(length: length)
      let expected = malformed(verdict)
      #expect(fault(in: request) == expected, "length \(length)")

      var peer = Peer()
      let answer = peer.send(request)
      if let expected {
        #expect(answer == Wire.abort(0, 0), "length \(length)")
        let reason = AbortReason.malformedPDU(.associateRequest, expected)
        #expect(peer.host.lines == [aborting(0, 0, reason, in: 2)], "length \(length)")
      } else {
        #expect(answer.first == 2, "length \(length)")
      }
    }
  }

  private func malformed(_ verdict: Verdict) -> Malformed? {
    guard case .wrong(let type, let offset, let problem) = verdict else { return nil }
    // An application context comes first, so that a well-formed request is accepted.
    let base = place.rawValue + Wire.applicationContext().count
    return Malformed(item: UInt8(type), offset: base + offset, problem)
  }

  private func request(length: Int) -> [UInt8] {
    let item = Wire.item(type, value, length: length)
    let enclosed =
      switch place {
      case .request: item
      case .context: Wire.context(1, subItems: item)
      case .userInformation: Wire.item(0x50, item)
      }
    return Wire.pdu(1, Wire.fixedFields() + Wire.applicationContext() + enclosed)
  }
}
