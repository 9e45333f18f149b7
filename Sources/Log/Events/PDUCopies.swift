public import UpperLayer

/// The PDUs by which an association was requested and answered, copied for who reads the log at
/// debug: everybody else's records have none.
public final class PDUCopies: Sendable {
  /// What follows the header of the A-ASSOCIATE-RQ.
  public let request: [UInt8]
  /// What follows the header of the A-ASSOCIATE-AC, empty when it was not accepted.
  public let accept: [UInt8]

  /// A copy of a request that is not answered yet.
  public init(_ request: borrowing AssociateRequest) {
    self.request = Escaping.copy(of: request.body)
    accept = []
  }

  /// The request that `copies` has, with the A-ASSOCIATE-AC whose bytes with the header are `accept`.
  public init(_ copies: PDUCopies, accept: Span<UInt8>) {
    request = copies.request
    self.accept = Escaping.copy(of: accept.extracting(droppingFirst: PDUType.headerSize))
  }

  /// How many bytes they have.
  public var size: Int { request.count + accept.count }
}
