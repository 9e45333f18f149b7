import ByteCoding

/// An A-ASSOCIATE-AC PDU, borrowed from the bytes that were sent (PS3.8 §9.3.3).
///
/// The requestor and the log read it; the acceptor writes it below.
public struct AssociateAccept: ~Escapable {
  private let body: Span<UInt8>

  /// The PDU with the given `body`, the bytes after the header, or `nil` if they are too few.
  @_lifetime(copy body)
  public init?(_ body: Span<UInt8>) {
    guard body.count >= AssociateRequest.fixedSize else { return nil }
    self.body = body
  }

  /// The announced maximum length, in bytes; 0 means no limit (PS3.8 annex D.1).
  public var maximumLength: UInt32 {
    get throws(Malformed) { try userInformation.maximumLength }
  }

  /// The implementation class UID, empty if there is none (PS3.7 annex D.3.3.2).
  public var implementationClassUID: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) { body.extracting(try userInformation.implementationClassUID) }
  }

  /// The implementation version name, empty if there is none (PS3.7 annex D.3.3.2).
  public var implementationVersionName: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) { body.extracting(try userInformation.implementationVersionName) }
  }

  private var userInformation: UserInformation {
    get throws(Malformed) {
      guard let item = try ItemReader.first(.userInformation, ofPDU: body) else {
        return UserInformation()
      }
      return try UserInformation(item)
    }
  }

  /// The results of the presentation contexts, in order.
  public var results: ContextResults {
    @_lifetime(copy self)
    get { ContextResults(items: ItemReader.ofPDU(body)) }
  }
}

/// The sequence of presentation context results in an A-ASSOCIATE-AC (PS3.8 §9.3.3.2).
public struct ContextResults: ~Escapable {
  var items: ItemReader

  /// The result of one presentation context.
  public struct Result: ~Escapable {
    /// The presentation context ID.
    public let id: UInt8
    /// The Result/Reason field.
    public let code: UInt8
    /// The transfer syntax, empty unless the code is 0: otherwise it is not significant.
    public let transferSyntax: Span<UInt8>

    @_lifetime(copy transferSyntax)
    init(id: UInt8, code: UInt8, transferSyntax: Span<UInt8>) {
      self.id = id
      self.code = code
      self.transferSyntax = transferSyntax
    }
  }

  /// Returns the next result, or `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> Result? {
    guard let item = try items.next(.presentationContextResult) else { return nil }
    guard item.value.count >= 4 else { throw item.malformed(.endsEarly) }
    // The other fields of a refused context are not significant, and may be missing.
    guard item.value[2] == 0 else {
      return Result(id: item.value[0], code: item.value[2], transferSyntax: Span())
    }
    var syntaxes = item.items(skipping: 4)
    guard let syntax = try syntaxes.next(.transferSyntax) else { throw item.malformed(.endsEarly) }
    return Result(id: item.value[0], code: 0, transferSyntax: syntax.value)
  }
}

/// The A-ASSOCIATE-AC, and the association that it establishes (PS3.8 §9.3.3).
extension Association {
  /// The maximum size that ``accept(_:user:outcome:reply:)`` appends, in bytes: 256 contexts with the
  /// longest transfer syntax UID, and the longest identity.
  static let maximumAcceptLength = 9 << 10

  /// The Application Context Item of every acceptance (PS3.8 §9.3.3.1, PS3.7 annex A.2.1).
  // swift-format-ignore
  private static let applicationContextItem: InlineArray<25, UInt8> = [
    0x10, 0x00, 0x00, 21,
    0x31, 0x2E, 0x32, 0x2E, 0x38, 0x34, 0x30, 0x2E, 0x31, 0x30, 0x30, 0x30, 0x38,  // 1.2.840.10008
    0x2E, 0x33, 0x2E, 0x31, 0x2E, 0x31, 0x2E, 0x31,                                // .3.1.1.1
  ]

  /// Answers every presentation context of `request`, appends the A-ASSOCIATE-AC to `reply`, and
  /// establishes the association.
  ///
  /// Bytes 11 to 74 repeat those received. A context ID that was proposed twice is answered once: the first
  /// proposal counts. A refused context carries Implicit VR Little Endian, which is not significant (PS3.8
  /// §9.3.3.2).
  static func accept<User: ServiceUser & ~Copyable>(
    _ request: borrowing AssociateRequest, user: borrowing User,
    outcome: inout NegotiationOutcome, reply: inout OutputSpan<UInt8>
  ) throws(Malformed) -> Association {
    let start = reply.count
    reply.appendHeader(.associateAccept, length: 0)
    reply.append(bigEndian: 1 << 16 as UInt32)
    reply.store(request.repeatedFields)
    reply.store(Self.applicationContextItem)

    var notes = request.notes.union(user.notes(on: request))
    var answered = ContextSet()
    var accepted = ContextSet()
    var others = request.contexts
    let hasOthers = request.contextCount > 1
    if hasOthers { _ = try others.next() }
    var next = request.firstProposal
    while let proposal = next {
      if answered.insert(proposal.contextID) {
        if proposal.contextID & 1 == 0 { notes.insert(.contextIDEven) }
        let result = user.result(
          abstractSyntax: proposal.abstractSyntax, transferSyntaxes: proposal.transferSyntaxes)
        if outcome.count(result, of: proposal) { _ = accepted.insert(proposal.contextID) }
        reply.appendResult(result, for: proposal.contextID)
      } else {
        notes.insert(.contextIDDuplicate)
      }
      next = hasOthers ? try others.next()?.proposal() : nil
    }

    reply.appendUserInformation(of: user)
    let length = reply.count - start - PDUType.headerSize
    reply.patch(bigEndian: UInt32(truncatingIfNeeded: length), at: start + 2)
    return Association(
      accepted: accepted, maximumLength: user.maximumLength,
      peerMaximumLength: request.userInformation.maximumLength, notes: notes)
  }
}

extension NegotiationOutcome {
  /// Counts the `result` of `proposal`, and returns whether it is an acceptance.
  fileprivate mutating func count(_ result: ContextResult, of proposal: Proposal) -> Bool {
    switch result {
    case .acceptance(let syntax):
      accepted += 1
      transferSyntax = transferSyntax ?? syntax
      return true
    case .abstractSyntaxNotSupported:
      abstractSyntaxNotSupported += 1
      return false
    case .transferSyntaxesNotSupported:
      transferSyntaxesNotSupported += 1
      refusedSyntaxes.formUnion(proposal.transferSyntaxes)
      return false
    }
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends a Presentation Context Item of an A-ASSOCIATE-AC (PS3.8 §9.3.3.2).
  @_lifetime(self: copy self)
  fileprivate mutating func appendResult(_ result: ContextResult, for id: UInt8) {
    var syntax = TransferSyntax.implicitVRLittleEndian
    if case .acceptance(let chosen) = result { syntax = chosen }
    let item = beginItem(.presentationContextResult)
    append(bigEndian: UInt32(id) << 24 | UInt32(result.code) << 8)
    appendItem(.transferSyntax, syntax.uid)
    endItem(item)
  }

  /// Appends the User Information Item: only maximum length and implementation, since no other sub-item
  /// requires an answer (PS3.7 annex D.3.3).
  @_lifetime(self: copy self)
  fileprivate mutating func appendUserInformation<User: ServiceUser & ~Copyable>(
    of user: borrowing User
  ) {
    let implementation = user.implementation.bytes.span
    appendItemHeader(.userInformation, length: Item.headerSize + 4 + implementation.count)
    appendItemHeader(.maximumLength, length: 4)
    append(bigEndian: user.maximumLength)
    append(copying: implementation)
  }
}
