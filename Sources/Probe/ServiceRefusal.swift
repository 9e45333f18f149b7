import Linux
import Requestor
import Settings
import UpperLayer

/// Why the service on this machine refuses a probe according to its settings, and which one to change.
extension ProbeProblem {
  /// The explanation by the settings of the service instead of `row`, or `nil` if they do not explain it.
  func refusal(_ row: Explanation) -> Explanation? {
    guard phase == .tls || phase == .associate, let service = question.service, let source else {
      return nil
    }
    if row.cause == .closed || row.cause == .reset {
      let rule = service.rule(against: source)
      let text = rule.map { "the service closes connections from \(source.address): \($0.text)" }
      return Explanation(
        row.cause, text ?? row.text, rule?.remedy ?? service.remedyForClosing(question))
    }
    guard case .peer(.rejected(let pdu)) = failure,
      let reason = Rejection.allCases.first(where: { $0.pdu == pdu }),
      let remedy = service.remedy(for: reason, of: question, from: source)
    else { return nil }
    return Explanation(row.cause, row.text, remedy)
  }
}

extension Settings {
  /// The remedy if the files differ from the settings in force.
  private static let reload = "reload the service, which still has its earlier settings"

  /// The rule by which the service closes connections from `address`, and what to change; `nil` if no rule
  /// does.
  fileprivate func rule(against address: NetworkAddress) -> (text: String, remedy: String)? {
    if let range = denyAddresses.first(where: { $0.contains(address.bytes) }) {
      return (
        "deny-addresses includes \(range.text)",
        "remove \(range.text) from deny-addresses, or put a smaller network in its place"
      )
    }
    if allowAddresses.isEmpty || allowAddresses.contains(where: { $0.contains(address.bytes) }) {
      return nil
    }
    return (
      "allow-addresses does not include it", "add \(address.address) to allow-addresses"
    )
  }

  /// The remedy if no rule is the reason for closing the connection: a limit is, or rules from before a change, or
  /// with TLS, files that cannot be used.
  fileprivate func remedyForClosing(_ question: ProbeQuestion) -> String {
    let log =
      question.tls == nil
      ? "see the service's log"
      : "see the service's log; check its files for TLS (echoscpd --check-config)"
    let limits = [
      ("max-pending-per-address", maxPendingPerAddress), ("max-connection-rate", maxConnectionRate),
      ("max-pending", maxPending ?? 0),
    ].filter { $0.1 > 0 }.map { "\($0.0) (\($0.1))" }
    guard !limits.isEmpty else { return "\(log), or \(Self.reload)" }
    return "\(log); raise \(limits.joined(separator: " or ")), or \(Self.reload)"
  }

  /// The remedy for a rejection, or `nil` if the settings do not explain it.
  fileprivate func remedy(
    for rejection: Rejection, of question: ProbeQuestion, from address: NetworkAddress
  ) -> String? {
    let calling = question.proposal.calling
    switch rejection {
    case .callingAETitle:
      if !allowCallingAeTitles.isEmpty,
        !allowCallingAeTitles.contains(where: { $0.matches(calling) })
      {
        return "add \(calling.quotedInList) to allow-calling-ae-titles, or use "
          + "--calling-ae-title to give one that it includes"
      }
      guard let device = devices.first(where: { $0.title == calling }) else { return Self.reload }
      let other = "or use --calling-ae-title to give another title"
      if !device.address.isEmpty, !device.address.contains(where: { $0.contains(address.bytes) }) {
        return "add \(address.address) to address in \(device.section), \(other)"
      }
      if device.certificate.isEmpty { return Self.reload }
      return
        "use --tls, --tls-certificate and --tls-private-key to present a certificate that matches "
        + "certificate in \(device.section), \(other)"
    case .calledAETitle: return question.proposal.called == aeTitle ? Self.reload : nil
    case .localLimitExceeded:
      let perAddress =
        maxAssociationsPerAddress > 0
        ? "max-associations-per-address (\(maxAssociationsPerAddress)) or " : ""
      let all = maxAssociations.map { "max-associations (\($0))" } ?? "max-associations"
      let overTLS = question.tls == nil ? "" : "max-tls-associations (\(maxTlsAssociations)) or "
      return "raise \(perAddress)\(overTLS)\(all), or try again later"
    case .temporaryCongestion: return "raise partial-pdu-memory, or try again later"
    case .protocolVersion, .applicationContext: return nil
    }
  }
}
