import UpperLayer

/// Objections in words.
extension Objection {
  /// What is wrong with the answer.
  var text: String {
    switch self {
    case .pdu(let type): "a PDU of type \(Self.hex(type)) instead of the one that was due"
    case .tooLong(let type, let length): "a PDU of type \(Self.hex(type)) with \(length) bytes"
    case .malformed(let type): "a PDU of type \(Self.hex(type)) whose lengths do not add up"
    case .protocolVersion(let version): "A-ASSOCIATE-AC with protocol version \(Self.hex(version))"
    case .contextMissing: "A-ASSOCIATE-AC without presentation context \(Requests.contextID)"
    case .contextRefused(let reason): "the presentation context was refused, result \(reason)"
    case .transferSyntax: "a transfer syntax was accepted that was not proposed"
    case .maximumLength(let length): "a maximum length of \(length), too short for a C-ECHO-RQ"
    case .contextID(let id): "data on presentation context \(id)"
    case .dataSet: "a fragment of a data set"
    case .command: "a command set whose elements do not add up"
    case .elementMissing(let element): "a command set without (0000,\(Self.hex(element)))"
    case .commandField(let value): "Command Field is \(Self.hex(value))H"
    case .messageID(let id, let due): "the response to message \(id), while that to \(due) was due"
    case .status(let status): "status \(Self.hex(status))H"
    case .dataSetType(let value): "Command Data Set Type is \(Self.hex(value))H"
    case .sopClass: "Affected SOP Class UID is not that of Verification"
    }
  }

  private static func hex<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: Number.bitWidth / 4 - digits.utf8.count) + digits
  }
}
