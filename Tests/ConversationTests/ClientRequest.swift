import TestKit

/// An A-ASSOCIATE-RQ in words, each `key=value` or a flag:
///
/// - `called=` `calling=`, padded with spaces; `version=`; `reserved=`, the value of the reserved bytes
/// - `1=Verification/ImplicitLE,ExplicitLE` for a context, `1..7=…` for one with each odd ID
/// - `application=` `max-length=` `class-uid=` `version-name=` `user-information=`, each also `none`
/// - `user-identity`, `async-window`, `role-selection`, `extended-negotiation`,
///   `common-extended-negotiation`, `unknown-sub-item`, `unknown-item`
/// - `user-information-first`, and `uids-end-in=00` (or 20) for padded UIDs
struct ClientRequest {
  private var version = 1
  private var called = "ECHOSCP"
  private var calling = "MODALITY1"
  private var reserved: UInt8 = 0
  private var application: String? = "DICOM"
  private var contexts: [(id: Int, proposal: String)] = []
  private var maximumLength: Int? = 16382
  private var classUID: String? = "1.2.3.4"
  private var versionName: String? = "REQUESTOR_1"
  private var hasUserInformation = true
  private var isUserInformationFirst = false
  private var subItems: [UInt8] = []
  private var items: [UInt8] = []
  private var padding = ""

  /// Reads the request from `words`.
  init(_ words: some Sequence<String>) throws(ReadingFault) {
    for word in words {
      if let subItem = try Self.subItem(word) {
        subItems += subItem
      } else {
        try take(ConversationReader.expandingRange(word))
      }
    }
  }

  private mutating func take(_ words: String) throws(ReadingFault) {
    if words.first?.isNumber ?? false {
      for word in words.split(separator: " ") {
        let pair = word.split(separator: "=", maxSplits: 1)
        contexts.append((try ConversationReader.number(pair[0]), String(pair[1])))
      }
      return
    }
    let pair = words.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = pair.count == 2 ? String(pair[1]) : ""
    let optional = value == "none" ? nil : value
    switch pair[0] {
    case "version": version = try ConversationReader.number(value)
    case "called": called = value
    case "calling": calling = value
    case "reserved": reserved = try ClientMessage.hex([value])[0]
    case "application": application = optional
    case "max-length": maximumLength = try optional.map(ConversationReader.number)
    case "class-uid": classUID = optional
    case "version-name": versionName = optional
    case "user-information": hasUserInformation = optional != nil
    case "user-information-first": isUserInformationFirst = true
    case "unknown-item": items += Wire.item(0x99, [1, 2, 3])
    case "uids-end-in":
      padding = String(decoding: try ClientMessage.hex([value]), as: UTF8.self)
    default: throw ReadingFault("\(pair[0]) is not part of an A-ASSOCIATE-RQ")
    }
  }

  private static func subItem(_ word: String) throws(ReadingFault) -> [UInt8]? {
    let uid = field(UIDNames.uid("Verification"))
    return switch word {
    case "async-window": Wire.item(0x53, [0, 5, 0, 5])
    case "role-selection": Wire.item(0x54, uid + [1, 1])
    case "extended-negotiation": Wire.item(0x56, uid + [1, 0])
    case "common-extended-negotiation": Wire.item(0x57, uid + uid + Wire.be16(uid.count) + uid)
    case "user-identity": Wire.item(0x58, [2, 1] + field("user") + field("passcode"))
    case "unknown-sub-item": Wire.item(0x77, [1, 2, 3])
    default: nil
    }
  }

  private static func field(_ text: String) -> [UInt8] {
    Wire.be16(text.utf8.count) + Array(text.utf8)
  }

  /// The PDU.
  var bytes: [UInt8] {
    let fixed = Wire.fixedFields(
      version: version, called: Wire.title(called), calling: Wire.title(calling),
      reserved: [UInt8](repeating: reserved, count: 32))
    let application = application.map { Wire.applicationContext(UIDNames.uid($0) + padding) } ?? []
    let proposals = contexts.flatMap { context in
      let syntaxes = context.proposal.split(whereSeparator: { $0 == "/" || $0 == "," })
        .map { UIDNames.uid($0) + padding }
      return Wire.context(context.id, syntaxes[0], Array(syntaxes.dropFirst()))
    }
    let user = hasUserInformation ? userInformation : []
    return Wire.pdu(
      1,
      isUserInformationFirst
        ? fixed + user + proposals + application + items
        : fixed + application + proposals + items + user)
  }

  private var userInformation: [UInt8] {
    Wire.item(
      0x50,
      (maximumLength.map { Wire.item(0x51, Wire.be32($0)) } ?? [])
        + (classUID.map { Wire.item(0x52, Array($0.utf8)) } ?? []) + subItems
        + (versionName.map { Wire.item(0x55, Array($0.utf8)) } ?? []))
  }
}
