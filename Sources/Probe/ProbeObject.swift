import Linux
import Log
import Requestor
import UpperLayer

/// The result of a probe as a JSON object (RFC 8259), for programs. Names stay; more may be added.
extension ProbeResult {
  /// The object on one line, where it is the `number`th.
  public func object(number: Int) -> String {
    let acceptance = answered?.acceptance
    let syntax = acceptance.map { acceptance in
      Self.object([
        ("uid", Self.string(acceptance.transferSyntax.uidText)),
        ("name", Self.string(acceptance.transferSyntax.name)),
      ])
    }
    let peer = acceptance.map { acceptance in
      Self.object([
        ("implementation_class_uid", Self.string(acceptance.uidText)),
        ("implementation_version_name", Self.string(acceptance.versionText)),
        ("max_pdu", "\(acceptance.maximumLength)"),
      ])
    }
    return Self.object([
      ("ok", "\(isOK)"), ("number", "\(number)"), ("host", Self.string(question.host)),
      ("port", "\(question.port)"), ("called_ae_title", Self.string(question.called)),
      ("calling_ae_title", Self.string(question.calling)),
      ("address", Self.string(answered?.address.text)), ("times_ms", timesObject),
      ("transfer_syntax", syntax ?? "null"), ("peer", peer ?? "null"),
      ("failures", "[\(problems.map(Self.object).joined(separator: ", "))]"),
    ])
  }

  private var timesObject: String {
    var members = times.all.map { ($0.name, ProbeTimes.milliseconds($0.time)) }
    members.append(("total", ProbeTimes.milliseconds(times.total)))
    return Self.object(members)
  }

  private static func object(_ problem: ProbeProblem) -> String {
    object([
      ("address", string(problem.address?.text)), ("phase", string(problem.phase.rawValue)),
      ("cause", string(problem.cause.rawValue)), ("text", string(problem.text)),
      ("remedy", string(problem.remedy)), ("time_ms", ProbeTimes.milliseconds(problem.duration)),
    ])
  }

  private static func object(_ members: [(String, String)]) -> String {
    "{\(members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}"
  }

  private static func string(_ text: String?) -> String {
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
