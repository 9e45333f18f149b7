import TestKit
import Testing

@testable import UpperLayer

/// PS3.7 annex D.3.3.3 to D.3.3.7: the negotiation sub-items, field by field, and cut off at every
/// byte.
@Suite struct NegotiationItemTests {
  private static let uid = "1.2.840.10008.5.1.4.1.1.2"
  private static let service = "1.2.840.10008.4.2"

  /// A sub-item's type and value, and its fields as text.
  static let items: [(type: Int, value: [UInt8], read: String)] = [
    (0x53, [0, 1, 0xFF, 0xFE], "window 1/65534"),
    (0x53, [0, 0, 0, 0], "window 0/0"),
    (0x54, Wire.field(uid) + [1, 0], "role \(uid) 1/0"),
    (0x54, Wire.field("1.2\0") + [0, 255], "role 1.2\0 0/255"),
    (0x54, Wire.field("") + [2, 3], "role  2/3"),
    (0x56, Wire.field(uid) + [1, 0, 255], "extended \(uid) [1, 0, 255]"),
    (0x56, Wire.field(uid), "extended \(uid) []"),
    (0x56, Wire.field("") + [7], "extended  [7]"),
    (
      0x57, Wire.field(uid) + Wire.field(service) + Wire.be16(0), "common \(uid) \(service) []"
    ),
    (
      0x57, Wire.field(uid) + Wire.field(service) + Wire.be16(5) + Wire.field("1.2"),
      "common \(uid) \(service) [\"1.2\"]"
    ),
    (
      0x57, Wire.field("1") + Wire.field("2") + Wire.be16(10) + list("1.2", "", "3"),
      "common 1 2 [\"1.2\", \"\", \"3\"]"
    ),
    (0x58, [1, 0] + Wire.field("user") + Wire.field(""), "identity 1 0 user/"),
    (0x58, [2, 1] + Wire.field("user") + Wire.field("secret"), "identity 2 1 user/secret"),
    (0x58, [255, 9] + Wire.field("") + Wire.field("secret"), "identity 255 9 /secret"),
  ]

  @Test("Each field of a sub-item is read as sent", arguments: items)
  func isRead(type: Int, value: [UInt8], read: String) throws {
    #expect(try Self.read(type, value) == read)
    #expect(try Self.all(Wire.item(type, value)) == [read])
  }

  @Test(
    "A sub-item cut off anywhere is malformed, unless the missing part is optional",
    arguments: items)
  func cutOff(type: Int, value: [UInt8], read: String) {
    let problem: Malformed.Problem = type == 0x53 ? .wrongLength : .doesNotAddUp
    // Application information may have any length.
    let least = type == 0x56 ? 2 + Int(value[1]) : value.count
    for length in 0..<value.count {
      let expected = Malformed(item: UInt8(type), offset: 100, problem)
      do throws(Malformed) {
        _ = try Self.read(type, Array(value.prefix(length)))
        #expect(length >= least, "\(length) bytes")
      } catch {
        #expect(error == expected)
        #expect(length < least, "\(length) bytes")
      }
    }
  }

