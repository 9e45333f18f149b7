import UpperLayer
import Verification

/// The lines in which pynetdicom shows a PDU or a message at debug. They are identical here except that no
/// passcode is shown, so that two logs can be compared line by line.
enum DumpText {
  private static let width = 76

  /// The lines of the received A-ASSOCIATE-RQ.
  static func request(_ pdus: PDUCopies?) -> [String] {
    guard let request = pdus?.request else { return [] }
    do throws(Malformed) {
      return RequestDump(try AssociateRequest(request.span)).lines
    } catch {
      return [error.text]
    }
  }

  /// The lines of the sent A-ASSOCIATE-AC.
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

  /// The lines of a sent A-ASSOCIATE-RJ.
  static func reject(_ rejection: Rejection) -> [String] {
    [
      "Reject Parameters:", title("OUTGOING A-ASSOCIATE-RJ PDU"),
      "Result:    \(rejection.resultText)",
      "Source:    \(rejection.sourceText)",
      "Reason:    \(rejection.reasonText)",
      title("END A-ASSOCIATE-RJ PDU"),
    ]
  }

  /// The lines of a sent or received A-ABORT.
  static func abort(_ abort: Abort, isIncoming: Bool) -> [String] {
    [
      "Abort Parameters:", title("\(isIncoming ? "INCOMING" : "OUTGOING") A-ABORT PDU"),
      "Abort Source: \(abort.sourceText)", "Abort Reason: \(abort.reasonText)",
      title("END A-ABORT PDU"),
    ]
  }

  /// The lines of a received C-ECHO-RQ.
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

  /// A line of equals signs with `text` in the middle.
  static func title(_ text: String) -> String {
    let marks = width - text.utf8.count - 2
    return String(repeating: "=", count: marks / 2) + " \(text) "
      + String(repeating: "=", count: marks - marks / 2)
  }
}

// The terms of PS3.8 Tables 9-21 and 9-26 in pynetdicom's spelling.

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
  /// The text for a value that the standard does not define.
  private static let noValue = "(no value available)"

  fileprivate var sourceText: String {
    switch source {
    case 0: "DUL service-user"
    case 1: "Reserved"
    case 2: "DUL service-provider"
    default: Self.noValue
    }
  }

  /// The reason, which is significant only if the source is the service provider.
  fileprivate var reasonText: String {
    switch (source, reason) {
    case (2, 0): "No reason given"
    case (2, 3): "Reserved"
    case (2, _): why.map(spelled) ?? Self.noValue
    default: Self.noValue
    }
  }
}

/// Returns `words` of the standard with a capital letter and in British spelling.
private func spelled(_ words: String) -> String {
  let british = words.split(separator: " ").map { word in
    word.hasSuffix("recognized") ? word.dropLast("ized".count) + "ised" : word
  }.joined(separator: " ")
  return british.prefix(1).uppercased() + british.dropFirst()
}
