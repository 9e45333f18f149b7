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
