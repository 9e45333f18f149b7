public import UpperLayer

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
  /// The symbols of ``firstRefused``.
  private var firstRefusedSymbols: UInt64 = 0
  private var calling = AETitle.blank
  private var called = AETitle.blank
  /// Where the requestor is.
  public private(set) var peer: PeerAddress
  /// What its software calls itself.
  public var implementation = PeerImplementation()
  private var hasCalling = false
  private var hasCalled = false
  /// How many presentation contexts were refused for their abstract syntax.
  public var refusedContexts: UInt8 = 0

  /// A peer that has not said anything yet.
  public init(peer: PeerAddress) { self.peer = peer }

  /// Begins anew, with a peer that has not said anything yet.
  public mutating func begin(_ peer: PeerAddress) {
    self.peer = peer
    calling = .blank
    called = .blank
    hasCalling = false
    hasCalled = false
    association = 0
    began = 0
    echoes = 0
    notes = []
    refusedContexts = 0
    firstRefusedSymbols = 0
    implementation.forget()
  }

  /// The abstract syntax of the first of them, if it is one that the standard registers.
  public var firstRefused: CompactUID? {
    get { CompactUID(symbols: firstRefusedSymbols) }
    set { firstRefusedSymbols = newValue?.symbols ?? 0 }
  }

  /// The calling AE title, once an A-ASSOCIATE-RQ has come.
  public var callingAETitle: AETitle? {
    get { hasCalling ? calling : nil }
    set {
      hasCalling = newValue != nil
      calling = newValue ?? .blank
    }
  }

  /// The called AE title, once an A-ASSOCIATE-RQ has come.
  public var calledAETitle: AETitle? {
    get { hasCalled ? called : nil }
    set {
      hasCalled = newValue != nil
      called = newValue ?? .blank
    }
  }

  /// Who it is, as a sentence begins: `MODALITY1 at 192.0.2.1:54321`.
  var text: String { callingText.map { "\($0) at \(peer.text)" } ?? peer.text }

  /// The calling AE title as text, if there is one that is not blank.
  var callingText: String? { calling.isBlank ? nil : calling.text }

  /// The called AE title as text, if there is one that is not blank.
  var calledText: String? { called.isBlank ? nil : called.text }
}

extension AETitle {
  fileprivate static let blank = AETitle(
    field: InlineArray<16, UInt8>(repeating: UInt8(ascii: " ")).span)

  /// The title without its padding, every byte that is not printable ASCII escaped.
  var text: String {
    let bytes = bytes
    return Escaping.ascii(bytes.span.extracting(..<length))
  }
}
