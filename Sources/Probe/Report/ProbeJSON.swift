import Linux
import Log
import Requestor
import UpperLayer

/// The result of a probe as a JSON object (RFC 8259), for programs. Member names are stable;
/// more may be added.
extension ProbeResult {
  /// The object on one line, for the probe with this number.
  public func json(number: Int) -> String {
    let acceptance = answered?.acceptance
    let total = ("total", ProbeTimes.milliseconds(times.total))
    return Self.object([
      ("ok", "\(isOK)"), ("status", Self.string(status.word.lowercased())), ("number", "\(number)"),
      ("host", Self.string(question.host)),
      ("port", "\(question.port)"), ("called_ae_title", Self.string(question.called)),
      ("calling_ae_title", Self.string(question.calling)),
      ("address", Self.string(answered?.address.text)),
      (
        "times_ms",
        Self.object(times.parts.map { ($0.name, ProbeTimes.milliseconds($0.time)) } + [total])
      ),
      ("transfer_syntax", acceptance.map { Self.object($0.transferSyntax) } ?? "null"),
      ("peer", acceptance.map(Self.object) ?? "null"), ("tls", tls),
      ("failures", "[\(problems.map(Self.object).joined(separator: ", "))]"),
    ])
  }

  private static func object(_ syntax: TransferSyntax) -> String {
    object([("uid", string(syntax.uidText)), ("name", string(syntax.name))])
  }

  private static func object(_ peer: Acceptance) -> String {
    object([
      ("implementation_class_uid", string(peer.uidText)),
      ("implementation_version_name", string(peer.versionText)),
      ("max_pdu", "\(peer.maximumLength)"),
    ])
  }

  private static func object(_ problem: ProbeProblem) -> String {
    let explanation = problem.explanation
    return object([
      ("address", string(problem.address?.text)), ("phase", string(problem.phase.rawValue)),
      ("cause", string(explanation.cause.rawValue)), ("text", string(explanation.text)),
      ("remedy", string(explanation.remedy)),
      ("time_ms", ProbeTimes.milliseconds(problem.duration)),
    ])
  }

  static func object(_ members: [(String, String)]) -> String {
    "{\(members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}"
  }

  static func string(_ text: String?) -> String {
    guard let text else { return "null" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        result += "\\u00\(Escaping.hexadecimal(UInt8(truncatingIfNeeded: scalar.value)))"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
