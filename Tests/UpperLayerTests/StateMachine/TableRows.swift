import TestKit
import Testing
import UpperLayer

/// One cell of PS3.8 Table 9-10, with its effects that are visible from outside.
struct Cell: Sendable, CustomTestStringConvertible {
  /// The event, by its number in Table 9-10.
  var event: String
  /// How the event is made to happen.
  var stimulus: Stimulus
  /// The action in the cell; empty if the table has none.
  var action: String
  /// The bytes that the action issues.
  var reply: [UInt8]
  /// The number of the next state.
  var next: Int
  /// The lines that the host records.
  var heard: [String]

  /// The cause of an event.
  enum Stimulus: Sendable {
    case bytes([UInt8])
    case happening(Peer.Happening)
  }

  init(
    _ event: String, _ stimulus: Stimulus, _ action: String, _ reply: [UInt8], _ next: Int,
    _ heard: String...
  ) {
    self.event = event
    self.stimulus = stimulus
    self.action = action
    self.reply = reply
    self.next = next
    self.heard = heard
  }

  var testDescription: String { event }

  /// Lets the event happen in `state`: bytes in one piece, then one by one.
  func check(in state: AcceptorState) {
    for isBytewise in [false, true] {
      var peer = Peer.arrived(in: state)
      var answer: [UInt8]
      switch stimulus {
      case .bytes(let bytes):
        answer = isBytewise ? peer.send(bytes, inPiecesOf: 1) : peer.send(bytes)
      case .happening(let event):
        answer = peer.happen(event)
      }
      #expect(answer == reply)
      #expect(Int(peer.state.rawValue) == next)
      #expect(peer.host.lines == heard)
    }
  }
}

/// The PDUs that the rows send.
enum PDU {
  static let request = Wire.associateRequest()
  static let requestOfVersion2 = Wire.associateRequest(fixed: Wire.fixedFields(version: 2))
  static let requestOfNothing = Wire.associateRequest(application: [])
  static let accept = Wire.associateAccept()
  static let reject = Wire.reject(1, 1, 7)
  static let echo = Wire.echoRequest(7)
  static let echoed = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 7)))
  static let fragment = Wire.data(Wire.pdv(1, 1, Array(Wire.echoCommand(messageID: 7).prefix(12))))
  static let echoElsewhere = Wire.echoRequest(7, on: 3)
  /// A PDU header and a PDV header, without the fragment that they announce.
  static let headerElsewhere = Array(echoElsewhere.prefix(12))
  static let release = Wire.releaseRequest
  static let released = Wire.releaseReply
  static let abort = Wire.abort(2, 4)
  static let abortTooShort = Wire.pdu(7, [])
  static let unrecognized = Wire.pdu(8, [0, 0, 0, 0])

  /// A PDV that is shorter than its own header.
  static let invalidData = Wire.pdu(4, Wire.pdv(1, 3, [1, 2], length: 0))
  static let invalidDataFault = AbortReason.malformedPDU(
    .dataTransfer, Malformed(item: 0, offset: 6, .doesNotAddUp))

  /// An A-RELEASE-RQ with an extra byte.
  static let invalidRelease = Wire.pdu(5, [0, 0, 0, 0, 0])
  static let invalidReleaseFault = AbortReason.malformedPDU(
    .releaseRequest, Malformed(item: 0, offset: 0, .wrongLength))

  /// A request whose only item is longer than the request.
  static let invalidRequest = Wire.pdu(1, Wire.fixedFields() + Wire.item(0x10, [], length: 1))
  static let invalidRequestFault = AbortReason.malformedPDU(
    .associateRequest, Malformed(item: 0x10, offset: 74, .reachesBeyond))
}
