import ByteCoding

/// An A-ASSOCIATE-RQ PDU, borrowed from the receive buffer and checked to its last byte
/// (PS3.8 §9.3.2, PS3.7 annex D.3.3).
///
/// Every item and sub-item is guaranteed to lie within the one that encloses it, and those of a known type
/// to have the structure of that type. Unknown ones were skipped. If the protocol version is not 1, only
/// the fixed fields are reliable.
public struct AssociateRequest: ~Escapable {
  /// The largest PDU-length accepted, in bytes.
  ///
  /// The negotiated maximum length does not apply to a request, but its memory must be bounded: 128
  /// contexts with 20 transfer syntaxes each take 100 kB, and with 45 each, more than exist, 156 kB.
  public static let maximumLength: UInt32 = 256 << 10
  /// The size of the fixed fields before the items, in bytes.
  public static let fixedSize = 68

  /// The ranges of the AE titles in the body: bytes 11 to 42 of the PDU.
  private static let (calledField, callingField) = (4..<20, 20..<36)

  /// The PDU without its header: the fixed fields and the items.
  public let body: Span<UInt8>
  /// The protocol versions, one bit each; version 1 is bit 0.
  public let protocolVersion: UInt16
  /// The AE title of the acceptor that the requestor calls.
  public let calledAETitle: AETitle
  /// The AE title of the requestor.
  public let callingAETitle: AETitle
  /// The application context name, or `nil` if it is missing or not one of the DICOM standard's.
  public private(set) var applicationContext: StandardUID?
  /// The number of presentation context items.
  public private(set) var contextCount = 0
  /// The proposal of the first presentation context.
  ///
  /// Most requests have only this one, and need not be read a second time.
  private(set) var firstProposal: Proposal?
  /// The contents of the User Information Item.
  public private(set) var userInformation = UserInformation()
  /// The deviations that a stricter acceptor would refuse.
  public private(set) var notes: Notes = []

  /// Checks the PDU with the given `body`, the bytes after the header.
  @_lifetime(copy body)
  public init(_ body: Span<UInt8>) throws(Malformed) {
    guard body.count >= Self.fixedSize else { throw Malformed(item: 0, offset: 0, .endsEarly) }
    self.body = body
    protocolVersion = body.bigEndian(UInt16.self, at: 0)
    calledAETitle = AETitle(field: body.extracting(Self.calledField))
    callingAETitle = AETitle(field: body.extracting(Self.callingField))
    noteTitles()
    do throws(Malformed) {
      try readItems()
    } catch {
      // Another version may have other items; the request is rejected for its version.
      guard !isVersionSupported else { throw error }
    }
  }

  /// Returns the called AE title in the first bytes of a body, or `nil` if they end before it.
  public static func calledAETitle(in body: Span<UInt8>) -> AETitle? {
    body.count < calledField.upperBound ? nil : AETitle(field: body.extracting(calledField))
  }

  /// Returns the calling AE title in the first bytes of a body, or `nil` if they end before it.
  public static func callingAETitle(in body: Span<UInt8>) -> AETitle? {
    body.count < callingField.upperBound ? nil : AETitle(field: body.extracting(callingField))
  }

  /// Whether version 1 is among those proposed; the other bits are not tested (PS3.8 §9.3.2).
  public var isVersionSupported: Bool { protocolVersion & 1 != 0 }

