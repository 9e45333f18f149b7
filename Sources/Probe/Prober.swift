import CLinux
import Linux
import Log

/// Asks an SCP whether it answers: looks its host up, and tries one address after the other until one
/// of them does. It has the thread for itself.
public enum Prober {
  /// How many addresses of one host are tried; more are a mistake in the name server.
  private static let mostAddresses = 16

  /// What comes of `question`, whose SCP is on any of `hosts`.
  public static func ask(_ question: ProbeQuestion, of hosts: [String]) -> ProbeResult {
    let began = Instant.microseconds
    var addresses: [cl_address] = []
    var failure = ProbeFailure.unknownName
    for host in hosts {
      switch resolve(host, question.port) {
      case .success(let found): addresses += found
      case .failure(let problem): failure = problem.failure
      }
    }
    let resolveTime = Instant.microseconds - began
    guard !addresses.isEmpty else {
      return ProbeResult(question, resolveTime: resolveTime, resolveFailure: failure)
    }
    var attempts: [ProbeAttempt] = []
    for address in addresses {
      let attempt = ProbeAssociation.attempt(question, at: address)
      attempts.append(attempt)
      if attempt.failure == nil { break }
    }
    return ProbeResult(question, resolveTime: resolveTime, attempts: attempts)
  }

  /// Why a host was not found.
  private struct Unresolved: Error {
    let failure: ProbeFailure
  }

  private static func resolve(_ host: String, _ port: UInt16) -> Result<[cl_address], Unresolved> {
    var found = [cl_address](repeating: cl_address(), count: mostAddresses)
    var room = found.mutableSpan
    let result = cl_resolve_all(host.utf8.span, &room)
    switch result {
    case cl_resolve_unknown.rawValue: return .failure(Unresolved(failure: .unknownName))
    case cl_resolve_unanswered.rawValue: return .failure(Unresolved(failure: .unansweredName))
    case ..<0: return .failure(Unresolved(failure: .unresolvedName))
    default:
      for index in 0..<Int(result) { found[index].port = port }
      return .success(Array(found[..<Int(result)]))
    }
  }
}
