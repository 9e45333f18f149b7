import ByteCoding
import UpperLayer

/// An A-ASSOCIATE-AC as it is due (PS3.8 §9.3.3): whatever its items' order and whatever else there
/// is, it accepts the presentation context with a transfer syntax that was proposed.
enum AcceptAnswer {
  /// Checks the PDU whose bytes behind the header are `body`, against what was `proposed` and the
  /// `least` maximum length that a C-ECHO-RQ can be sent with.
  static func check(
    _ body: Span<UInt8>, _ proposed: TransferSyntaxSet, _ least: UInt32
  ) throws(Objection) {
    let malformed = Objection.malformed(type: PDUType.associateAccept.rawValue)
    guard let accept = AssociateAccept(body) else { throw malformed }
    let version = body.bigEndian(UInt16.self, at: 0)
    guard version & 1 != 0 else { throw .protocolVersion(version) }
    let objection: Objection?
    do throws(Malformed) {
      objection = try Self.objection(to: accept, proposed, least)
    } catch {
      throw malformed
    }
    if let objection { throw objection }
  }

  private static func objection(
    to accept: borrowing AssociateAccept, _ proposed: TransferSyntaxSet, _ least: UInt32
  ) throws(Malformed) -> Objection? {
    var results = accept.results
    while let result = try results.next() {
      guard result.id == EchoProposal.contextID else { continue }
      guard result.code == 0 else { return .contextRefused(result.code) }
      let syntax = StandardUID(result.transferSyntax).flatMap { TransferSyntax(uid: $0) }
      guard syntax.map(proposed.contains) == true else { return .transferSyntax }
      let maximumLength = try accept.maximumLength
      let hasRoom = maximumLength == 0 || maximumLength >= least
      return hasRoom ? nil : .maximumLength(maximumLength)
    }
    return .contextMissing
  }
}
