import TestKit
import Testing

@testable import Verification

/// The stated and the correct value of a group length.
@Suite struct GroupLengthTests {
  private static let rest =
    Wire.element(0x0100, Wire.le16(0x0030)) + Wire.element(0x0110, Wire.le16(7))
    + Wire.element(0x0800, Wire.le16(0x0101))
  private static func stated(_ length: Int) -> [UInt8] {
    Wire.element(0x0000, Wire.le32(length))
  }

  @Test("Both numbers are found, wherever the element is")
  func bothNumbers() throws {
    for place in [0, 10, 20, 30] {
      let set = Self.rest[..<place] + Self.stated(28) + Self.rest[place...]
      #expect(try GroupLength(of: Array(set).span) == GroupLength(stated: 28, counted: 30))
    }
  }

  @Test("Without a group length, all bytes count")
  func missing() throws {
    #expect(try GroupLength(of: Self.rest.span) == GroupLength(stated: nil, counted: 30))
    #expect(try GroupLength(of: [UInt8]().span) == GroupLength(stated: nil, counted: 0))
  }

  @Test("Of two group lengths, the first one counts, as in the decoder")
  func twice() throws {
    let set = Self.stated(42) + Self.rest + Self.stated(99)
    #expect(try GroupLength(of: set.span) == GroupLength(stated: 42, counted: 42))
  }

  @Test(
    "The service user reports exactly the wrong group lengths", arguments: [0, 56, 57, 999])
  func isTold(length: Int) {
    let good = Wire.echoCommand(messageID: 7)
    let command = Self.stated(length) + good.dropFirst(12)
    var peer = Peer()
    peer.send(Wire.associateRequest())
    peer.send(Wire.data(Wire.pdv(1, 3, command)))
    let told = peer.host.lines.filter { $0.hasPrefix("group length") }
    #expect(told == (length == 56 ? [] : ["group length \(length), not 56"]))
  }
}
