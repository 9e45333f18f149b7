import Log
import UpperLayer

/// The words of the standard for the numbers in an answer.
extension AssociateReject {
  /// The words for source and reason (PS3.8 Table 9-21).
  var words: (source: String, reason: String) {
    let from =
      switch source {
      case 1: "the service user"
      case 2: "the service provider (ACSE)"
      case 3: "the service provider (presentation)"
      default: "an undefined source"
      }
    return (from, why ?? ReasonWords.unknownReason)
  }
}

extension Abort {
  /// The words for the reason of a service provider (PS3.8 Table 9-26).
  var reasonWords: String {
    reason == 0 ? "reason not specified" : why ?? ReasonWords.unknownReason
  }
}

/// Words for numbers that have no type of their own.
enum ReasonWords {
  /// The words for a reason that the standard does not define.
  static let unknownReason = "undefined reason"

  /// The words for the Result/Reason field of a presentation context (PS3.8 Table 9-18).
  static func contextResult(_ result: UInt8) -> String {
    switch result {
    case 1: "user rejection"
    case 2: "no reason"
    case 3: "abstract syntax not supported"
    case 4: "transfer syntaxes not supported"
    default: unknownReason
    }
  }

  /// The words for a status other than Success (PS3.7 §9.1.5.1.4 and annex C), in parentheses; empty
  /// if there are none.
  static func status(_ status: UInt16) -> String {
    switch status {
    case 0x0110: " (processing failure)"
    case 0x0122: " (refused: SOP class not supported)"
    case 0x0124: " (refused: not authorized)"
    case 0x0210: " (duplicate invocation)"
    case 0x0211: " (unrecognized operation)"
    case 0x0212: " (mistyped argument)"
    case 0x0213: " (resource limitation)"
    case 0xFE00: " (canceled)"
    default: ""
    }
  }
}
