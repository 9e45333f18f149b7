import ByteCoding

/// The User Information Item of an A-ASSOCIATE-RQ (PS3.8 §9.3.2.3, annex D; PS3.7 annex D.3.3).
///
/// Every sub-item of the standard is checked within its bounds. Only what an acceptor of the
/// Verification SOP Class needs is kept: the asynchronous operations window stays 1,1, the default
/// roles hold, no SOP class is extended, and user identity is accepted without a response.
public struct UserInformation: Equatable, Sendable {
  /// The largest PDU-length of a P-DATA-TF that the peer takes; 0 is no limit (annex D.1).
  public private(set) var maximumLength: UInt32 = 0
  /// Whether it says so, as it has to.
  public private(set) var hasMaximumLength = false
  /// Where in the PDU body the implementation class UID is; empty when there is none.
  var implementationClassUID = 0..<0
  /// Where in the PDU body the implementation version name is; empty when there is none.
  var implementationVersionName = 0..<0

  /// A request without this item.
  init() {}

  /// Checks every sub-item of `item`.
  init(_ item: borrowing Item) throws(Malformed) {
    var items = item.items()
    while let subItem = try items.next() {
      let start = subItem.offset + Item.headerSize - PDUType.headerSize
      switch ItemType(rawValue: subItem.type) {
      case .maximumLength:
        guard subItem.value.count == 4 else { throw subItem.malformed(.wrongLength) }
        if !hasMaximumLength { maximumLength = subItem.value.bigEndian(UInt32.self, at: 0) }
        hasMaximumLength = true
      case .implementationClassUID:
        guard implementationClassUID.isEmpty else { continue }
        implementationClassUID = start..<start + subItem.value.count
      case .implementationVersionName:
        guard implementationVersionName.isEmpty else { continue }
        implementationVersionName = start..<start + subItem.value.count
      case .asynchronousOperationsWindow, .roleSelection, .sopClassExtendedNegotiation,
        .sopClassCommonExtendedNegotiation, .userIdentity:
        _ = try NegotiationItem.read(subItem)
      default:
        continue
      }
    }
  }
}

/// How the software of a service user calls itself: the Implementation Class UID and Implementation
/// Version Name Sub-Items of its A-ASSOCIATE PDUs (PS3.7 annex D.3.3.2), encoded once for all.
public struct ImplementationItems: Sendable {
  /// The most that both take, in bytes: two headers, 64 characters and 16.
  static let maximumSize = 2 * Item.headerSize + 64 + 16

  /// Both sub-items.
  public let bytes: [UInt8]

  /// - Parameters:
  ///   - classUID: At most 64 characters.
  ///   - versionName: At most 16 characters.
  public init(classUID: String, versionName: String) {
    bytes = [UInt8](capacity: Self.maximumSize) { output in
      output.appendItem(.implementationClassUID, classUID)
      output.appendItem(.implementationVersionName, versionName)
    }
  }
}

/// A sub-item of the User Information Item by which a requestor negotiates more than the minimum
/// (PS3.7 annex D.3.3.3 to D.3.3.7). UIDs and fields are borrowed, as they were sent.
public enum NegotiationItem: ~Escapable {
  /// The asynchronous operations window (Table D.3-7).
  case asynchronousOperationsWindow(invoked: UInt16, performed: UInt16)
  /// The roles that the requestor proposes to take for a SOP class (Table D.3-9).
  case roleSelection(sopClassUID: Span<UInt8>, scuRole: UInt8, scpRole: UInt8)
  /// Service class application information for a SOP class (Table D.3-11).
  case sopClassExtendedNegotiation(sopClassUID: Span<UInt8>, information: Span<UInt8>)
  /// The service class of a SOP class, and the general SOP classes that it is related to
  /// (Table D.3-12); what a later version of the sub-item adds is not looked at.
  case sopClassCommonExtendedNegotiation(
    sopClassUID: Span<UInt8>, serviceClassUID: Span<UInt8>, related: UIDList)
  /// Who the user is (Table D.3-14).
  case userIdentity(
    type: UInt8, responseRequested: UInt8, primary: Span<UInt8>, secondary: Span<UInt8>)

  /// Reads `item`; `nil` when it is of another kind.
  @_lifetime(copy item)
  static func read(_ item: borrowing Item) throws(Malformed) -> NegotiationItem? {
    var reader = Reader(item.value)
    switch ItemType(rawValue: item.type) {
    case .asynchronousOperationsWindow:
      guard item.value.count == 4 else { throw item.malformed(.wrongLength) }
      return .asynchronousOperationsWindow(
        invoked: item.value.bigEndian(UInt16.self, at: 0),
        performed: item.value.bigEndian(UInt16.self, at: 2))
    case .roleSelection:
      guard let uid = reader.field(), let scu = reader.uint8(), let scp = reader.uint8(),
        reader.isAtEnd
      else { throw item.malformed(.doesNotAddUp) }
      return .roleSelection(sopClassUID: uid, scuRole: scu, scpRole: scp)
    case .sopClassExtendedNegotiation:
      guard let uid = reader.field(), let information = reader.take(reader.remaining) else {
        throw item.malformed(.doesNotAddUp)
      }
      return .sopClassExtendedNegotiation(sopClassUID: uid, information: information)
    case .sopClassCommonExtendedNegotiation:
      guard let uid = reader.field(), let service = reader.field(), let list = reader.field(),
        let related = UIDList(list)
      else { throw item.malformed(.doesNotAddUp) }
      return .sopClassCommonExtendedNegotiation(
        sopClassUID: uid, serviceClassUID: service, related: related)
    case .userIdentity:
      guard let type = reader.uint8(), let response = reader.uint8(), let primary = reader.field(),
        let secondary = reader.field(), reader.isAtEnd
      else { throw item.malformed(.doesNotAddUp) }
      return .userIdentity(
        type: type, responseRequested: response, primary: primary, secondary: secondary)
    default:
      return nil
    }
  }
}

/// UIDs one after the other, each behind its 16-bit length (PS3.7 Table D.3-12).
public struct UIDList: ~Escapable {
  private var reader: Reader

  /// The UIDs in `list`; `nil` when their lengths do not add up.
  @_lifetime(copy list)
  init?(_ list: Span<UInt8>) {
    var check = Reader(list)
    while !check.isAtEnd {
      guard check.field() != nil else { return nil }
    }
    reader = Reader(list)
  }

  /// The next UID; `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() -> Span<UInt8>? { reader.field() }
}

/// The sub-items of a request that negotiate, one after the other.
public struct NegotiationItems: ~Escapable {
  var items: ItemReader

  /// The next one; `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> NegotiationItem? {
    while let item = try items.next() {
      if let negotiation = try NegotiationItem.read(item) { return negotiation }
    }
    return nil
  }
}

extension Reader {
  /// Reads a field that begins with its own 16-bit length; `nil` when it does not fit.
  @_lifetime(self: copy self) @_lifetime(copy self)
  mutating func field() -> Span<UInt8>? {
    guard let length = uint16() else { return nil }
    return take(Int(length))
  }
}
