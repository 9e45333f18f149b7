import TestKit
import Testing
import UpperLayer

/// PS3.8 annex D and PS3.7 annex D.3.3: the sub-items of the User Information Item, each checked
/// within its bounds, including its inner length fields.
struct UserInformationTests {
  private static let uid = "1.2.840.10008.5.1.4.1.1.2"
  private static let role = Wire.field(uid) + [1, 0]
  private static let extended = Wire.field(uid) + [1, 0, 1]
  private static let related = Wire.field("1.2.3") + Wire.field("1.2.3.45")
  private static let common =
    Wire.field(uid) + Wire.field("1.2.840.10008.4.2") + Wire.be16(related.count) + related
  private static let identity = [2, 1] + Wire.field("user") + Wire.field("secret")

  static let subItems: [LyingItem] = [
    .fixed("51 Maximum Length", 0x51, Wire.be32(16382), in: .userInformation),
    .text("52 Implementation Class UID", 0x52, "1.2.3.4", in: .userInformation),
    .fixed("53 Asynchronous Operations", 0x53, [0, 1, 0, 1], in: .userInformation),
    structured("54 Role Selection", 0x54, role),
    .text("55 Implementation Version Name", 0x55, "SOMEBODY_1", in: .userInformation),
    // One byte less is still well-formed: the application information may have any length.
    LyingItem(
      "56 SOP Class Extended Negotiation", 0x56, extended, in: .userInformation,
      .wrong(0x56, at: 0, .doesNotAddUp), .wrong(0x56, at: 0, .doesNotAddUp),
      .wrong(0x01, at: 3 + extended.count, .endsEarly), .good,
      .wrong(0x56, at: 0, .reachesBeyond), .wrong(0x56, at: 0, .reachesBeyond)),
    structured("57 SOP Class Common Extended Negotiation", 0x57, common),
    structured("58 User Identity", 0x58, identity),
    .text("59 User Identity, response", 0x59, "anything", in: .userInformation),
    .text("unknown sub-item 00", 0x00, "anything", in: .userInformation),
    .text("unknown sub-item 5A", 0x5A, "anything", in: .userInformation),
    .text("unknown sub-item FF", 0xFF, "anything", in: .userInformation),
  ]

  /// A sub-item that must be complete.
  private static func structured(_ name: String, _ type: Int, _ value: [UInt8]) -> LyingItem {
    LyingItem(
      name, type, value, in: .userInformation,
      .wrong(type, at: 0, .doesNotAddUp), .wrong(type, at: 0, .doesNotAddUp),
      .wrong(type, at: 0, .doesNotAddUp), .good,
      .wrong(type, at: 0, .reachesBeyond), .wrong(type, at: 0, .reachesBeyond))
  }

  @Test(arguments: subItems) func aLengthThatLies(_ subItem: LyingItem) {
    #expect(subItem.verdicts.count == subItem.lengths.count)
    subItem.check()
  }

  // MARK: cut off

  /// A sub-item's type, its value, and the lengths to which the value can be cut and be well-formed.
  static let beginnings: [(type: Int, value: [UInt8], good: ClosedRange<Int>)] = [
    (0x51, Wire.be32(16382), 4...4),
    (0x52, Wire.bytes("1.2.3.4"), 0...7),
    (0x53, [0, 1, 0, 1], 4...4),
    (0x54, role, 29...29),
    (0x55, Wire.bytes("SOMEBODY_1"), 0...10),
    (0x56, extended, 27...30),
    (0x57, common, 65...65),
    (0x57, common + [1, 2, 3], 65...68),
    (0x58, identity, 16...16),
    (0x59, [1, 2, 3], 0...3),
    (0xFF, [1, 2, 3], 0...3),
  ]

  @Test(arguments: beginnings)
  func cutOffAnywhere(_ type: Int, _ value: [UInt8], _ good: ClosedRange<Int>) {
    for length in 0...value.count {
      let problem: Malformed.Problem =
        type == 0x51 || type == 0x53 ? .wrongLength : .doesNotAddUp
      let expected =
        good.contains(length) ? nil : Malformed(item: UInt8(type), offset: 78, problem)
      #expect(Self.fault(type, Array(value.prefix(length))) == expected, "\(length) bytes")
    }
  }

