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

// In pynetdicom's spelling (PS3.8 Tables 9-21 and 9-26).

extension Rejection {
  fileprivate var resultText: String {
    pdu.result == 1 ? "Rejected (Permanent)" : "Rejected (Transient)"
  }

  fileprivate var sourceText: String {
    switch pdu.source {
    case 1: "DUL service-user"
    case 2: "DUL service-provider (ACSE related)"
    default: "DUL service-provider (presentation related)"
    }
  }

  fileprivate var reasonText: String { spelled(why) }
}

extension Abort {
  /// What is shown for a value that the standard does not have.
  private static let noValue = "(no value available)"

  fileprivate var sourceText: String {
    switch source {
    case 0: "DUL service-user"
    case 1: "Reserved"
    case 2: "DUL service-provider"
    default: Self.noValue
    }
  }

  /// Significant only when the source is the service provider.
  fileprivate var reasonText: String {
    switch (source, reason) {
    case (2, 0): "No reason given"
    case (2, 3): "Reserved"
    case (2, _): why.map(spelled) ?? Self.noValue
    default: Self.noValue
    }
  }
}

/// `words` of the standard with a capital letter, and in British spelling.
private func spelled(_ words: String) -> String {
  let british = words.split(separator: " ").map { word in
    word.hasSuffix("recognized") ? word.dropLast("ized".count) + "ised" : word
  }.joined(separator: " ")
  return british.prefix(1).uppercased() + british.dropFirst()
}
