import Synchronization
public import Systemd

/// A journal that keeps the entries it takes, and can be told to refuse them.
public final class FakeJournal: Sendable {
  private let taken = Mutex<[[String]]>([])
  private let answer = Mutex<JournalSocket.Delivery?>(nil)
  private let refused = Atomic<Int>(0)

  /// A journal that takes everything.
  public init() {}

  /// The fields of each entry.
  public var entries: [[String]] { taken.withLock { $0 } }
  /// The number of calls in which it took nothing.
  public var refusals: Int { refused.load(ordering: .sequentiallyConsistent) }

  /// Sets the answer that it gives instead of taking entries; with `nil` it takes them again.
  public func answers(_ delivery: JournalSocket.Delivery?) { answer.withLock { $0 = delivery } }

  /// The send function for a writer.
  @Sendable
  public func send(_ bytes: [UInt8], _ start: Int, _ ends: Span<Int>) -> JournalSocket.Delivery {
    if let answer = answer.withLock({ $0 }) {
      refused.add(1, ordering: .sequentiallyConsistent)
      return answer
    }
    var start = start
    for index in ends.indices {
      let fields = NativeEntry.fields(of: bytes[start..<ends[index]])
      taken.withLock { $0.append(fields) }
      start = ends[index]
    }
    return .taken(ends.count)
  }

  /// The number of records that the entries with `field` stand for.
  public func sum(of field: String) -> UInt64 {
    entries.filter { $0.contains(field) }.reduce(0) { $0 + Self.count(of: $1) }
  }

  /// The number of records that an entry stands for.
  public static func count(of fields: [String]) -> UInt64 {
    let name = "ECHOSCP_REPEATED="
    return fields.first { $0.hasPrefix(name) }.flatMap { UInt64($0.dropFirst(name.count)) } ?? 1
  }
}
