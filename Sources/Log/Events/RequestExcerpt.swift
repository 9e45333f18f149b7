public import UpperLayer
import Verification

/// The parts of an A-ASSOCIATE-RQ that explain its refusal, copied when the record is made and put into words
/// by the writer.
public final class RequestExcerpt: Sendable {
  /// The names of one kind that the request proposes, in order and without duplicates.
  public struct Names: Sendable {
    /// The largest number of names kept: more than any sentence has.
    public static let most = 16

    /// The names that are kept.
    public private(set) var all: [CompactUID] = []
    /// Whether there are more names than are kept.
    private(set) var hasMore = false

    /// Adds a name.
    public mutating func add(_ name: Span<UInt8>) {
      guard !hasMore, let uid = CompactUID(name), !all.contains(uid) else { return }
      if all.count < Self.most { all.append(uid) } else { hasMore = true }
    }
  }

  /// The protocol versions that the requestor supports, one bit each.
  public let protocolVersion: UInt16
  /// The application context name.
  public let applicationContext: CompactUID?
  /// The abstract syntaxes other than Verification.
  public let abstractSyntaxes: Names
  /// The transfer syntaxes proposed for Verification.
  public let transferSyntaxes: Names
  /// The PDUs of the association, at debug.
  public let pdus: PDUCopies?

  /// The excerpt of `request`, with `pdus`.
  public init(_ request: borrowing AssociateRequest, pdus: PDUCopies?) {
    self.pdus = pdus
    protocolVersion = request.protocolVersion
    var (abstract, transfer) = (Names(), Names())
    // In another version of the protocol, only the fixed fields are known.
    if request.isVersionSupported {
      if let name = try? request.applicationContextName {
        applicationContext = CompactUID(name)
      } else {
        applicationContext = nil
      }
      var contexts = request.contexts
      while !(abstract.hasMore && transfer.hasMore), let context = try? contexts.next() {
        guard let name = try? context.abstractSyntax else { continue }
        if StandardUID(name) == EchoRequest.verification {
          var names = context.transferSyntaxes
          while !transfer.hasMore, let name = try? names.next() { transfer.add(name) }
        } else {
          abstract.add(name)
        }
      }
    } else {
      applicationContext = nil
    }
    abstractSyntaxes = abstract
    transferSyntaxes = transfer
  }

  /// The memory that the excerpt occupies, in bytes.
  public var size: Int {
    let names = abstractSyntaxes.all.count + transferSyntaxes.all.count + 1
    return names * MemoryLayout<CompactUID>.size + (pdus?.size ?? 0)
  }
}
