/// Decodes the PDUs of an acceptor as strictly as the standard allows, sharing no code with their
/// encoder: reserved bytes are zero, nothing is optional, nothing is left over.
public struct AcceptorPDUDecoder {
  /// The reason why the bytes are not PDUs that an acceptor of the Verification SOP Class sends.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The offset of the byte at fault.
    public let offset: Int
    /// The problem at this offset.
    public let problem: String
    /// The offset and the problem in one line.
    public var description: String { "reply byte \(offset): \(problem)" }
  }

  private let bytes: [UInt8]
  private var position: Int
  private var end: Int

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  /// Returns the PDUs in `bytes`, which they must fill to the last byte.
  public static func decode(_ bytes: [UInt8]) throws(Fault) -> [AcceptorPDU] {
    var decoder = AcceptorPDUDecoder(bytes)
    var pdus: [AcceptorPDU] = []
    while decoder.position < bytes.count { pdus.append(try decoder.pdu()) }
    return pdus
  }

  private mutating func pdu() throws(Fault) -> AcceptorPDU {
    end = bytes.count
    let type = try uint8()
    try zero(1)
    let length = try uint32()
    guard bytes.count - position >= Int(length) else { throw fault("the PDU is too long") }
    end = position + Int(length)
    let pdu: AcceptorPDU
    switch type {
    case 2: pdu = .associateAccept(try acceptance())
    case 3: pdu = try rejection()
    case 4: pdu = try data()
    case 6:
      try zero(4)
      pdu = .releaseReply
    case 7: pdu = try abort()
    default: throw fault("an acceptor never sends PDU type \(type)")
    }
    guard position == end else { throw fault("bytes left over in the PDU") }
    return pdu
  }

  private mutating func acceptance() throws(Fault) -> AcceptorPDU.Acceptance {
    var acceptance = AcceptorPDU.Acceptance()
    guard try uint16() == 1 else { throw fault("protocol version is not 1") }
    try zero(2)
    acceptance.repeatedFields = try take(64)
    let application = try item(0x10)
    guard text(application) == "1.2.840.10008.3.1.1.1" else {
      throw fault("not the DICOM application context")
    }
    while position < end, bytes[position] == 0x21 {
      let context = try contextResult(item(0x21))
      guard !acceptance.contexts.contains(where: { $0.id == context.id }) else {
        throw fault("context \(context.id) is answered twice")
      }
      acceptance.contexts.append(context)
    }
    var user = AcceptorPDUDecoder(try item(0x50))
    let maximumLength = try user.item(0x51)
    guard maximumLength.count == 4 else { throw fault("maximum length does not have 4 bytes") }
    acceptance.maximumLength = maximumLength.reduce(0) { $0 << 8 | UInt32($1) }
    acceptance.implementationClassUID = text(try user.item(0x52))
    acceptance.implementationVersionName = text(try user.item(0x55))
    guard user.position == user.end else { throw fault("an unexpected user sub-item") }
    guard Self.isUID(acceptance.implementationClassUID) else {
      throw fault("implementation class UID is not a valid UID")
    }
    guard (1...16).contains(acceptance.implementationVersionName.utf8.count) else {
      throw fault("implementation version name does not have 1 to 16 characters")
    }
    return acceptance
  }

  private func contextResult(_ value: [UInt8]) throws(Fault) -> AcceptorPDU.ContextResult {
    var reader = AcceptorPDUDecoder(value)
    let id = try reader.uint8()
    try reader.zero(1)
    let result = try reader.uint8()
    try reader.zero(1)
    let syntax = text(try reader.item(0x40))
    guard reader.position == reader.end else { throw fault("more than a transfer syntax") }
    guard [0, 3, 4].contains(result) else { throw fault("context result \(result)") }
    guard Self.isUID(syntax) else { throw fault("transfer syntax is not a valid UID") }
    return AcceptorPDU.ContextResult(id: id, result: result, transferSyntax: syntax)
  }

  private mutating func rejection() throws(Fault) -> AcceptorPDU {
    try zero(1)
    let (result, source, reason) = (try uint8(), try uint8(), try uint8())
    switch (result, source, reason) {
    case (1, 1, 2), (1, 1, 3), (1, 1, 7), (1, 2, 2), (2, 3, 1), (2, 3, 2):
      return .associateReject(result: result, source: source, reason: reason)
    default:
      throw fault("rejection \(result)/\(source)/\(reason)")
    }
  }

  private mutating func data() throws(Fault) -> AcceptorPDU {
    let length = try uint32()
    guard Int(length) == end - position else { throw fault("not one PDV in the P-DATA-TF") }
    let context = try uint8()
    let control = try uint8()
    guard control == 1 || control == 3 else { throw fault("message control header \(control)") }
    let fragment = try take(end - position)
    guard !fragment.isEmpty, fragment.count % 2 == 0 else {
      throw fault("a fragment of \(fragment.count) bytes")
    }
    return .data(context: context, isLast: control == 3, fragment: fragment)
  }

  private mutating func abort() throws(Fault) -> AcceptorPDU {
    try zero(2)
    let (source, reason) = (try uint8(), try uint8())
    switch (source, reason) {
    case (0, 0), (2, 1), (2, 2), (2, 6): return .abort(source: source, reason: reason)
    default: throw fault("abort \(source)/\(reason)")
    }
  }

  private mutating func item(_ type: UInt8) throws(Fault) -> [UInt8] {
    guard try uint8() == type else { throw fault("expected item \(type)") }
    try zero(1)
    return try take(Int(uint16()))
  }

  private mutating func take(_ count: Int) throws(Fault) -> [UInt8] {
    guard end - position >= count else { throw fault("\(count) bytes are missing") }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  private mutating func zero(_ count: Int) throws(Fault) {
    for _ in 0..<count {
      let byte = try uint8()
      guard byte == 0 else { throw fault("a reserved byte is \(byte)") }
    }
  }

  private mutating func uint8() throws(Fault) -> UInt8 {
    guard position < end else { throw fault("a byte is missing") }
    defer { position += 1 }
    return bytes[position]
  }
  private mutating func uint16() throws(Fault) -> UInt16 {
    UInt16(try uint8()) << 8 | UInt16(try uint8())
  }
  private mutating func uint32() throws(Fault) -> UInt32 {
    UInt32(try uint16()) << 16 | UInt32(try uint16())
  }

  private func text(_ value: [UInt8]) -> String { String(decoding: value, as: UTF8.self) }

  private func fault(_ problem: String) -> Fault { Fault(offset: position, problem: problem) }

  /// Whether `text` is a UID (PS3.5 §9.1): at most 64 characters, components without leading zeros.
  public static func isUID(_ text: String) -> Bool {
    guard (1...64).contains(text.utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { component in
      !component.isEmpty && component.utf8.allSatisfy { (0x30...0x39).contains($0) }
        && (component == "0" || component.first != "0")
    }
  }
}
