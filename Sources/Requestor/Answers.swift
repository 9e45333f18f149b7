import ByteCoding
public import UpperLayer
import Verification

/// The contents of a valid A-ASSOCIATE-AC (PS3.8 §9.3.3): what an SCP accepts, and its identification.
public struct Acceptance: Equatable, Sendable {
  /// The longest UID, in bytes (PS3.8 annex F).
  private static let longestUID = 64
  /// The longest version name, in bytes (PS3.7 annex D.3.3.2.4).
  private static let longestVersion = 16

  /// The transfer syntax of the presentation context.
  public let transferSyntax: TransferSyntax
  /// The largest PDU-length of a P-DATA-TF that the SCP accepts, in bytes; 0 means no limit.
  public let maximumLength: UInt32
  /// The SCP's implementation class UID without padding, cut to the longest that the standard allows.
  public let implementationClassUID: [UInt8]
  /// The SCP's implementation version name without padding, cut to the longest that the standard allows.
  public let implementationVersionName: [UInt8]

  /// Reads the A-ASSOCIATE-AC with the given `body`, the bytes after the header.
  ///
  /// It must accept the presentation context with a transfer syntax that was `proposed`, and announce no
  /// limit or a maximum length of at least `least`. The order of items and any other items are irrelevant.
  init(_ body: Span<UInt8>, _ proposed: TransferSyntaxSet, _ least: UInt32) throws(AnswerFault) {
    let malformed = AnswerFault.malformed(type: PDUType.associateAccept.rawValue)
    guard let accept = AssociateAccept(body) else { throw malformed }
    let version = body.bigEndian(UInt16.self, at: 0)
    guard version & 1 != 0 else { throw .protocolVersion(version) }
    let result: (code: UInt8, syntax: TransferSyntax?)?
    do throws(Malformed) { result = try Self.result(in: accept) } catch { throw malformed }
    guard let result else { throw .contextMissing }
    guard result.code == 0 else { throw .contextRefused(result.code) }
    guard let syntax = result.syntax, proposed.contains(syntax) else { throw .transferSyntax }
    transferSyntax = syntax
    do throws(Malformed) {
      maximumLength = try accept.maximumLength
      let uid = try accept.implementationClassUID
      implementationClassUID = Self.text(uid, Self.longestUID)
      let version = try accept.implementationVersionName
      implementationVersionName = Self.text(version, Self.longestVersion)
    } catch {
      throw malformed
    }
    guard maximumLength == 0 || maximumLength >= least else {
      throw .maximumLength(maximumLength)
    }
  }

  /// Returns the result of the presentation context of Verification, or `nil` if there is none.
  private static func result(
    in accept: borrowing AssociateAccept
  ) throws(Malformed) -> (code: UInt8, syntax: TransferSyntax?)? {
    var results = accept.results
    while let result = try results.next() {
      guard result.id == EchoProposal.contextID else { continue }
      return (result.code, StandardUID(result.transferSyntax).flatMap { TransferSyntax(uid: $0) })
    }
    return nil
  }

  private static func text(_ value: Span<UInt8>, _ longest: Int) -> [UInt8] {
    let length = min(StandardUID.unpaddedLength(value), longest)
    return [UInt8](capacity: length) { $0.append(copying: value.extracting(first: length)) }
  }
}

/// A valid C-ECHO-RSP (PS3.7 §9.3.5.2), with its elements in any order and any others among them.
///
/// The group length is ignored, since nothing depends on it.
struct EchoAnswer {
  /// The offset of the value of (0000,0120) in the command set.
  private(set) var messageIDOffset = 0
  private var commandField: UInt16?
  private var messageID: UInt16?
  private var dataSetType: UInt16?
  private var status: UInt16?

  /// Reads `commandSet`, which must respond to the message `due` with Success.
  init(_ commandSet: Span<UInt8>, due: UInt16) throws(AnswerFault) {
    var offset = 0
    while offset < commandSet.count { offset = try read(commandSet, at: offset) }
    guard let commandField else { throw .elementMissing(CommandElement.commandField) }
    guard commandField == CommandField.echoResponse else { throw .commandField(commandField) }
    guard let messageID else { throw .elementMissing(CommandElement.messageIDBeingRespondedTo) }
    guard messageID == due else { throw .messageID(messageID, due: due) }
    guard let dataSetType else { throw .elementMissing(CommandElement.commandDataSetType) }
    guard dataSetType == CommandElement.noDataSet else { throw .dataSetType(dataSetType) }
    guard let status else { throw .elementMissing(CommandElement.status) }
    guard status == 0 else { throw .status(status) }
  }

