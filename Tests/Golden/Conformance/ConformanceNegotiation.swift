import TestKit
import UpperLayer

/// Section 7.2.1.4.4: what a requestor may negotiate beyond the minimum, and what comes of it.
extension Conformance {
  static func negotiation(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.4", "Extended negotiation")
    document.paragraph(
      """
      Each sub-item of the user information is checked: one whose lengths do not add up is a \
      malformed request. None is answered by a sub-item of its kind, as PS3.7 annex D.3.3 lets an \
      acceptor do, so that the defaults hold.
      """)
    document.table(
      "Extended negotiation",
      ["sub-item", "type", "what is done", "answered by", "if it is malformed"],
      negotiated.map { item in
        [
          item.name, String(item.type, radix: 16, uppercase: true) + "H", item.effect,
          answer(toSubItem: Wire.item(item.type, item.good)),
          item.bad.map { refusal(ofSubItem: Wire.item(item.type, $0)) } ?? "–",
        ]
      })
  }

  private typealias Negotiated = (
    name: String, type: Int, effect: String, good: [UInt8], bad: [UInt8]?
  )

  private static var negotiated: [Negotiated] {
    let uid = Wire.be16(Wire.verification.utf8.count) + Array(Wire.verification.utf8)
    return [
      (
        "Asynchronous Operations Window", 0x53,
        "read, shown at debug; the window stays 1 invoked, 1 performed",
        Wire.be16(5) + Wire.be16(5), Wire.be16(5)
      ),
      (
        "SCP/SCU Role Selection", 0x54, "read, shown at debug; the default roles hold",
        uid + [1, 1], uid + [1]
      ),
      (
        "SOP Class Extended Negotiation", 0x56,
        "read, shown at debug; Verification has none (PS3.4 annex A.5)", uid + [1, 1, 1],
        Wire.be16(99)
      ),
      (
        "SOP Class Common Extended Negotiation", 0x57,
        "read, shown at debug; what the version of the sub-item adds is passed over",
        uid + uid + Wire.be16(0), uid + uid
      ),
      (
        "User Identity Negotiation", 0x58,
        """
        read; accepted whoever it is, of any type, and even where a positive response is \
        requested; shown at debug without the passcode
        """,
        [1, 1] + Wire.be16(4) + Array("user".utf8) + Wire.be16(0), [1, 1] + Wire.be16(99)
      ),
      ("any other", 0x5F, "passed over (PS3.8 §9.3.1)", [1, 2, 3], nil),
    ]
  }

  /// The sub-items that an A-ASSOCIATE-AC has only because of `subItem`.
  private static func answer(toSubItem subItem: [UInt8]) -> String {
    let usual = userInformation(acceptedWith: [])
    let types = userInformation(acceptedWith: subItem)
    guard !types.isEmpty else { return "no A-ASSOCIATE-AC" }
    let more = types.filter { !usual.contains($0) }
    return more.isEmpty ? "nothing" : more.map { String($0, radix: 16) }.joined(separator: ", ")
  }

  /// What is answered to a request with `subItem`, when that is no A-ASSOCIATE-AC.
  private static func refusal(ofSubItem subItem: [UInt8]) -> String {
    let request = Wire.associateRequest(user: Wire.userInformation(extra: subItem))
    return Trial.answer(to: request).map(\.title).joined(separator: ", ")
  }

  /// The types of the sub-items in the A-ASSOCIATE-AC to a request with `subItem`.
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
