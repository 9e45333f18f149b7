import TestKit
import Testing

@testable import UpperLayer

/// PS3.8 §9.3.2: items within items. A wrong length field is reported at its own offset.
struct ItemsTests {
  private static let context =
    [3, 0, 0, 0] + Wire.item(0x30, Wire.bytes(Wire.verification))
    + Wire.item(0x40, Wire.bytes(Wire.implicitLittle))
  private static let userInformation =
    Wire.item(0x51, Wire.be32(16382)) + Wire.item(0x52, Wire.bytes("1.2.3.4"))

  static let items: [LyingItem] = [
    .text("Application Context", 0x10, "1.2.840.10008.3.1.1.1", in: .request),
    .text("unknown item 00", 0x00, "anything", in: .request),
    .text("unknown item 21", 0x21, "an answer's", in: .request),
    .text("unknown item 60", 0x60, "anything", in: .request),
    .text("unknown item FF", 0xFF, "anything", in: .request),
    LyingItem(
      "Presentation Context", 0x20, context, in: .request,
      .wrong(0x20, at: 0, .endsEarly), .wrong(0x20, at: 0, .endsEarly),
      .wrong(0x40, at: 8 + 21, .reachesBeyond), .good,
      .wrong(0x20, at: 0, .reachesBeyond), .wrong(0x20, at: 0, .reachesBeyond)),
    // With length 0 its sub-items become items of the request, which are unknown there.
    LyingItem(
      "User Information", 0x50, userInformation, in: .request,
      .good, .wrong(0x51, at: 4, .endsEarly), .wrong(0x52, at: 4 + 8, .reachesBeyond), .good,
      .wrong(0x50, at: 0, .reachesBeyond), .wrong(0x50, at: 0, .reachesBeyond)),
    .text("Abstract Syntax", 0x30, Wire.verification, in: .context),
    .text("Transfer Syntax", 0x40, Wire.implicitLittle, in: .context),
    .text("unknown sub-item 41 of a context", 0x41, "anything", in: .context),
    .text("unknown sub-item 00 of a context", 0x00, "anything", in: .context),
  ]

  @Test(arguments: items) func aLengthThatLies(_ item: LyingItem) {
    #expect(item.verdicts.count == item.lengths.count)
    item.check()
  }

  /// One to three bytes left over are not an item: they are less than a header.
  @Test(arguments: 1...3) func lessThanAHeaderIsNoItem(_ left: Int) {
    let rest = Array([0x7F, 0x00, 0x00].prefix(left)) as [UInt8]
    let items = Wire.applicationContext()
    #expect(
      fault(in: Wire.pdu(1, Wire.fixedFields() + items + rest))
        == Malformed(item: 0x7F, offset: 74 + items.count, .endsEarly))
  }

  @Test func itemsAreReadOneAfterTheOther() throws {
    let bytes = Wire.item(0x10, [1, 2]) + Wire.item(0x11, []) + Wire.item(0x12, [3])
    var reader = ItemReader(bytes.span, at: 1000)
    var seen: [[Int]] = []
    while let item = try reader.next() {
      seen.append([Int(item.type), item.offset, item.value.count])
    }
    #expect(seen == [[0x10, 1000, 2], [0x11, 1006, 0], [0x12, 1010, 1]])
  }

  /// Offsets count from the first byte of the PDU, however deeply the item is nested.
  @Test func theItemsInsideAnItem() throws {
    let bytes = Wire.item(0x20, [9, 9] + Wire.item(0x30, [1]) + Wire.item(0x40, [2]))
    var outer = ItemReader(bytes.span, at: 100)
    var seen: [[Int]] = []
    if let item = try outer.next() {
      var inner = item.items(skipping: 2)
      while let item = try inner.next() { seen.append([Int(item.type), item.offset]) }
    }
    #expect(seen == [[0x30, 106], [0x40, 111]])
  }
}
