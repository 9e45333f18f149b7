public import UpperLayer
import Verification

/// What an A-ASSOCIATE-RQ had of what its refusal is about: copied when the record is made, and only
/// then, and put into words by the writer.
public final class RequestExcerpt: Sendable {
  /// The names of one kind that it proposes, in their order, each once.
  public struct Names: Sendable {
    /// The most that are kept: more than any record tells.
    public static let most = 16

    /// They, as far as they are kept.
    public private(set) var all: [CompactUID] = []
    /// Whether there are more.
    private(set) var hasMore = false

    /// Takes one more.
    public mutating func add(_ name: Span<UInt8>) {
      guard !hasMore, let uid = CompactUID(name), !all.contains(uid) else { return }
      if all.count < Self.most { all.append(uid) } else { hasMore = true }
    }
  }

  /// One bit for each version of the protocol that it speaks.
  public let protocolVersion: UInt16
  /// Its application context name.
  public let applicationContext: CompactUID?
  /// Its abstract syntaxes besides Verification.
  public let abstractSyntaxes: Names
  /// The transfer syntaxes that it proposes for Verification.
  public let transferSyntaxes: Names
  /// The PDUs of the association, at debug.
  public let pdus: PDUCopies?

  /// What `request` had, with `pdus`.
  public init(_ request: borrowing AssociateRequest, pdus: PDUCopies?) {
    self.pdus = pdus
    protocolVersion = request.protocolVersion
    var (abstract, transfer) = (Names(), Names())
    // Of another version, nothing is known but the fixed fields.
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

  /// How much memory it takes, in bytes.
  public var size: Int {
    let names = abstractSyntaxes.all.count + transferSyntaxes.all.count + 1
    return names * MemoryLayout<CompactUID>.size + (pdus?.size ?? 0)
  }
}
