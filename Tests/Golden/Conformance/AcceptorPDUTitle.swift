import TestKit

/// How the standard calls a PDU, with its diagnostic fields, as the golden texts have it.
extension AcceptorPDU {
  /// Its name, and what it says of its reason.
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
