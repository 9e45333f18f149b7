import ByteCoding
import Linux
import Log
import Requestor
public import UpperLayer

/// The result of a probe in lines for a person. The first one is all that a monitoring system shows.
extension ProbeResult {
  /// The lines; who answered and what was accepted only if `withPeer`.
  public func lines(withPeer: Bool = true) -> [String] {
    unescapedLines(withPeer: withPeer).map(PluginLine.escaped)
  }

  private func unescapedLines(withPeer: Bool) -> [String] {
    let place = "\(question.called) at \(question.place)"
    let problems = problems
    let failed = problems.flatMap { problem in
      let address = problem.address.map { "\($0.text): " } ?? ""
      let time = "after \(ProbeTimes.milliseconds(problem.duration)) ms"
      return ["  \(address)\(problem.line), \(time)", "    to do: \(problem.remedy)"]
    }
    guard let answered else {
      let line = mainProblem.map(\.line) ?? "there is no address to ask"
      let first = "CRITICAL: \(place): \(line)"
      // What the first line says already is not said once more.
      guard problems.count == 1, let problem = problems.first else { return [first] + failed }
      let address = problem.address.map { ["  address: \($0.text)"] } ?? []
      return [first] + address + ["  to do: \(problem.remedy)"]
    }
    let parts = times.all.map { "\($0.name) \(ProbeTimes.milliseconds($0.time))" }
    let first =
      "OK: \(place) answered C-ECHO in \(ProbeTimes.milliseconds(times.total)) ms "
      + "(\(parts.joined(separator: ", ")))"
    guard withPeer else { return [first] + failed }
    let acceptance = answered.acceptance.map { acceptance in
      [
        "  accepted: Verification SOP Class, \(acceptance.transferSyntax.name)",
        "  peer: \(acceptance.peerText)",
      ]
    }
    return [first] + failed + ["  address: \(answered.address.text)"] + (acceptance ?? [])
  }
}

extension TransferSyntax {
  /// Its UID in digits.
  var uidText: String {
    String(decoding: [UInt8](capacity: 64) { $0.append(uid) }, as: UTF8.self)
  }

  /// Its name in PS3.6.
  public var name: String { UIDNames.name(of: Array(uidText.utf8).span) }
}

extension Acceptance {
  /// The implementation class UID, escaped; nothing when there is none.
  var uidText: String? { Self.text(implementationClassUID) }

  /// The implementation version name, escaped; nothing when there is none.
  var versionText: String? { Self.text(implementationVersionName) }

  /// Who the SCP says it is.
  fileprivate var peerText: String {
    let maximum = maximumLength == 0 ? "any length" : "\(maximumLength)"
    return [versionText, uidText, "max PDU \(maximum)"].compactMap { $0 }.joined(separator: ", ")
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    bytes.isEmpty ? nil : Escaping.ascii(bytes.span)
  }
}
