public import Linux
public import UpperLayer
public import Verification

/// The peer that a record is about: its address, what is known of the requestor so far, and the state of its
/// association.
///
/// The order of the fields leaves no gaps, since every connection has a subject.
public struct Subject: Sendable {
  /// The number of its C-ECHO-RQs that were answered.
  public var echoes: UInt32 = 0
  /// Deviations that a stricter peer would have refused.
  public var notes: Notes = []
  /// The number of its association in this run of the program, from 1 on; 0 before the A-ASSOCIATE-RQ.
  public var association: UInt64 = 0
  /// The time of its A-ASSOCIATE-RQ, in milliseconds of the monotonic clock.
  public var began: UInt64 = 0
  private var refused = CompactUID.Short.empty
  private var calling = AETitle.blank
  private var called = AETitle.blank
  /// The first group length that was wrong, and the right one.
  private var statedLength: UInt16 = 0
  private var countedLength: UInt16 = 0
  /// The address of the requestor.
  public private(set) var peer: NetworkAddress
  /// The identity of its software.
  public var implementation = PeerImplementation()
  private var known: Known = []
  /// The number of presentation contexts refused for their abstract syntax.
  public var refusedContexts: UInt8 = 0

  /// The fields that have a value.
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

  /// A peer that has not sent anything yet.
  public init(peer: NetworkAddress) { self.peer = peer }

  /// Starts over with a peer that has not sent anything yet.
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

  /// The abstract syntax of the first presentation context that was refused for it, if there is one; a long UID
  /// is cut off.
  public var firstRefused: CompactUID? {
    get { refusedContexts == 0 || refused.uid.isEmpty ? nil : refused.uid }
    set { refused = newValue?.short ?? .empty }
  }

  /// The first wrong group length, if there was one.
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

  /// Keeps `length` as the first wrong group length, unless there is one already.
  public mutating func keep(_ length: GroupLength) { groupLength = groupLength ?? length }

  /// The calling AE title, once an A-ASSOCIATE-RQ has arrived.
  public var callingAETitle: AETitle? {
    get { known.contains(.calling) ? calling : nil }
    set {
      known.set(.calling, newValue != nil)
      calling = newValue ?? .blank
    }
  }

  /// The called AE title, once an A-ASSOCIATE-RQ has arrived.
  public var calledAETitle: AETitle? {
    get { known.contains(.called) ? called : nil }
    set {
      known.set(.called, newValue != nil)
      called = newValue ?? .blank
    }
  }

  /// Reads the titles from `body`, the received part of an A-ASSOCIATE-RQ after the header, as far as it has
  /// them.
  public mutating func readTitles(of body: Span<UInt8>) {
    calledAETitle = AssociateRequest.calledAETitle(in: body) ?? calledAETitle
    callingAETitle = AssociateRequest.callingAETitle(in: body) ?? callingAETitle
  }

  /// The peer as the beginning of a sentence: `MODALITY1 at 192.0.2.1:54321`.
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
