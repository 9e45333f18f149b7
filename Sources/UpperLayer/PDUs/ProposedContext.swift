import ByteCoding

/// A Presentation Context Item of an A-ASSOCIATE-RQ (PS3.8 §9.3.2.2).
public struct ProposedContext: ~Escapable {
  /// The presentation context ID; the standard allows odd ones from 1 to 255.
  public let id: UInt8
  /// The sub-items: one abstract syntax, and the transfer syntaxes proposed for it.
  var syntaxes: ItemReader

  /// The size of the fields before the sub-items, in bytes: the ID and three reserved ones.
  private static let fixedSize = 4

  /// Reads the fixed fields of `item`; the sub-items are checked as they are read.
  @_lifetime(copy item)
  init(_ item: borrowing Item) throws(Malformed) {
    guard item.value.count >= Self.fixedSize else { throw item.malformed(.endsEarly) }
    id = item.value[0]
    syntaxes = item.items(skipping: Self.fixedSize)
  }

  /// The abstract syntax as sent, empty if there is none (PS3.8 §9.3.2.2.1).
  public var abstractSyntax: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) {
      var reader = syntaxes
      guard let item = try reader.next(.abstractSyntax) else { return Span() }
      return item.value
    }
  }

  /// The transfer syntaxes as sent, in order (PS3.8 §9.3.2.2.2).
  public var transferSyntaxes: TransferSyntaxNames {
    @_lifetime(copy self)
    get { TransferSyntaxNames(items: syntaxes) }
  }

  /// Returns the proposal, decoded.
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

/// The proposal of a presentation context (PS3.8 §9.3.2.2), limited to the syntaxes known here.
public struct Proposal: Equatable, Sendable {
  /// The presentation context ID.
  public let contextID: UInt8
  /// The abstract syntax, or `nil` if it is not one of the standard's.
  public internal(set) var abstractSyntax: StandardUID?
  /// The proposed transfer syntaxes that this acceptor knows.
  public internal(set) var transferSyntaxes = TransferSyntaxSet()
  /// Whether one of its UIDs is padded.
  public internal(set) var isPadded = false

  init(contextID: UInt8) { self.contextID = contextID }
}

/// The sequence of transfer syntax names in a presentation context.
public struct TransferSyntaxNames: ~Escapable {
  var items: ItemReader

  /// Returns the next name, or `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> Span<UInt8>? {
    guard let item = try items.next(.transferSyntax) else { return nil }
    return item.value
  }
}

/// The sequence of presentation contexts in an A-ASSOCIATE-RQ.
public struct ProposedContexts: ~Escapable {
  var items: ItemReader

  /// Returns the next presentation context, or `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> ProposedContext? {
    guard let item = try items.next(.presentationContextProposed) else { return nil }
    return try ProposedContext(item)
  }
}

/// A set of presentation context IDs, even ones included, with one bit each.
public struct ContextSet: Equatable, Sendable {
  private var bits = InlineArray<4, UInt64>(repeating: 0)

  /// The empty set.
  public init() {}

  /// Whether the set contains `id`.
  @inline(__always)
  public func contains(_ id: UInt8) -> Bool { bits[Int(id >> 6)] & 1 << UInt64(id & 63) != 0 }

  /// Inserts `id`, and returns `false` if the set already contained it.
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