  @Test(arguments: [0x51, 0x53]) func aFixedSizeIsNotExceeded(_ type: Int) {
    for length in [5, 6, 65000] {
      #expect(
        Self.fault(type, [UInt8](repeating: 0, count: length))
          == Malformed(item: UInt8(type), offset: 78, .wrongLength))
    }
  }

  @Test(arguments: [(0x54, role), (0x58, identity)])
  func nothingMayFollowTheLastField(_ type: Int, _ value: [UInt8]) {
    #expect(Self.fault(type, value) == nil)
    #expect(
      Self.fault(type, value + [0]) == Malformed(item: UInt8(type), offset: 78, .doesNotAddUp))
  }

  // MARK: inner lengths

  /// A sub-item, the offset of a length field in its value, and the lengths that are well-formed
  /// there; all others do not add up.
  static let innerLengths: [(String, type: Int, value: [UInt8], at: Int, good: Set<Int>)] = [
    ("54, UID-length", 0x54, role, 0, [25]),
    ("56, SOP-class-uid-length", 0x56, extended, 0, Set(0...28)),
    ("57, SOP-class-uid-length", 0x57, common, 0, [25]),
    ("57, Service-class-uid-length", 0x57, common, 27, [17]),
    // A part of the list that ends between two UIDs is a list with something unknown after it.
    ("57, Related list length", 0x57, common, 46, [0, 7, 17]),
    // Fifteen bytes include the second UID with its length, and end where the list does.
    ("57, first related UID's length", 0x57, common, 48, [5, 15]),
    ("57, last related UID's length", 0x57, common, 55, [8]),
    ("58, Primary-field-length", 0x58, identity, 2, [4]),
    ("58, Secondary-field-length", 0x58, identity, 8, [6]),
  ]

  @Test(arguments: innerLengths)
  func anInnerLengthThatLies(
    _ name: String, _ type: Int, _ value: [UInt8], _ place: Int, _ good: Set<Int>
  ) {
    let exact = Int(value[place]) << 8 | Int(value[place + 1])
    #expect(good.contains(exact))
    for length in Array(0...100) + [255, 256, 32767, 32768, 65533, 65534, 65535] {
      var lying = value
      lying.replaceSubrange(place..<place + 2, with: Wire.be16(length))
      let expected =
        good.contains(length) ? nil : Malformed(item: UInt8(type), offset: 78, .doesNotAddUp)
      #expect(Self.fault(type, lying) == expected, "length \(length)")
    }
  }

  /// Empty UIDs and fields are well-formed; their meaning is not checked.
  @Test(
    arguments: [
      (0x54, [0, 0, 1, 1]), (0x56, [0, 0]), (0x57, [0, 0, 0, 0, 0, 0]),
      (0x57, [0, 0, 0, 0, 0, 2, 0, 0]), (0x58, [1, 0, 0, 0, 0, 0]),
    ] as [(Int, [UInt8])])
  func emptyFieldsAreWellFormed(_ type: Int, _ value: [UInt8]) {
    #expect(Self.fault(type, value) == nil)
  }

  // MARK: fields

  /// The Maximum Length Sub-Items of a request, and the result: the first one, or 0 for no limit.
  @Test(
    arguments: [
      ([], 0), ([0], 0), ([1], 1), ([16382], 16382), ([0xFFFF_FFFF], 0xFFFF_FFFF),
      ([100, 200], 100), ([0, 200], 0),
    ] as [([Int], UInt32)])
  func theFirstMaximumLengthHolds(_ maximums: [Int], _ expected: UInt32) throws {
    let user = Wire.item(0x50, maximums.flatMap { Wire.item(0x51, Wire.be32($0)) })
    let body = Array(Wire.associateRequest(user: user).dropFirst(6))
    let maximumLength = try AssociateRequest(body.span).userInformation.maximumLength
    #expect(maximumLength == expected)
  }

  @Test func theFirstUserInformationHolds() throws {
    let user = Wire.userInformation(maximumLength: 100) + Wire.userInformation(maximumLength: 200)
    let body = Array(Wire.associateRequest(user: user).dropFirst(6))
    let maximumLength = try AssociateRequest(body.span).userInformation.maximumLength
    #expect(maximumLength == 100)
  }

  /// A second User Information Item is checked, too.
  @Test func everyUserInformationIsChecked() {
    let user = Wire.userInformation() + Wire.item(0x50, Wire.item(0x51, []))
    #expect(answer(to: Wire.associateRequest(user: user)) == Wire.abort(0, 0))
  }

  /// No negotiation sub-item is answered: none of them changes the A-ASSOCIATE-AC.
  @Test(arguments: beginnings.dropFirst())
  func nothingIsNegotiated(_ type: Int, _ value: [UInt8], _ good: ClosedRange<Int>) {
    let user = Wire.userInformation(extra: Wire.item(type, Array(value.prefix(good.upperBound))))
    #expect(
      answer(to: Wire.associateRequest(user: user)) == Wire.associateAccept())
  }

  /// The fault in a request that has only this sub-item.
  private static func fault(_ type: Int, _ value: [UInt8]) -> Malformed? {
    let user = Wire.item(0x50, Wire.item(type, value))
    return UpperLayerTests.fault(in: Wire.pdu(1, Wire.fixedFields() + user))
  }
}
