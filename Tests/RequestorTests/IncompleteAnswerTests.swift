import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// dcm4chee-arc-light#4690: an answer that stops early is reported with its PDU type and byte counts,
/// whatever the PDU, wherever it stops and in whatever pieces it arrived.
@Suite struct IncompleteAnswerTests {
  private static let accept = Wire.associateAccept()
  private static let response = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 1)))

  /// An answer, and the bytes before it.
  struct Row: Sendable, CustomTestStringConvertible {
    let before: [UInt8]
    let type: PDUType
    let bytes: [UInt8]
    var testDescription: String { "\(type) after \(before.count) bytes" }
  }

  static let rows: [Row] = [
    Row(before: [], type: .associateAccept, bytes: accept),
    Row(before: [], type: .associateReject, bytes: Wire.reject(1, 1, 7)),
    Row(before: [], type: .abort, bytes: Wire.abort(2, 0)),
    Row(before: accept, type: .dataTransfer, bytes: response),
    Row(before: accept, type: .releaseRequest, bytes: Wire.releaseRequest),
    Row(before: accept, type: .abort, bytes: Wire.abort(0, 0)),
    Row(before: accept + response, type: .releaseReply, bytes: Wire.releaseReply),
    Row(before: accept + response, type: .releaseRequest, bytes: Wire.releaseRequest),
    Row(before: accept + response, type: .abort, bytes: Wire.abort(0, 0)),
    Row(
      before: accept + response, type: .dataTransfer,
      bytes: Wire.data(Wire.pdv(1, 0, [1, 2, 3]), Wire.pdv(1, 2, [4, 5]))),
    Row(
      before: accept + response + Wire.releaseRequest, type: .releaseReply,
      bytes: Wire.releaseReply),
  ]

  @Test("An answer that stops after any of its bytes is incomplete", arguments: rows)
  func stops(_ row: Row) {
    for count in 1..<row.bytes.count {
      for size in [1, 7, row.bytes.count] {
        var scu = EchoSCU(.implicit)
        _ = scu.hear(row.before)
        var rest = row.bytes.prefix(count)
        while !rest.isEmpty {
          #expect(scu.hear(Array(rest.prefix(size))).isEmpty)
          rest = rest.dropFirst(size)
        }
        let pdu = scu.incomplete
        #expect(pdu?.type == row.type && pdu?.received == UInt32(count) && pdu?.message == 0)
        #expect(pdu?.expected == (count < PDUType.headerSize ? 0 : UInt32(row.bytes.count)))
        // It does not change when the wait ends.
        scu.abort()
        #expect(scu.incomplete == pdu)
      }
    }
  }

  @Test("A message without its last fragment is incomplete, too")
  func message() {
    var scu = EchoSCU(.implicit)
    let command = Wire.echoResponseCommand(messageID: 1)
    _ = scu.hear(Self.accept + Wire.data(Wire.pdv(1, 1, Array(command.prefix(40)))))
    #expect(scu.incomplete?.firstByte == nil && scu.incomplete?.message == 40)
    _ = scu.hear([4, 0, 0])
    #expect(scu.incomplete?.type == .dataTransfer && scu.incomplete?.received == 3)
  }

  @Test("The largest possible length is reported unchanged")
  func longest() {
    var scu = EchoSCU(
      EchoProposal(
        called: AETitle("A")!, calling: AETitle("B")!, transferSyntaxes: [.implicitVRLittleEndian],
        maximumLength: 0, implementation: ImplementationItems(classUID: "1.2", versionName: "V")))
    _ = scu.hear(Self.accept + [4, 0, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(scu.incomplete?.received == 6 && scu.incomplete?.expected == UInt32.max)
  }

  @Test("Between two answers nothing is incomplete")
  func whole() {
    var scu = EchoSCU(.implicit)
    #expect(scu.incomplete == nil)
    for bytes in [Self.accept, Self.response, Wire.releaseRequest, Wire.releaseReply] {
      _ = scu.hear(bytes)
      #expect(scu.incomplete == nil)
    }
  }
}
