import UpperLayer
import Verification

/// The lines in which pynetdicom shows a PDU or a message at debug. Those who compare two logs
/// compare them line by line, so they are the same here, except that no passcode is shown.
enum DumpText {
  private static let width = 76

  /// The A-ASSOCIATE-RQ that was received.
  static func request(_ pdus: PDUCopies?) -> [String] {
    guard let request = pdus?.request else { return [] }
    do throws(Malformed) {
      return RequestDump(try AssociateRequest(request.span)).lines
    } catch {
      return [error.text]
    }
  }

  /// The A-ASSOCIATE-AC that was sent.
  static func accept(_ pdus: PDUCopies?) -> [String] {
    guard let request = pdus?.request, let body = pdus?.accept,
      let accept = AssociateAccept(body.span)
    else { return [] }
    do throws(Malformed) {
      return AcceptDump(accept, to: try AssociateRequest(request.span)).lines
    } catch {
      return [error.text]
    }
  }

  /// An A-ASSOCIATE-RJ that is sent.
  static func reject(_ rejection: Rejection) -> [String] {
    [
      "Reject Parameters:", title("OUTGOING A-ASSOCIATE-RJ PDU"),
      "Result:    \(rejection.resultText)",
      "Source:    \(rejection.sourceText)",
      "Reason:    \(rejection.reasonText)",
      title("END A-ASSOCIATE-RJ PDU"),
    ]
  }

  /// An A-ABORT that is sent or received.
  static func abort(_ abort: Abort, isIncoming: Bool) -> [String] {
    [
      "Abort Parameters:", title("\(isIncoming ? "INCOMING" : "OUTGOING") A-ABORT PDU"),
      "Abort Source: \(abort.sourceText)", "Abort Reason: \(abort.reasonText)",
      title("END A-ABORT PDU"),
    ]
  }

  /// A C-ECHO-RQ that is received.
  static func echoRequest(messageID: UInt16, contextID: UInt8) -> [String] {
    [
      title("INCOMING DIMSE MESSAGE"),
      "Message Type                  : C-ECHO RQ",
      "Presentation Context ID       : \(contextID)",
      "Message ID                    : \(messageID)",
      "Data Set                      : None",
      title("END DIMSE MESSAGE"),
    ]
  }

  /// A line of equals signs with `text` in its middle.
  static func title(_ text: String) -> String {
    let marks = width - text.utf8.count - 2
    return String(repeating: "=", count: marks / 2) + " \(text) "
      + String(repeating: "=", count: marks - marks / 2)
  }
}

extension Rejection {
  /// The Result field in words (PS3.8 Table 9-21).
  fileprivate var resultText: String {
    switch self {
    case .protocolVersion, .applicationContext, .callingAETitle, .calledAETitle:
      "Rejected (Permanent)"
    case .temporaryCongestion, .localLimitExceeded: "Rejected (Transient)"
    }
  }

  /// The Source field in words (PS3.8 Table 9-21).
  fileprivate var sourceText: String {
    switch self {
    case .applicationContext, .callingAETitle, .calledAETitle: "DUL service-user"
    case .protocolVersion: "DUL service-provider (ACSE related)"
    case .temporaryCongestion, .localLimitExceeded: "DUL service-provider (presentation related)"
    }
  }

  /// The Reason/Diag. field in words (PS3.8 Table 9-21).
  fileprivate var reasonText: String {
    switch self {
    case .protocolVersion: "Protocol version not supported"
    case .applicationContext: "Application context name not supported"
    case .callingAETitle: "Calling AE title not recognised"
    case .calledAETitle: "Called AE title not recognised"
    case .temporaryCongestion: "Temporary congestion"
    case .localLimitExceeded: "Local limit exceeded"
    }
  }
}

extension Abort {
  /// What is shown for a value that the standard does not have.
  private static let noValue = "(no value available)"

  /// The Source field in words (PS3.8 Table 9-26).
  fileprivate var sourceText: String {
    switch source {
    case 0: "DUL service-user"
    case 1: "Reserved"
    case 2: "DUL service-provider"
    default: Self.noValue
    }
  }

  /// The Reason/Diag. field in words: significant only when the source is the service provider
  /// (PS3.8 Table 9-26).
  fileprivate var reasonText: String {
    guard source == 2 else { return Self.noValue }
    return switch reason {
    case 0: "No reason given"
    case 1: "Unrecognised PDU"
    case 2: "Unexpected PDU"
    case 3: "Reserved"
    case 4: "Unrecognised PDU parameter"
    case 5: "Unexpected PDU parameter"
    case 6: "Invalid PDU parameter value"
    default: Self.noValue
    }
  }
}
