import ByteCoding
import UpperLayer

/// An A-ASSOCIATE-AC as it is due (PS3.8 §9.3.3): whatever its items' order and whatever else there
/// is, it accepts the presentation context with the transfer syntax that was proposed.
enum AcceptAnswer {
  /// Checks the PDU whose bytes behind the header are `body`.
  static func check(_ body: Span<UInt8>) throws(Objection) {
    let malformed = Objection.malformed(type: PDUType.associateAccept.rawValue)
    guard let accept = AssociateAccept(body) else { throw malformed }
    let version = body.bigEndian(UInt16.self, at: 0)
    guard version & 1 != 0 else { throw .protocolVersion(version) }
    let objection: Objection?
    do throws(Malformed) {
      objection = try Self.objection(to: accept)
    } catch {
      throw malformed
    }
    if let objection { throw objection }
  }

  private static func objection(
    to accept: borrowing AssociateAccept
  ) throws(Malformed) -> Objection? {
    let maximumLength = try accept.maximumLength
    if maximumLength != 0, maximumLength < Requests.echoLength {
      return .maximumLength(maximumLength)
    }
    var results = accept.results
    while let result = try results.next() {
      guard result.id == Requests.contextID else { continue }
      guard result.code == 0 else { return .contextRefused(result.code) }
      let syntax = StandardUID(result.transferSyntax)
      return syntax == Requests.transferSyntax.uid ? nil : .transferSyntax
    }
    return .contextMissing
  }
}
