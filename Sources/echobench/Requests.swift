import ByteCoding
import UpperLayer
import Verification

/// The PDUs that a requestor sends, encoded once: nothing but the Message ID of an echo changes.
struct Requests {
  /// The presentation context of Verification.
  static let contextID: UInt8 = 1
  /// The only transfer syntax proposed, as by DCMTK's echoscu: every SCP must know it.
  static let transferSyntax = TransferSyntax.implicitVRLittleEndian
  /// The largest PDU-length of a P-DATA-TF that is taken, in bytes.
  static let maximumLength: UInt32 = 16382
  /// The size of a C-ECHO-RQ in its P-DATA-TF, in bytes.
  static let echoSize = 80
  /// Its PDU-length.
  static let echoLength = UInt32(echoSize - PDUType.headerSize)
  /// Where its Message ID begins.
  private static let messageIDOffset = 68

  /// A-ASSOCIATE-RQ.
  let associate: [UInt8]
  /// A-RELEASE-RQ.
  let release: [UInt8]
  /// A-ABORT by the service user.
  let abort: [UInt8]
  /// As many C-ECHO-RQs as may be outstanding.
  private(set) var echoes: [UInt8]

  /// The requests of `calling` to `called`, with so many echoes.
  init(called: AETitle, calling: AETitle, depth: Int) {
    associate = [UInt8](capacity: 512) { $0.appendAssociateRequest(called, calling) }
    release = [UInt8](capacity: 16) { $0.appendReleaseRequest() }
    abort = [UInt8](capacity: 16) { $0.appendAbort() }
    echoes = [UInt8](capacity: depth * Self.echoSize) { output in
      for _ in 0..<depth { output.appendEchoRequest() }
    }
  }

  /// Gives the first `count` echoes the Message IDs from `first` on.
  mutating func number(from first: UInt16, count: Int) {
    var offset = Self.messageIDOffset
    var messageID = first
    for _ in 0..<count {
      echoes[offset] = UInt8(truncatingIfNeeded: messageID)
      echoes[offset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
      messageID &+= 1
      offset += Self.echoSize
    }
  }
}
