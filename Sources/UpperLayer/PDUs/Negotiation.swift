import ByteCoding

/// The A-ASSOCIATE-AC, and the association that it establishes (PS3.8 §9.3.3).
extension Association {
  /// The most that ``accept(_:user:outcome:reply:)`` appends, in bytes: 256 contexts with the
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
  /// Bytes 11 to 74 repeat what was received. A context ID that was proposed twice is answered
  /// once: the first proposal counts. A refused context carries Implicit VR Little Endian, which is
  /// not significant (PS3.8 §9.3.3.2).
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
        if outcome.count(result) { _ = accepted.insert(proposal.contextID) }
        if result == .transferSyntaxesNotSupported {
          outcome.refusedSyntaxes.formUnion(proposal.transferSyntaxes)
        }
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
  /// Counts `result`; true when it is an acceptance.
  fileprivate mutating func count(_ result: ContextResult) -> Bool {
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

  /// Appends the User Information Item: maximum length and implementation, nothing else, since no
  /// answer is owed to any other sub-item (PS3.7 annex D.3.3).
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
