import UpperLayer
import Verification

extension Fault {
  /// The fault in words: what came, and what was expected.
  func text(_ command: CommandFault?) -> String {
    switch self {
    case .foreignProtocol(let foreign): foreign.text
    case .unrecognizedPDU(let type): "PDU type \(hex(type)) is unknown; expected 01H to 07H"
    case .unexpectedPDU(let type): "\(type.name) has no place here"
    case .malformedPDU(let type, let malformed): "malformed \(type.name): \(malformed.text)"
    case .pduTooLong(let type, let length, let limit):
      "\(type.name) of \(length) bytes; at most \(limit) are taken"
    case .unknownPresentationContext(let id):
      "message on presentation context \(id), which was not accepted"
    case .presentationContextChanged(let old, let new):
      "presentation context \(new) inside a message on \(old)"
    case .dataSetFragment: "a data set fragment; a C-ECHO-RQ has no data set"
    case .commandTooLong(let length):
      "command set of \(length) bytes; at most \(Association.maximumCommandLength) are taken"
    case .maximumLengthTooSmall(let length):
      "its maximum length \(length) has no room for an answer; expected 0 or at least 8"
    case .refusedByServiceUser: command?.text ?? "message refused"
    case .idleAssociation: "network-timeout: the association was idle"
    case .stalledMessage: "dimse-timeout: began a message and did not complete it"
    case .draining: "the service is stopping"
    case .outOfMemory: "the memory for partial PDUs is used up"
    case .largestPartialPDU(let size):
      "the memory for partial PDUs is used up, and its own one held \(size) bytes of it, the most"
    case .madeRoom(let all, let own):
      "ended to make room: all \(all) associations were taken, \(own) of them from its address, and "
        + "this one was idle longest"
    }
  }
}

extension Fault {
  /// What was expected instead, where the fault's own words do not say it.
  func expectation(in stage: Stage) -> String {
    switch self {
    case .foreignProtocol(.tls): "; expected an A-ASSOCIATE-RQ: switch TLS off on the device"
    case .unexpectedPDU, .foreignProtocol:
      stage.isEstablished
        ? "; expected P-DATA-TF, A-RELEASE-RQ or A-ABORT"
        : stage == .awaitingRequest ? "; expected an A-ASSOCIATE-RQ" : ""
    case .unrecognizedPDU, .malformedPDU, .pduTooLong, .unknownPresentationContext,
      .presentationContextChanged, .dataSetFragment, .commandTooLong, .maximumLengthTooSmall,
      .refusedByServiceUser, .idleAssociation, .stalledMessage, .draining, .outOfMemory,
      .largestPartialPDU, .madeRoom:
      ""
    }
  }
}

extension CommandFault {
  /// The fault in words: what came, and what was expected.
  var text: String {
    switch self {
    case .malformed(let element, let offset):
      "malformed command set: element (0000,\(hex(element))) at byte \(offset)"
    case .foreignGroup(let group):
      "malformed command set: group \(hex(group)); expected only group 0000"
    case .notAnEcho(let command):
      "\(CommandNames.text(command)); only C-ECHO-RQ is answered here, and nothing is stored or found"
    case .dataSetAnnounced: "C-ECHO-RQ announces a data set; (0000,0800) must be 0101H"
    case .otherSOPClass: "C-ECHO-RQ for a SOP class that is not Verification"
    }
  }
}

extension Malformed {
  /// The fault in words: which item, where, what.
  var text: String {
    let place =
      item > 0
      ? "item \(hex(item))H at byte \(offset)" : offset > 0 ? "what begins at byte \(offset)" : "it"
    return switch problem {
    case .endsEarly: "\(place) ends before a field that it must have"
    case .reachesBeyond: "\(place) is longer than what encloses it"
    case .wrongLength: "\(place) has a wrong length"
    case .doesNotAddUp: "\(place) has lengths that do not add up"
    }
  }
}

extension PDUType {
  /// Its name in PS3.8.
  var name: String {
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

extension ForeignProtocol {
  /// The protocol in words.
  var text: String {
    switch self {
    case .http: "HTTP on a DICOM port"
    case .tls: "TLS on a port without TLS"
    case .ssh: "SSH on a DICOM port"
    case .hl7: "HL7 on a DICOM port"
    case .smb: "SMB on a DICOM port"
    case .proxy: "a PROXY protocol header, which is not expected here"
    case .rdp: "RDP on a DICOM port"
    case .socks: "SOCKS on a DICOM port"
    case .other: "not DICOM: the first byte is no PDU type"
    }
  }
}

/// The DIMSE commands (PS3.7 annex E.1).
enum CommandNames {
  private static let names: [UInt16: String] = [
    0x0001: "C-STORE", 0x0010: "C-GET", 0x0020: "C-FIND", 0x0021: "C-MOVE", 0x0030: "C-ECHO",
    0x0100: "N-EVENT-REPORT", 0x0110: "N-GET", 0x0120: "N-SET", 0x0130: "N-ACTION",
    0x0140: "N-CREATE", 0x0150: "N-DELETE",
  ]

  /// `C-STORE-RQ (0001H)`, or the number alone when it is none of the standard's.
  static func text(_ command: UInt16) -> String {
    let number = "\(hex(command))H"
    guard let name = names[command & 0x7FFF] else { return "command \(number)" }
    return "\(name)-\(command & 0x8000 == 0 ? "RQ" : "RSP") (\(number))"
  }
}

/// `number` in upper-case hexadecimal digits, as wide as its type.
func hex<Number: FixedWidthInteger>(_ number: Number) -> String {
  let digits = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: Number.bitWidth / 4 - digits.utf8.count) + digits
}
