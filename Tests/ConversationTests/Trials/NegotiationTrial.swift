import TestKit
import UpperLayer

/// A sub-item of the user information that a requestor may send, in the order of the conformance statement's table.
struct NegotiationTrial: Sendable {
  /// The type of the sub-item.
  let type: Int
  private let good: [UInt8]
  private let bad: [UInt8]?

  static var all: [NegotiationTrial] {
    let uid = Wire.be16(Wire.verification.utf8.count) + Array(Wire.verification.utf8)
    return [
      NegotiationTrial(type: 0x53, good: Wire.be16(5) + Wire.be16(5), bad: Wire.be16(5)),
      NegotiationTrial(type: 0x54, good: uid + [1, 1], bad: uid + [1]),
      NegotiationTrial(type: 0x56, good: uid + [1, 1, 1], bad: Wire.be16(99)),
      NegotiationTrial(type: 0x57, good: uid + uid + Wire.be16(0), bad: uid + uid),
      NegotiationTrial(
        type: 0x58, good: [1, 1] + Wire.be16(4) + Array("user".utf8) + Wire.be16(0),
        bad: [1, 1] + Wire.be16(99)),
      NegotiationTrial(type: 0x5F, good: [1, 2, 3], bad: nil),
    ]
  }

  /// The types of the sub-items that the A-ASSOCIATE-AC has only in answer to this one.
  var answer: String {
    let usual = Self.userInformation(acceptedWith: [])
    let types = Self.userInformation(acceptedWith: Wire.item(type, good))
    guard !types.isEmpty else { return "no A-ASSOCIATE-AC" }
    let more = types.filter { !usual.contains($0) }
    return more.isEmpty ? "nothing" : more.map { String($0, radix: 16) }.joined(separator: ", ")
  }

  /// The answer to a malformed sub-item of the type, or `nil` if it cannot be malformed.
  var refusal: String? {
    bad.map { bad in
      let user = Wire.userInformation(extra: Wire.item(type, bad))
      return Trial.answer(to: Wire.associateRequest(user: user)).map(\.title).joined(
        separator: ", ")
    }
  }

  /// Returns the types of the sub-items in the A-ASSOCIATE-AC that answers a request with `subItem`.
  static func userInformation(acceptedWith subItem: [UInt8]) -> [UInt8] {
    let request = Wire.associateRequest(user: Wire.userInformation(extra: subItem))
    let accept = Trial.bytes { $0.receive(request) }
    guard accept.first == 0x02 else { return [] }
    let items = items(of: accept.dropFirst(PDUType.headerSize + AssociateRequest.fixedSize))
    return items.first { $0.type == 0x50 }.map { self.items(of: $0.value).map(\.type) } ?? []
  }

  private static func items(of bytes: ArraySlice<UInt8>) -> [(
    type: UInt8, value: ArraySlice<UInt8>
  )] {
    var items: [(type: UInt8, value: ArraySlice<UInt8>)] = []
    var rest = bytes
    while rest.count >= 4 {
      let header = Array(rest.prefix(4))
      let length = Int(header[2]) << 8 | Int(header[3])
      items.append((header[0], rest.dropFirst(4).prefix(length)))
      rest = rest.dropFirst(4 + length)
    }
    return items
  }
}
