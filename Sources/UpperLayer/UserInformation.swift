import ByteCoding

/// The User Information Item of an A-ASSOCIATE-RQ (PS3.8 §9.3.2.3, annex D; PS3.7 annex D.3.3).
///
/// Every sub-item of the standard is checked within its bounds. Only what an acceptor of the
/// Verification SOP Class needs is kept: the asynchronous operations window stays 1,1, the default
/// roles hold, no SOP class is extended, and user identity is accepted without a response.
public struct UserInformation: Equatable, Sendable {
  /// The largest PDU-length of a P-DATA-TF that the requestor takes; 0 is no limit (annex D.1).
  public private(set) var maximumLength: UInt32 = 0
  /// Where in the PDU body the implementation class UID is; empty when there is none.
  var implementationClassUID = 0..<0
  /// Where in the PDU body the implementation version name is; empty when there is none.
  var implementationVersionName = 0..<0

  /// A request without this item.
  init() {}

  /// Checks every sub-item of `item`.
  init(_ item: borrowing Item) throws(Malformed) {
    var items = item.items()
    var hasMaximumLength = false
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
      case .asynchronousOperationsWindow:
        guard subItem.value.count == 4 else { throw subItem.malformed(.wrongLength) }
      case .roleSelection:
        try Self.checkRoleSelection(subItem)
      case .sopClassExtendedNegotiation:
        try Self.checkExtendedNegotiation(subItem)
      case .sopClassCommonExtendedNegotiation:
        try Self.checkCommonExtendedNegotiation(subItem)
      case .userIdentity:
        try Self.checkUserIdentity(subItem)
      default:
        continue
      }
    }
  }

  /// UID-length, UID, SCU-role, SCP-role (PS3.7 Table D.3-9).
  private static func checkRoleSelection(_ item: borrowing Item) throws(Malformed) {
    var reader = Reader(item.value)
    guard skipField(&reader), reader.remaining == 2 else { throw item.malformed(.doesNotAddUp) }
  }

  /// UID-length, UID, service class application information (PS3.7 Table D.3-11).
  private static func checkExtendedNegotiation(_ item: borrowing Item) throws(Malformed) {
    var reader = Reader(item.value)
    guard skipField(&reader) else { throw item.malformed(.doesNotAddUp) }
  }

  /// SOP class UID, service class UID, and a list of related general SOP class UIDs, each with its
  /// length (PS3.7 Table D.3-12); what a later version of the sub-item adds is not looked at.
  private static func checkCommonExtendedNegotiation(_ item: borrowing Item) throws(Malformed) {
    var reader = Reader(item.value)
    guard skipField(&reader), skipField(&reader), let length = reader.uint16(),
      let list = reader.take(Int(length))
    else { throw item.malformed(.doesNotAddUp) }
    var related = Reader(list)
    while !related.isAtEnd {
      guard skipField(&related) else { throw item.malformed(.doesNotAddUp) }
    }
  }

  /// Type, positive-response-requested, primary field, secondary field (PS3.7 Table D.3-14).
  private static func checkUserIdentity(_ item: borrowing Item) throws(Malformed) {
    var reader = Reader(item.value)
    guard reader.take(2) != nil, skipField(&reader), skipField(&reader), reader.isAtEnd else {
      throw item.malformed(.doesNotAddUp)
    }
  }

  /// Reads over a field that begins with its own 16-bit length; false when it does not fit.
  @_lifetime(reader: copy reader)
  private static func skipField(_ reader: inout Reader) -> Bool {
    guard let length = reader.uint16() else { return false }
    return reader.take(Int(length)) != nil
  }
}
