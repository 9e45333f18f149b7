import TestKit

/// The standard's names of PDUs, as the conformance statement shows them.
extension AcceptorPDU {
  /// The name of the PDU, with the fields that state a reason.
  var title: String {
    switch self {
    case .associateAccept: "A-ASSOCIATE-AC"
    case .associateReject(let result, let source, let reason):
      "A-ASSOCIATE-RJ \(result)/\(source)/\(reason)"
    case .data: "P-DATA-TF"
    case .releaseReply: "A-RELEASE-RP"
    case .abort(let source, let reason): "A-ABORT \(source)/\(reason)"
    }
  }
}
