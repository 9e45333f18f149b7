public import UpperLayer
import Verification

// The terms of PS3.7 and PS3.8 for the fields on the wire, used by the sentences and by the dumps in
// pynetdicom's format.

extension PDUType {
  /// The name of the PDU in PS3.8.
  public var name: String {
    switch self {
    case .associateRequest: "A-ASSOCIATE-RQ"
    case .associateAccept: "A-ASSOCIATE-AC"
    case .associateReject: "A-ASSOCIATE-RJ"
    case .dataTransfer: "P-DATA-TF"
    case .releaseRequest: "A-RELEASE-RQ"
    case .releaseReply: "A-RELEASE-RP"
    case .abort: "A-ABORT"
    }
  }
}

extension AssociateReject {
  /// The meaning of source and reason together (PS3.8 Table 9-21); `nil` if the standard does not define it.
  public var why: String? {
    switch (source, reason) {
    case (1, 1), (2, 1): "no reason given"
    case (1, 2): "application context name not supported"
    case (1, 3): "calling AE title not recognized"
    case (1, 7): "called AE title not recognized"
    case (2, 2): "protocol version not supported"
    case (3, 1): "temporary congestion"
    case (3, 2): "local limit exceeded"
    default: nil
    }
  }
}

extension Rejection {
  /// The reason in the words of the standard.
  var why: String { pdu.why ?? "" }
}

extension Abort {
  /// The meaning of a service provider's reason (PS3.8 Table 9-26); `nil` if the standard does not define it.
  ///
  /// A service user's reason is not significant.
  public var why: String? {
    switch reason {
    case 0: "not specified"
    case 1: "unrecognized PDU"
    case 2: "unexpected PDU"
    case 4: "unrecognized PDU parameter"
    case 5: "unexpected PDU parameter"
    case 6: "invalid PDU parameter value"
    default: nil
    }
  }

  /// Source and reason, as numbers and in words: `source 2, service provider, reason 2, unexpected PDU`.
  var text: String {
    let unknown = "not defined by the standard"
    return switch source {
    case 0: "source 0, service user, reason \(reason)"
    case 2: "source 2, service provider, reason \(reason), \(why ?? unknown)"
    default: "source \(source), reason \(reason), \(unknown)"
    }
  }
}

/// The DIMSE commands (PS3.7 annex E.1).
public enum CommandNames {
  private static let names: [UInt16: String] = [
    0x0001: "C-STORE", 0x0010: "C-GET", 0x0020: "C-FIND", 0x0021: "C-MOVE", 0x0030: "C-ECHO",
    0x0100: "N-EVENT-REPORT", 0x0110: "N-GET", 0x0120: "N-SET", 0x0130: "N-ACTION",
    0x0140: "N-CREATE", 0x0150: "N-DELETE",
  ]

  /// `C-STORE-RQ (0001H)`, or the number alone if the standard does not define it.
  public static func text(_ command: UInt16) -> String {
    let number = "\(hex(command))H"
    guard let name = names[command & 0x7FFF] else { return "command \(number)" }
    return "\(name)-\(command & 0x8000 == 0 ? "RQ" : "RSP") (\(number))"
  }
}

/// The elements of a command set that this program reads (PS3.7 annex E.1).
public enum CommandElementNames {
  private static let names: [UInt16: String] = [
    CommandElement.groupLength: "Command Group Length",
    CommandElement.affectedSOPClassUID: "Affected SOP Class UID",
    CommandElement.commandField: "Command Field",
    CommandElement.messageID: "Message ID",
    CommandElement.commandDataSetType: "Command Data Set Type",
  ]

  /// `Message ID (0000,0110)`, or the tag alone for an element that this program does not read.
  public static func text(_ element: UInt16) -> String {
    let tag = "(0000,\(hex(element)))"
    return names[element].map { "\($0) \(tag)" } ?? "element \(tag)"
  }
}
