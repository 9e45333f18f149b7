import TestKit
import Testing

@testable import Verification

@Suite struct UsualEchoRequestTests {
  /// The C-ECHO-RQ of DCMTK, pynetdicom and dcm4che with this Message ID.
  static func usual(_ messageID: UInt16) -> [UInt8] {
    Wire.echoCommand(messageID: Int(messageID))
  }

  static func result(
    _ decode: () throws(CommandFault) -> EchoRequest
  ) -> Result<EchoRequest, CommandFault> {
    do throws(CommandFault) { return .success(try decode()) } catch { return .failure(error) }
  }

  @Test(arguments: [0, 1, 0x1234, 0xFFFF] as [UInt16])
  func isRecognizedWithItsMessageID(_ messageID: UInt16) {
    #expect(UsualEchoRequest.messageID(of: Self.usual(messageID).span) == messageID)
  }

  /// Whichever bit is changed, both ways of decoding a command set give the same result.
  @Test func whatDiffersInOneBitIsReadElementByElement() {
    let commandSet = Self.usual(0x0102)
    for index in commandSet.indices {
      for bit in 0..<8 {
        var changed = commandSet
        changed[index] ^= 1 << UInt8(bit)
        let isMessageID = index == 56 || index == 57
        #expect((UsualEchoRequest.messageID(of: changed.span) != nil) == isMessageID)
        let whole = Self.result { () throws(CommandFault) in try EchoRequest(changed.span) }
        let elements = Self.result { () throws(CommandFault) in
          try EchoRequest(elementsOf: changed.span)
        }
        #expect(whole == elements)
      }
    }
  }

  @Test func aShorterOrLongerOneIsNotTheUsualOne() {
    let commandSet = Self.usual(1)
    for size in 0..<commandSet.count {
      #expect(UsualEchoRequest.messageID(of: Array(commandSet.prefix(size)).span) == nil)
    }
    #expect(UsualEchoRequest.messageID(of: (commandSet + [0]).span) == nil)
  }
}
