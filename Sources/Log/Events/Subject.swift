public import Linux
public import UpperLayer
public import Verification

/// Whom a record is about: the connection, what is known of the requestor so far, and what its
/// association has come to.
///
/// The order of the fields leaves no gap between them: there is one of these for each connection.
public struct Subject: Sendable {
  /// How many of its C-ECHO-RQs were answered.
  public var echoes: UInt32 = 0
  /// What a stricter peer would have refused.
  public var notes: Notes = []
  /// The number of its association in this run of the program, from 1 on; 0 while it has not asked
  /// for one.
  public var association: UInt64 = 0
  /// When it asked for its association, in milliseconds of the monotonic clock.
  public var began: UInt64 = 0
  private var refused = CompactUID.Short.empty
  private var calling = AETitle.blank
  private var called = AETitle.blank
  /// What the first wrong group length says, and what would have been right.
  private var statedLength: UInt16 = 0
  private var countedLength: UInt16 = 0
  /// Where the requestor is.
  public private(set) var peer: NetworkAddress
  /// What its software calls itself.
  public var implementation = PeerImplementation()
  private var known: Known = []
  /// How many presentation contexts were refused for their abstract syntax.
  public var refusedContexts: UInt8 = 0

  /// Which of the fields say something.
  private struct Known: OptionSet {
    let rawValue: UInt8
    static let calling = Known(rawValue: 1 << 0)
    static let called = Known(rawValue: 1 << 1)
    static let groupLength = Known(rawValue: 1 << 2)
    static let statedLength = Known(rawValue: 1 << 3)

    mutating func set(_ member: Known, _ isIn: Bool) {
      if isIn { formUnion(member) } else { subtract(member) }
    }
  }

  /// A peer that has not said anything yet.
  public init(peer: NetworkAddress) { self.peer = peer }

  /// Begins anew, with a peer that has not said anything yet.
  public mutating func begin(_ peer: NetworkAddress) {
    self.peer = peer
    calling = .blank
    called = .blank
    known = []
    association = 0
    began = 0
    echoes = 0
    notes = []
    refusedContexts = 0
    implementation.forget()
  }

  /// The abstract syntax of the first of them, if there is one; of a long one, its beginning.
  public var firstRefused: CompactUID? {
    get { refusedContexts == 0 || refused.uid.isEmpty ? nil : refused.uid }
    set { refused = newValue?.short ?? .empty }
  }

  /// The first group length that was wrong, if one was.
  public var groupLength: GroupLength? {
    get {
      guard known.contains(.groupLength) else { return nil }
      return GroupLength(
        stated: known.contains(.statedLength) ? UInt32(statedLength) : nil,
        counted: UInt32(countedLength))
    }
    set {
      known.set(.groupLength, newValue != nil)
      known.set(.statedLength, newValue?.stated != nil)
      statedLength = UInt16(clamping: newValue?.stated ?? 0)
      countedLength = UInt16(clamping: newValue?.counted ?? 0)
    }
  }

  /// Keeps `length`, unless another group length was wrong before.
  public mutating func keep(_ length: GroupLength) { groupLength = groupLength ?? length }

  /// The calling AE title, once an A-ASSOCIATE-RQ has come.
  public var callingAETitle: AETitle? {
    get { known.contains(.calling) ? calling : nil }
    set {
      known.set(.calling, newValue != nil)
      calling = newValue ?? .blank
    }
  }

  /// The called AE title, once an A-ASSOCIATE-RQ has come.
  public var calledAETitle: AETitle? {
    get { known.contains(.called) ? called : nil }
    set {
      known.set(.called, newValue != nil)
      called = newValue ?? .blank
    }
  }

  /// Reads the titles of an A-ASSOCIATE-RQ of which `body` has come behind the header, as far as they are
  /// in it.
  public mutating func readTitles(of body: Span<UInt8>) {
    calledAETitle = AssociateRequest.calledAETitle(in: body) ?? calledAETitle
    callingAETitle = AssociateRequest.callingAETitle(in: body) ?? callingAETitle
  }

  /// Who it is, as a sentence begins: `MODALITY1 at 192.0.2.1:54321`.
  public var text: String { callingName.map { "\($0) at \(peer.text)" } ?? peer.text }

  /// The calling AE title as text, if there is one that is not blank.
  var callingText: String? { calling.isBlank ? nil : calling.text }

  /// The called AE title as text, if there is one that is not blank.
  var calledText: String? { called.isBlank ? nil : called.text }

  /// The calling AE title as a word of a sentence, if there is one that is not blank.
  var callingName: String? { calling.isBlank ? nil : calling.name }

  /// The called AE title as a word of a sentence, if there is one that is not blank.
  var calledName: String? { called.isBlank ? nil : called.name }
}

extension AETitle {
  fileprivate static let blank = AETitle(
    field: InlineArray<16, UInt8>(repeating: UInt8(ascii: " ")).span)
}
