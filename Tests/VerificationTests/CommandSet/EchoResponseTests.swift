import TestKit
import Testing
import Verification

/// Every byte of the response, for every Message ID.
@Suite struct EchoResponseTests {
  /// The elements of PS3.7 Table 9.3-13 in a P-DATA-TF, byte by byte.
  // swift-format-ignore
  @Test func isWhatTheStandardSays() {
    var peer = Peer()
    peer.send(Wire.associateRequest())
    #expect(peer.send(Wire.echoRequest(0x1234)) == [
      0x04, 0x00, 0x00, 0x00, 0x00, 0x54,              // P-DATA-TF of 84 bytes
      0x00, 0x00, 0x00, 0x50, 0x01, 0x03,              // PDV of 80, context 1, command, last
      0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,  // Command Group Length
      0x42, 0x00, 0x00, 0x00,                          // 66
      0x00, 0x00, 0x02, 0x00, 0x12, 0x00, 0x00, 0x00,  // Affected SOP Class UID
      0x31, 0x2E, 0x32, 0x2E, 0x38, 0x34, 0x30, 0x2E, 0x31,
      0x30, 0x30, 0x30, 0x38, 0x2E, 0x31, 0x2E, 0x31, 0x00,
      0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00,  // Command Field
      0x30, 0x80,                                      // C-ECHO-RSP
      0x00, 0x00, 0x20, 0x01, 0x02, 0x00, 0x00, 0x00,  // Message ID Being Responded To
      0x34, 0x12,
      0x00, 0x00, 0x00, 0x08, 0x02, 0x00, 0x00, 0x00,  // Command Data Set Type
      0x01, 0x01,                                      // none
      0x00, 0x00, 0x00, 0x09, 0x02, 0x00, 0x00, 0x00,  // Status
      0x00, 0x00,                                      // Success
    ])
  }

  @Test func everyMessageID() {
    var peer = Peer()
    peer.send(Wire.associateRequest())
    let batch = 256
    for first in stride(from: 0, to: 0x1_0000, by: batch) {
      let ids = first..<first + batch
      let answer = peer.send(ids.flatMap { Wire.echoRequest($0) })
      let expected = ids.flatMap { id in
        Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: id)))
      }
      #expect(answer == expected, "Message IDs \(ids)")
    }
    #expect(
      peer.host.lines.dropFirst(2).elementsEqual((0..<0x1_0000).lazy.map { "echo \($0)" }))
  }
}