  /// Reads the element at `offset`, and returns the offset of the next one.
  private mutating func read(_ bytes: Span<UInt8>, at offset: Int) throws(AnswerFault) -> Int {
    let left = bytes.count - offset - EchoRequest.elementHeaderSize
    guard left >= 0, bytes.littleEndian(UInt16.self, at: offset) == 0 else { throw .command }
    let element = bytes.littleEndian(UInt16.self, at: offset + 2)
    let length = Int(bytes.littleEndian(UInt32.self, at: offset + 4))
    guard length <= left else { throw .command }
    let start = offset + EchoRequest.elementHeaderSize
    switch element {
    case CommandElement.commandField:
      commandField = try Self.number(bytes, start, length, unless: commandField)
    case CommandElement.messageIDBeingRespondedTo:
      messageID = try Self.number(bytes, start, length, unless: messageID)
      messageIDOffset = start
    case CommandElement.commandDataSetType:
      dataSetType = try Self.number(bytes, start, length, unless: dataSetType)
    case CommandElement.status:
      status = try Self.number(bytes, start, length, unless: status)
    case CommandElement.affectedSOPClassUID where length > 0:
      let uid = StandardUID(bytes.extracting(start..<start + length))
      guard uid == EchoRequest.verification else { throw .sopClass }
    default:
      break
    }
    return start + length
  }

  /// Returns the value of an element of VR US, which must not have occurred `before`.
  private static func number(
    _ bytes: Span<UInt8>, _ start: Int, _ length: Int, unless before: UInt16?
  ) throws(AnswerFault) -> UInt16 {
    guard length == 2, before == nil else { throw .command }
    return bytes.littleEndian(UInt16.self, at: start)
  }
}

/// Recognizes the protocol of a server that is not an SCP by the first bytes that it sends.
///
/// ``ForeignProtocol`` recognizes clients; servers have their own answers to what they do not understand.
enum ForeignAnswer {
  /// Returns the protocol whose server begins with `bytes`, or `nil` if they may still become a PDU.
  ///
  /// A first byte outside 01H to 07H never begins a PDU (PS3.8 §9.3.1), nor does another one if its length
  /// is one that no PDU has. If `isAll`, no more bytes will come, and an incomplete header of a type that
  /// is not allowed here is not a PDU either (Table 9-10, Sta5).
  static func of(_ bytes: Span<UInt8>, isAll: Bool) -> ForeignProtocol? {
    guard bytes.count > 0 else { return nil }
    // A TLS alert record (RFC 8446 §5.1): the server received something other than a hello.
    if bytes[0] == 0x15, bytes.count < 2 || bytes[1] == 0x03 { return .tls }
    let client = ForeignProtocol(firstBytes: bytes)
    guard let type = PDUType(rawValue: bytes[0]) else { return client }
    let hasNoPlace = !AnswerReader.Due.accept.hasUse(for: type)
    let isCutShort = isAll && hasNoPlace && bytes.count < PDUType.headerSize
    // `other` means a header that no PDU has. A protocol with a name may have the header of a PDU except
    // for the reserved byte, which receivers do not test.
    guard isCutShort || client == .other || type.isTooLong(asHeader: bytes) else { return nil }
    switch client {
    // Both sides of these begin like this; of the other protocols, only the client begins like a PDU.
    case .rdp?, .analyzer?: return client
    default: return .other
    }
  }
}

/// An answer that was checked element by element, kept to recognize the same answer when it arrives again.
///
/// Only the two bytes of the Message ID may differ.
struct ByteTemplate: Sendable {
  /// The longest answer that is kept, in bytes.
  static let longest = 1024

  /// The number of bytes compared at once.
  private static let wordSize = 16

  private var bytes: [UInt8] = []
  private var messageIDOffset: Int?

  /// A template that matches nothing.
  init() { bytes.reserveCapacity(Self.longest) }

  /// The size of the template in bytes; 0 if it matches nothing.
  var count: Int { bytes.count }

  /// Keeps `answer`, with its Message ID at `messageIDOffset`, unless it is too long or too short.
  mutating func keep(_ answer: Span<UInt8>, messageIDOffset: Int? = nil) {
    guard answer.count <= Self.longest, answer.count >= Self.wordSize else { return }
    bytes.removeAll(keepingCapacity: true)
    for index in answer.indices { bytes.append(answer[index]) }
    self.messageIDOffset = messageIDOffset
  }

  /// Whether the bytes of `input` from `start` on begin with the template, given this Message ID.
  mutating func matches(_ input: Span<UInt8>, at start: Int, messageID: UInt16 = 0) -> Bool {
    let count = bytes.count
    guard count >= Self.wordSize, input.count - start >= count else { return false }
    if let messageIDOffset {
      bytes[messageIDOffset] = UInt8(truncatingIfNeeded: messageID)
      bytes[messageIDOffset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
    }
    return Self.equal(bytes.span, input.extracting(start..<start + count))
  }

  /// Whether two spans of the same size, at least one word, hold the same bytes; the last two words may overlap.
  private static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    let last = left.count - wordSize
    var index = 0
    while index < last {
      if left.load(UInt128.self, at: index) != right.load(UInt128.self, at: index) { return false }
      index &+= wordSize
    }
    return left.load(UInt128.self, at: last) == right.load(UInt128.self, at: last)
  }
}
