import Verification

/// Builds the bytes that a requestor sends: correct ones, and ones with wrong lengths.
public enum Wire {
  /// A big-endian 16-bit field.
  public static func be16(_ value: Int) -> [UInt8] {
    [UInt8(value >> 8 & 255), UInt8(value & 255)]
  }
  /// A big-endian 32-bit field.
  public static func be32(_ value: Int) -> [UInt8] {
    be16(value >> 16 & 0xFFFF) + be16(value & 0xFFFF)
  }
  /// A little-endian 16-bit field.
  public static func le16(_ value: Int) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255)]
  }
  /// A little-endian 32-bit field.
  public static func le32(_ value: Int) -> [UInt8] {
    le16(value & 0xFFFF) + le16(value >> 16 & 0xFFFF)
  }

  /// A PDU with its true length, or with `length` in the length field.
  public static func pdu(_ type: Int, _ body: [UInt8], length: Int? = nil) -> [UInt8] {
    [UInt8(type), 0] + be32(length ?? body.count) + body
  }

  /// An item or sub-item with its true length, or with `length` in the length field.
  public static func item(_ type: Int, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    [UInt8(type), 0] + be16(length ?? value.count) + value
  }

  /// An AE title field of 16 bytes, padded with spaces.
  public static func title(_ text: String) -> [UInt8] {
    Array((Array(text.utf8) + [UInt8](repeating: 0x20, count: 16)).prefix(16))
  }

  /// A Presentation Context Item of a request.
  public static func context(_ id: Int, _ abstractSyntax: String, _ transferSyntaxes: [String])
    -> [UInt8]
  {
    context(
      id,
      subItems: item(0x30, Array(abstractSyntax.utf8))
        + transferSyntaxes.flatMap { item(0x40, Array($0.utf8)) })
  }

  /// A Presentation Context Item of a request, with any sub-items.
  public static func context(_ id: Int, subItems: [UInt8]) -> [UInt8] {
    item(0x20, [UInt8(id), 0, 0, 0] + subItems)
  }

  /// A User Information Item with a maximum length, an implementation, and `extra` sub-items.
  public static func userInformation(maximumLength: Int = 16382, extra: [UInt8] = []) -> [UInt8] {
    item(
      0x50,
      item(0x51, be32(maximumLength)) + item(0x52, Array("1.2.3.4".utf8))
        + item(0x55, Array("REQUESTOR_1".utf8)) + extra)
  }

  /// The fixed fields of an A-ASSOCIATE-RQ.
  public static func fixedFields(
    version: Int = 1, called: [UInt8] = title("ECHOSCP"), calling: [UInt8] = title("MODALITY1"),
    reserved: [UInt8] = [UInt8](repeating: 0, count: 32)
  ) -> [UInt8] {
    be16(version) + [0, 0] + called + calling + reserved
  }

  /// The Application Context Item.
  public static func applicationContext(_ name: String = "1.2.840.10008.3.1.1.1") -> [UInt8] {
    item(0x10, Array(name.utf8))
  }

  /// The UID of the Verification SOP Class.
  public static let verification = "1.2.840.10008.1.1"
  /// The UID of Implicit VR Little Endian.
  public static let implicitLittle = "1.2.840.10008.1.2"

  /// An A-ASSOCIATE-RQ, by default a good one for Verification on context 1.
  public static func associateRequest(
    fixed: [UInt8] = fixedFields(), application: [UInt8] = applicationContext(),
    contexts: [UInt8] = context(1, verification, [implicitLittle]),
    user: [UInt8] = userInformation()
  ) -> [UInt8] {
    pdu(1, fixed + application + contexts + user)
  }

  /// A Presentation Context Item of an answer.
  public static func contextResult(_ id: Int, _ result: Int, _ transferSyntax: String) -> [UInt8] {
    item(0x21, [UInt8(id), 0, UInt8(result), 0] + item(0x40, Array(transferSyntax.utf8)))
  }

  /// The A-ASSOCIATE-AC for a request with these fixed fields.
  public static func associateAccept(
    to fixed: [UInt8] = fixedFields(), results: [UInt8] = contextResult(1, 0, implicitLittle),
    maximumLength: Int = 16382
  ) -> [UInt8] {
    let user =
      item(0x51, be32(maximumLength)) + item(0x52, Array(Implementation.classUID.utf8))
      + item(0x55, Array(Implementation.versionName.utf8))
    return pdu(
      2, be16(1) + [0, 0] + fixed.dropFirst(4) + applicationContext() + results + item(0x50, user))
  }

  /// A PDV; bit 0 of `control` means command, bit 1 means last.
  public static func pdv(_ context: Int, _ control: Int, _ data: [UInt8], length: Int? = nil)
    -> [UInt8]
  {
    be32(length ?? data.count + 2) + [UInt8(context), UInt8(control)] + data
  }

  /// A P-DATA-TF with these PDVs.
  public static func data(_ pdvs: [UInt8]...) -> [UInt8] { pdu(4, pdvs.flatMap { $0 }) }

  /// A command element in Implicit VR Little Endian.
  public static func element(_ tag: Int, _ value: [UInt8], group: Int = 0, length: Int? = nil)
    -> [UInt8]
  {
    le16(group) + le16(tag) + le32(length ?? value.count) + value
  }

  /// A command set: the group length, then `elements`.
  public static func commandSet(_ elements: [UInt8]...) -> [UInt8] {
    let body = elements.flatMap { $0 }
    return element(0x0000, le32(body.count)) + body
  }

  /// The command set of a C-ECHO-RQ.
  public static func echoCommand(messageID: Int) -> [UInt8] {
    commandSet(
      element(0x0002, Array(verification.utf8) + [0]), element(0x0100, le16(0x0030)),
      element(0x0110, le16(messageID)), element(0x0800, le16(0x0101)))
  }

  /// A whole C-ECHO-RQ in one P-DATA-TF.
  public static func echoRequest(_ messageID: Int = 1, on context: Int = 1) -> [UInt8] {
    data(pdv(context, 3, echoCommand(messageID: messageID)))
  }

  /// The command set of a C-ECHO-RSP with status Success.
  public static func echoResponseCommand(messageID: Int) -> [UInt8] {
    commandSet(
      element(0x0002, Array(verification.utf8) + [0]), element(0x0100, le16(0x8030)),
      element(0x0120, le16(messageID)), element(0x0800, le16(0x0101)), element(0x0900, le16(0)))
  }

  /// A-RELEASE-RQ.
  public static let releaseRequest = pdu(5, [0, 0, 0, 0])
  /// A-RELEASE-RP.
  public static let releaseReply = pdu(6, [0, 0, 0, 0])
  /// A-ABORT.
  public static func abort(_ source: Int, _ reason: Int) -> [UInt8] {
    pdu(7, [0, 0, UInt8(source), UInt8(reason)])
  }
  /// A-ASSOCIATE-RJ.
  public static func reject(_ result: Int, _ source: Int, _ reason: Int) -> [UInt8] {
    pdu(3, [0, UInt8(result), UInt8(source), UInt8(reason)])
  }
}
