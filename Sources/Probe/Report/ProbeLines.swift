import ByteCoding
import Linux
import Log
import Requestor
public import UpperLayer

/// How much the lines of a result tell.
public enum ProbeDetail: Sendable {
  /// Everything.
  case full
  /// Everything except for what the SCP is and accepted, which an earlier result of the same target told.
  case withoutPeer
  /// What happened and what to do, as one of several targets.
  case brief
}

/// The result of a probe as lines for people. A monitoring system shows only the first line.
extension ProbeResult {
  /// The lines, as many as `detail` allows.
  public func lines(_ detail: ProbeDetail = .full) -> [String] {
    let lines =
      answered.map { success($0, detail) }
      ?? failure("\(status.word): \(place): \(mainProblem?.line ?? Self.noAddress)", detail)
    return lines.map(PluginLine.escaped)
  }

  /// What is wrong, in one clause that names the target; `nil` if the SCP answered as it should.
  var complaint: String? {
    guard let answered else { return "\(place): \(mainProblem?.line ?? Self.noAddress)" }
    let slow = excessText.map { "\(ProbeTimes.milliseconds(times.total)) ms, \($0)" }
    return (slow ?? answered.security?.warning).map { "\(place): \($0)" }
  }

  /// The target.
  var place: String { "\(question.called) at \(question.place)" }

  private static let noAddress = "no address to connect to"

  private func success(_ answered: ProbeAttempt, _ detail: ProbeDetail) -> [String] {
    let parts = times.parts.map { "\($0.name) \(ProbeTimes.milliseconds($0.time))" }
    let time =
      "\(ProbeTimes.milliseconds(times.total)) ms\(excessText.map { ", \($0)" } ?? "") "
      + "(\(parts.joined(separator: ", ")))"
    var first: [String]
    if let warning = answered.security?.warning {
      first = [
        "\(status.word): \(place): \(warning); C-ECHO was answered in \(time)",
        "  to do: renew this certificate before it expires",
      ]
    } else {
      first = ["\(status.word): \(place) answered C-ECHO in \(time)"]
    }
    if excess != nil { first.append("  to do: \(remedyForExcess)") }
    guard detail == .full else { return first + problemLines(detail) }
    let acceptance = answered.acceptance.map { acceptance in
      [
        "  accepted: Verification SOP Class, \(acceptance.transferSyntax.name)",
        "  peer: \(acceptance.peerText)",
      ]
    }
    return first + problemLines(detail) + ["  address: \(answered.address.text)"]
      + (acceptance ?? [])
      + (answered.security?.lines(question.tls?.trust).map { "  \($0)" } ?? [])
  }

  /// The first line has the text of the main problem, so that a single problem needs no line of its own.
  private func failure(_ first: String, _ detail: ProbeDetail) -> [String] {
    guard problems.count == 1, let problem = problems.first else {
      return [first] + problemLines(detail)
    }
    let address = detail == .brief ? nil : problem.address.map { "  address: \($0.text)" }
    return [first] + [address].compactMap(\.self) + ["  to do: \(problem.explanation.remedy)"]
      + lines(of: problem, "  ", detail)
  }

  private func problemLines(_ detail: ProbeDetail) -> [String] {
    problems.flatMap { problem in
      let address = problem.address.map { "\($0.text): " } ?? ""
      let time = "after \(ProbeTimes.milliseconds(problem.duration)) ms"
      return [
        "  \(address)\(problem.line), \(time)", "    to do: \(problem.explanation.remedy)",
      ] + lines(of: problem, "    ", detail)
    }
  }

  /// What is known of the TLS session of a problem, each line with an indentation.
  private func lines(
    of problem: ProbeProblem, _ indentation: String, _ detail: ProbeDetail
  ) -> [String] {
    if detail == .brief { return [] }
    return problem.security?.lines(question.tls?.trust).map { indentation + $0 } ?? []
  }
}

/// A line of a monitoring plugin's output (Nagios plugin development guidelines): its reader takes
/// everything after a `|` in any line as performance data, and a line must not contain a line break.
public enum PluginLine {
  /// Returns `line` with every `|` as `\x7c` and terminal control characters escaped, whatever their
  /// origin: a peer chooses what it sends, and an AE title may have any printable character.
  public static func escaped(_ line: String) -> String {
    Escaping.line(line).split(separator: "|", omittingEmptySubsequences: false)
      .joined(separator: "\\x7c")
  }

  /// Returns `lines` with performance data after the first one, unless there is none.
  public static func adding(data: String, to lines: [String]) -> [String] {
    guard let first = lines.first, !data.isEmpty else { return lines }
    return ["\(first) | \(data)"] + lines.dropFirst()
  }
}

extension TransferSyntax {
  /// The UID as text.
  var uidText: String {
    String(decoding: [UInt8](capacity: 64) { $0.append(uid) }, as: UTF8.self)
  }

  /// The name in PS3.6.
  public var name: String { UIDNames.name(of: Array(uidText.utf8).span) }
}

extension Acceptance {
  /// The implementation class UID, escaped, or `nil` if there is none.
  var uidText: String? { Self.text(implementationClassUID) }

  /// The implementation version name, escaped, or `nil` if there is none.
  var versionText: String? { Self.text(implementationVersionName) }

  /// The SCP's description of itself.
  fileprivate var peerText: String {
    let maximum = maximumLength == 0 ? "any length" : "\(maximumLength)"
    return [versionText, uidText, "max PDU \(maximum)"].compactMap { $0 }.joined(separator: ", ")
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    bytes.isEmpty ? nil : Escaping.ascii(bytes.span)
  }
}
