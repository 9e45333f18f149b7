import ByteCoding

/// An A-ASSOCIATE-AC PDU, borrowed from the bytes that were sent (PS3.8 §9.3.3): for who wants to
/// read what was answered.
public struct AssociateAccept: ~Escapable {
  private let body: Span<UInt8>

  /// The PDU whose bytes behind the header are `body`; nothing when those are too few.
  @_lifetime(copy body)
  public init?(_ body: Span<UInt8>) {
    guard body.count >= AssociateRequest.fixedSize else { return nil }
    self.body = body
  }

  /// The maximum length announced in it, in bytes; 0 is no limit (PS3.8 annex D.1).
  public var maximumLength: UInt32 {
    get throws(Malformed) { try userInformation.maximumLength }
  }

  /// The implementation class UID in it; empty when there is none (PS3.7 annex D.3.3.2).
  public var implementationClassUID: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) { body.extracting(try userInformation.implementationClassUID) }
  }

  /// The implementation version name in it; empty when there is none (PS3.7 annex D.3.3.2).
  public var implementationVersionName: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) { body.extracting(try userInformation.implementationVersionName) }
  }

  private var userInformation: UserInformation {
    get throws(Malformed) {
      var items = ItemReader.ofPDU(body)
      while let item = try items.next() {
        guard item.type == ItemType.userInformation.rawValue else { continue }
        return try UserInformation(item)
      }
      return UserInformation()
    }
  }

  /// The results of the presentation contexts, in their order.
  public var results: ContextResults {
    @_lifetime(copy self)
    get { ContextResults(ItemReader.ofPDU(body)) }
  }
}

/// The presentation contexts of an A-ASSOCIATE-AC, one after the other (PS3.8 §9.3.3.2).
public struct ContextResults: ~Escapable {
  private var items: ItemReader

  @_lifetime(copy items)
  init(_ items: consuming ItemReader) { self.items = items }

  /// One of them.
  public struct Result: ~Escapable {
    /// The presentation context ID.
    public let id: UInt8
    /// The Result/Reason field.
    public let code: UInt8
    /// The transfer syntax; empty unless the code is 0, where it is not significant.
    public let transferSyntax: Span<UInt8>

    @_lifetime(copy transferSyntax)
    init(id: UInt8, code: UInt8, transferSyntax: Span<UInt8>) {
      self.id = id
      self.code = code
      self.transferSyntax = transferSyntax
    }
  }

  /// The next one, or nothing at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> Result? {
    while let item = try items.next() {
      guard item.type == ItemType.presentationContextResult.rawValue else { continue }
      guard item.value.count >= 4 else { throw item.malformed(.endsEarly) }
      // Whatever else there is in one that is not accepted is not significant, and may be missing.
      guard item.value[2] == 0 else {
        return Result(id: item.value[0], code: item.value[2], transferSyntax: Span())
      }
      var syntaxes = TransferSyntaxNames(item.items(skipping: 4))
      guard let syntax = try syntaxes.next() else { throw item.malformed(.endsEarly) }
      return Result(id: item.value[0], code: item.value[2], transferSyntax: syntax)
    }
    return nil
  }
}
