import UpperLayer
import Verification

extension Rejection {
  /// The stable word for why an association was rejected.
  var cause: String {
    switch self {
    case .protocolVersion: "protocol-version"
    case .applicationContext: "application-context"
    case .callingAETitle: "calling-ae-title"
    case .calledAETitle: "called-ae-title"
    default: "too-many-associations"
    }
  }
}

extension Fault {
  /// The stable word for why an association was aborted.
  func cause(_ command: CommandFault?) -> String {
    switch self {
    case .foreignProtocol(let foreign): foreign.cause
    case .unrecognizedPDU: "unrecognized-pdu"
    case .unexpectedPDU: "unexpected-pdu"
    case .malformedPDU: "malformed-pdu"
    case .pduTooLong: "pdu-too-long"
    case .unknownPresentationContext: "unknown-presentation-context"
    case .presentationContextChanged, .commandTooLong: "malformed-command"
    case .dataSetFragment: "echo-with-data-set"
    case .maximumLengthTooSmall: "max-length-too-small"
    case .refusedByServiceUser: command?.cause ?? "malformed-command"
    case .idleAssociation: "idle-association"
    case .stalledMessage: "stalled-message"
    case .draining: "draining"
    case .outOfMemory: "too-many-associations"
    }
  }
}

extension CommandFault {
  /// The stable word for why a message was refused.
  var cause: String {
    switch self {
    case .malformed, .foreignGroup: "malformed-command"
    case .notAnEcho, .otherSOPClass: "not-an-echo"
    case .dataSetAnnounced: "echo-with-data-set"
    }
  }
}

extension ForeignProtocol {
  /// The stable word for the protocol that reached a DICOM port.
  var cause: String {
    switch self {
    case .http: "http-on-dicom-port"
    case .tls: "tls-on-plain-port"
    case .hl7: "hl7-on-dicom-port"
    case .ssh: "ssh-on-dicom-port"
    case .smb: "smb-on-dicom-port"
    case .rdp: "rdp-on-dicom-port"
    case .socks: "socks-on-dicom-port"
    case .proxy, .other: "not-dicom"
    }
  }
}
