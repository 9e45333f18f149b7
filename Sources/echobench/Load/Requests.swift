import Requestor
import UpperLayer

/// The PDUs that a requestor sends, encoded once: nothing but the Message ID of an echo changes.
struct Requests {
  /// The size of a C-ECHO-RQ in its P-DATA-TF, in bytes.
  static let echoSize = EchoProposal.echoSize

  /// What is proposed: the only transfer syntax, as by DCMTK's echoscu, is the one that every SCP
  /// must know.
  let proposal: EchoProposal
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
    proposal = EchoProposal(
      called: called, calling: calling, transferSyntaxes: [.implicitVRLittleEndian],
      maximumLength: 16382,
      implementation: ImplementationItems(
        classUID: Benchmark.classUID, versionName: Benchmark.versionName))
    associate = proposal.associateRequest
    release = [UInt8](capacity: 16) { $0.appendReleaseRequest() }
    abort = [UInt8](capacity: 16) { $0.append(Abort.serviceUser) }
    echoes = [UInt8](capacity: depth * Self.echoSize) { output in
      for _ in 0..<depth { output.appendEchoRequest(messageID: 0) }
    }
  }

  /// Gives the first `count` echoes the Message IDs from `first` on.
  mutating func number(from first: UInt16, count: Int) {
    var offset = EchoProposal.messageIDOffset
    var messageID = first
    for _ in 0..<count {
      echoes[offset] = UInt8(truncatingIfNeeded: messageID)
      echoes[offset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
      messageID &+= 1
      offset += Self.echoSize
    }
  }
}
