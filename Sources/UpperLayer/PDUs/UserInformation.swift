import ByteCoding

/// The User Information Item of an A-ASSOCIATE-RQ (PS3.8 §9.3.2.3, annex D; PS3.7 annex D.3.3).
///
/// Every sub-item of the standard is checked against its bounds, but only those that an acceptor of the
/// Verification SOP Class needs are kept: the asynchronous operations window stays 1,1, the default roles
/// apply, no SOP class is extended, and user identity is accepted without a response.
public struct UserInformation: Equatable, Sendable {
  /// The largest PDU-length of a P-DATA-TF that the peer accepts; 0 means no limit (annex D.1).
  public private(set) var maximumLength: UInt32 = 0
  /// Whether the item states a maximum length, which is required.
  public private(set) var hasMaximumLength = false
  /// The range of the implementation class UID in the PDU body, empty if there is none.
  var implementationClassUID = 0..<0
  /// The range of the implementation version name in the PDU body, empty if there is none.
  var implementationVersionName = 0..<0

  /// The values for a PDU without this item.
  init() {}

  /// Reads `item` and checks every sub-item.
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

/// The Implementation Class UID and Implementation Version Name Sub-Items of a service user's A-ASSOCIATE
/// PDUs (PS3.7 annex D.3.3.2), encoded once.
public struct ImplementationItems: Sendable {
  /// The maximum size of both sub-items, in bytes: two headers, 64 characters and 16.
  static let maximumSize = 2 * Item.headerSize + 64 + 16

  /// Both sub-items, encoded.
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

/// A sub-item of the User Information Item with which a requestor negotiates more than the minimum (PS3.7
/// annex D.3.3.3 to D.3.3.7).
///
/// UIDs and fields are borrowed as sent.
public enum NegotiationItem: ~Escapable {
  /// The asynchronous operations window (Table D.3-7).
  case asynchronousOperationsWindow(invoked: UInt16, performed: UInt16)
  /// The roles that the requestor proposes to take for a SOP class (Table D.3-9).
  case roleSelection(sopClassUID: Span<UInt8>, scuRole: UInt8, scpRole: UInt8)
  /// Service class application information for a SOP class (Table D.3-11).
  case sopClassExtendedNegotiation(sopClassUID: Span<UInt8>, information: Span<UInt8>)
  /// The service class of a SOP class and its related general SOP classes (Table D.3-12); fields added by
  /// later versions of the sub-item are ignored.
  case sopClassCommonExtendedNegotiation(
    sopClassUID: Span<UInt8>, serviceClassUID: Span<UInt8>, related: UIDList)
  /// The identity of the user (Table D.3-14).
  case userIdentity(
    type: UInt8, responseRequested: UInt8, primary: Span<UInt8>, secondary: Span<UInt8>)

  /// Reads `item`, or returns `nil` if it is of another kind.
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

/// A sequence of UIDs, each preceded by its 16-bit length (PS3.7 Table D.3-12).
public struct UIDList: ~Escapable {
  private var reader: Reader

  /// The UIDs in `list`, or `nil` if their lengths do not add up.
  @_lifetime(copy list)
  init?(_ list: Span<UInt8>) {
    var check = Reader(list)
    while !check.isAtEnd {
      guard check.field() != nil else { return nil }
    }
    reader = Reader(list)
  }

  /// Returns the next UID, or `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() -> Span<UInt8>? { reader.field() }
}

/// The sequence of negotiation sub-items in a request.
public struct NegotiationItems: ~Escapable {
  var items: ItemReader

  /// Returns the next sub-item, or `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() throws(Malformed) -> NegotiationItem? {
    while let item = try items.next() {
      if let negotiation = try NegotiationItem.read(item) { return negotiation }
    }
    return nil
  }
}

extension Reader {
  /// Reads a field preceded by its 16-bit length, or returns `nil` if it does not fit.
  @_lifetime(self: copy self) @_lifetime(copy self)
  mutating func field() -> Span<UInt8>? {
    guard let length = uint16() else { return nil }
    return take(Int(length))
  }
}