  private mutating func readItems() throws(Malformed) {
    var items = ItemReader.ofPDU(body)
    var latest: UInt8 = 0
    var hasApplicationContext = false
    var hasUserInformation = false
    while let item = try items.next() {
      if item.type < latest { notes.insert(.itemOrder) }
      latest = item.type
      switch ItemType(rawValue: item.type) {
      case .applicationContext:
        if !hasApplicationContext { applicationContext = StandardUID(item.value) }
        hasApplicationContext = true
        notePadding(of: item.value)
      case .presentationContextProposed:
        contextCount &+= 1
        let proposal = try ProposedContext(item).proposal()
        if proposal.isPadded { notes.insert(.uidPadding) }
        if contextCount == 1 { firstProposal = proposal }
      case .userInformation:
        let information = try UserInformation(item)
        if !hasUserInformation { userInformation = information }
        hasUserInformation = true
      default:
        continue
      }
    }
    notePadding(of: implementationClassUID)
    if userInformation.implementationClassUID.isEmpty { notes.insert(.noImplementationUID) }
    if userInformation.implementationVersionName.isEmpty { notes.insert(.noImplementationVersion) }
  }

  /// The implementation class UID as sent, empty if there is none (PS3.7 annex D.3.3.2).
  public var implementationClassUID: Span<UInt8> {
    @_lifetime(copy self)
    get { body.extracting(userInformation.implementationClassUID) }
  }

  /// The implementation version name as sent, empty if there is none (PS3.7 annex D.3.3.2).
  public var implementationVersionName: Span<UInt8> {
    @_lifetime(copy self)
    get { body.extracting(userInformation.implementationVersionName) }
  }

  /// Bytes 11 to 74 of the PDU, which the A-ASSOCIATE-AC repeats (PS3.8 §9.3.3).
  var repeatedFields: InlineArray<64, UInt8> { body.load(InlineArray<64, UInt8>.self, at: 4) }

  /// The proposed presentation contexts, in order.
  public var contexts: ProposedContexts {
    @_lifetime(copy self)
    get { ProposedContexts(items: ItemReader.ofPDU(body)) }
  }

  /// Returns the first abstract syntax other than `known`, or `nil` if there is none or its name is empty.
  public func firstAbstractSyntax(besides known: StandardUID) -> CompactUID? {
    var contexts = contexts
    while let context = try? contexts.next(), let name = try? context.abstractSyntax {
      if StandardUID(name) != known { return CompactUID(name) }
    }
    return nil
  }

  /// The application context name as sent, empty if there is none (PS3.8 §9.3.2.1).
  public var applicationContextName: Span<UInt8> {
    @_lifetime(copy self)
    get throws(Malformed) {
      guard let item = try ItemReader.first(.applicationContext, ofPDU: body) else { return Span() }
      return item.value
    }
  }

  /// The sub-items that negotiate more than the minimum (PS3.7 annex D.3.3).
  public var negotiationItems: NegotiationItems {
    @_lifetime(copy self)
    get throws(Malformed) {
      guard let item = try ItemReader.first(.userInformation, ofPDU: body) else {
        return NegotiationItems(items: ItemReader(Span(), at: 0))
      }
      return NegotiationItems(items: item.items())
    }
  }

  private mutating func notePadding(of uid: Span<UInt8>) {
    if StandardUID.isPadded(uid) { notes.insert(.uidPadding) }
  }

  private mutating func noteTitles() {
    if calledAETitle.isBlank || callingAETitle.isBlank { notes.insert(.aeTitleBlank) }
    if body[4] == 0x20 || body[20] == 0x20 { notes.insert(.aeTitlePadding) }
    var odd: UInt64 = 0
    odd |= AETitle.oddBytes(body.load(UInt64.self, at: 4))
    odd |= AETitle.oddBytes(body.load(UInt64.self, at: 12))
    odd |= AETitle.oddBytes(body.load(UInt64.self, at: 20))
    odd |= AETitle.oddBytes(body.load(UInt64.self, at: 28))
    if AETitle.isOdd(odd) { noteOddTitles() }
  }

  /// Notes whether the odd bytes are NUL padding or characters that no title may have.
  @inline(never)
  private mutating func noteOddTitles() {
    for index in 4..<4 + 2 * AETitle.size where body[index] == 0 { notes.insert(.aeTitlePadding) }
    if calledAETitle.hasForbiddenByte || callingAETitle.hasForbiddenByte {
      notes.insert(.aeTitleCharacters)
    }
  }
}
