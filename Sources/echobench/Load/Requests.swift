import Requestor
import UpperLayer

/// The PDUs that a requestor sends, encoded once: only the Message ID of an echo changes.
struct Requests {
  /// The size of a C-ECHO-RQ in its P-DATA-TF, in bytes.
  static let echoSize = EchoProposal.echoSize

  /// The proposal: like that of DCMTK's echoscu, it has one transfer syntax, which every SCP must support.
  let proposal: EchoProposal
  /// A-ASSOCIATE-RQ.
  let associate: [UInt8]
  /// A-RELEASE-RQ.
  let release: [UInt8]
  /// A-ABORT by the service user.
  let abort: [UInt8]
  /// As many C-ECHO-RQs as may be outstanding.
  private(set) var echoes: [UInt8]

  /// Encodes the requests of `calling` to `called`, with `depth` echoes.
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

  /// Gives the first `count` echoes the Message IDs starting at `first`.
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
