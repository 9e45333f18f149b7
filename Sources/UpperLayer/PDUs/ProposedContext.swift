import ByteCoding

/// A Presentation Context Item of an A-ASSOCIATE-RQ (PS3.8 §9.3.2.2).
public struct ProposedContext: ~Escapable {
  /// The presentation context ID; the standard has odd ones from 1 to 255.
  public let id: UInt8
  /// The sub-items: one abstract syntax, and the transfer syntaxes proposed for it.
  var syntaxes: ItemReader

  /// The fixed bytes in front of the sub-items: the ID and three reserved ones.
  private static let fixedSize = 4

  /// Reads the fixed fields of `item`; the sub-items are checked as they are read.
  @_lifetime(copy item)
  init(_ item: borrowing Item) throws(Malformed) {
    guard item.value.count >= Self.fixedSize else { throw item.malformed(.endsEarly) }
    id = item.value[0]
    syntaxes = item.items(skipping: Self.fixedSize)
  }

  /// The abstract syntax as sent, empty when there is none (PS3.8 §9.3.2.2.1).
  public var abstractSyntax: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) {
      var reader = syntaxes
      guard let item = try reader.next(.abstractSyntax) else { return Span() }
      return item.value
    }
  }

  /// The transfer syntaxes as sent, one after the other (PS3.8 §9.3.2.2.2).
  public var transferSyntaxes: TransferSyntaxNames {
    @_lifetime(copy self)
    get { TransferSyntaxNames(items: syntaxes) }
  }

  /// What is proposed.
  public func proposal() throws(Malformed) -> Proposal {
    var reader = syntaxes
    var proposal = Proposal(contextID: id)
    var hasAbstractSyntax = false
    while let item = try reader.next() {
      switch ItemType(rawValue: item.type) {
      case .abstractSyntax:
        if !hasAbstractSyntax { proposal.abstractSyntax = StandardUID(item.value) }
        hasAbstractSyntax = true
      case .transferSyntax:
        if let uid = StandardUID(item.value), let syntax = TransferSyntax(uid: uid) {
          proposal.transferSyntaxes.insert(syntax)
        }
      default:
        continue
      }
      if StandardUID.isPadded(item.value) { proposal.isPadded = true }
    }
    return proposal
  }
}

/// What a presentation context proposes (PS3.8 §9.3.2.2), as far as it is known here.
public struct Proposal: Equatable, Sendable {
  /// The presentation context ID.
  public let contextID: UInt8
  /// The abstract syntax, when it is one of the standard's.
  public internal(set) var abstractSyntax: StandardUID?
  /// Those of the transfer syntaxes that this acceptor knows.
  public internal(set) var transferSyntaxes = TransferSyntaxSet()
  /// Whether one of its UIDs is padded.
  public internal(set) var isPadded = false

  init(contextID: UInt8) { self.contextID = contextID }
}

/// The transfer syntax names of a presentation context, one after the other.
public struct TransferSyntaxNames: ~Escapable {
  var items: ItemReader

  /// The next one; `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> Span<UInt8>? {
    guard let item = try items.next(.transferSyntax) else { return nil }
    return item.value
  }
}

/// The presentation contexts of an A-ASSOCIATE-RQ, one after the other.
public struct ProposedContexts: ~Escapable {
  var items: ItemReader

  /// The next one; `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> ProposedContext? {
    guard let item = try items.next(.presentationContextProposed) else { return nil }
    return try ProposedContext(item)
  }
}

/// A set of presentation context IDs: one bit each, for even ones too.
public struct ContextSet: Equatable, Sendable {
  private var bits = InlineArray<4, UInt64>(repeating: 0)

  /// The empty set.
  public init() {}

  /// Whether `id` is in it.
  @inline(__always)
  public func contains(_ id: UInt8) -> Bool { bits[Int(id >> 6)] & 1 << UInt64(id & 63) != 0 }

  /// Puts `id` in; false when it was in already.
  @inline(__always)
  public mutating func insert(_ id: UInt8) -> Bool {
    if contains(id) { return false }
    bits[Int(id >> 6)] |= 1 << UInt64(id & 63)
    return true
  }

  /// Whether both sets hold the same IDs.
  public static func == (left: ContextSet, right: ContextSet) -> Bool {
    left.bits.indices.allSatisfy { left.bits[$0] == right.bits[$0] }
  }
}