  @Test("An extra byte is malformed if nothing may follow", arguments: items)
  func tooLong(type: Int, value: [UInt8], read: String) {
    let isOpen = type == 0x56 || type == 0x57
    #expect((try? Self.read(type, value + [0])) != nil || !isOpen)
    if !isOpen {
      let problem: Malformed.Problem = type == 0x53 ? .wrongLength : .doesNotAddUp
      #expect(throws: Malformed(item: UInt8(type), offset: 100, problem)) {
        try Self.read(type, value + [0])
      }
    }
  }

  @Test("Additions of later versions after the related SOP classes are ignored")
  func laterVersion() throws {
    let value =
      Wire.field("1") + Wire.field("2") + Wire.be16(3) + Wire.field("3") + [0xFF, 0xFF, 9]
    #expect(try Self.read(0x57, value) == "common 1 2 [\"3\"]")
  }

  @Test("A sub-item of any other type is ignored, whatever it contains", arguments: 0...255)
  func isOfAnotherKind(type: Int) throws {
    guard ![0x53, 0x54, 0x56, 0x57, 0x58].contains(type) else { return }
    #expect(try Self.read(type, []) == nil)
    #expect(try Self.read(type, [0xFF, 0xFF, 0xFF]) == nil)
  }

  @Test(
    "A list of UIDs is valid only if its lengths add up",
    arguments: [
      ([], []), (Wire.field(""), [""]), (list("1.2", "", "1.2.3\0"), ["1.2", "", "1.2.3\0"]),
      ([0], nil), ([0, 1], nil), (list("1.2") + [0], nil), (list("1.2") + [0, 1], nil),
      (Wire.be16(65535) + [1], nil), ([0, 0, 0, 0], ["", ""]),
    ] as [([UInt8], [String]?)])
  func uidList(bytes: [UInt8], uids: [String]?) {
    var found: [String]?
    if var list = UIDList(bytes.span) {
      var all: [String] = []
      while let uid = list.next() { all.append(text(uid)) }
      let isAtEnd = list.next() == nil
      #expect(isAtEnd)
      found = all
    }
    #expect(found == uids)
  }

  @Test("The negotiation sub-items of a request are read in order, without the others")
  func itemsOfARequest() throws {
    let kinds = Self.items.flatMap { Wire.item($0.type, $0.value) + Wire.item(0x59, [1]) }
    #expect(try Self.all(kinds) == Self.items.map(\.read))
    #expect(try Self.all([]) == [])
  }

  @Test("A request without a User Information Item negotiates nothing; of two, the first counts")
  func userInformationItems() throws {
    let first = Wire.item(0x50, Wire.item(0x53, [0, 1, 0, 1]))
    let second = Wire.item(0x50, Wire.item(0x53, [0, 2, 0, 2]))
    #expect(try Self.allOfRequest(Wire.associateRequest(user: [])) == [])
    #expect(try Self.allOfRequest(Wire.associateRequest(user: first + second)) == ["window 1/1"])
    #expect(try Self.allOfRequest(Wire.associateRequest(user: Wire.item(0x50, []) + second)) == [])
  }

  @Test("With another protocol version, a malformed sub-item is reported when it is reached")
  func anotherVersion() throws {
    let user = Wire.item(0x50, Wire.item(0x53, [0, 1, 0, 1]) + Wire.item(0x58, [1]))
    let pdu = Wire.associateRequest(fixed: Wire.fixedFields(version: 2), user: user)
    let body = Array(pdu.dropFirst(6))
    let request = try AssociateRequest(body.span)
    var items = try request.negotiationItems
    var read: [String] = []
    var fault: Malformed?
    do throws(Malformed) {
      while let item = try items.next() { read.append(text(item)) }
    } catch {
      fault = error
    }
    #expect(read == ["window 1/1"])
    #expect(fault == Malformed(item: 0x58, offset: pdu.count - 5, .doesNotAddUp))
  }

  private static func list(_ uids: String...) -> [UInt8] { uids.flatMap { Wire.field($0) } }

  /// The fields of one sub-item that begins at byte 100, as text.
  private static func read(_ type: Int, _ value: [UInt8]) throws(Malformed) -> String? {
    let item = Item(type: UInt8(type), offset: 100, value: value.span)
    guard let negotiation = try NegotiationItem.read(item) else { return nil }
    return text(negotiation)
  }

  /// The negotiation sub-items of a request with these sub-items, as text.
  private static func all(_ subItems: [UInt8]) throws -> [String] {
    try allOfRequest(Wire.associateRequest(user: Wire.userInformation(extra: subItems)))
  }

  private static func allOfRequest(_ pdu: [UInt8]) throws -> [String] {
    let body = Array(pdu.dropFirst(6))
    let request = try AssociateRequest(body.span)
    var items = try request.negotiationItems
    var read: [String] = []
    while let item = try items.next() { read.append(text(item)) }
    return read
  }
}

private func text(_ item: borrowing NegotiationItem) -> String {
  switch item {
  case .asynchronousOperationsWindow(let invoked, let performed):
    return "window \(invoked)/\(performed)"
  case .roleSelection(let sopClassUID, let scuRole, let scpRole):
    return "role \(text(sopClassUID)) \(scuRole)/\(scpRole)"
  case .sopClassExtendedNegotiation(let sopClassUID, let information):
    return "extended \(text(sopClassUID)) \(information.indices.map { information[$0] })"
  case .sopClassCommonExtendedNegotiation(let sopClassUID, let serviceClassUID, var related):
    var uids: [String] = []
    while let uid = related.next() { uids.append(text(uid)) }
    return "common \(text(sopClassUID)) \(text(serviceClassUID)) \(uids)"
  case .userIdentity(let type, let responseRequested, let primary, let secondary):
    return "identity \(type) \(responseRequested) \(text(primary))/\(text(secondary))"
  }
}
