import Log

/// The times above which the answer of an SCP is a warning, or critical, as monitoring systems set them.
public struct ProbeThresholds: Sendable {
  /// The time above which an answer is a warning, in milliseconds; `nil` if it never is.
  public let warning: UInt32?
  /// The time above which an answer is critical, in milliseconds; `nil` if it never is.
  public let critical: UInt32?

  /// The thresholds, none by default.
  public init(warning: UInt32? = nil, critical: UInt32? = nil) {
    (self.warning, self.critical) = (warning, critical)
  }

  /// The threshold that `time`, in microseconds, exceeds, and the status for that; `nil` if it exceeds none.
  func excess(of time: UInt64) -> (status: ProbeStatus, threshold: UInt32)? {
    if let critical, time > UInt64(critical) * 1000 { return (.critical, critical) }
    if let warning, time > UInt64(warning) * 1000 { return (.warning, warning) }
    return nil
  }
}

/// The words for an answer that exceeds a threshold.
extension ProbeResult {
  /// By how much, as in `more than the warning threshold of 50 ms`, or `nil` if it exceeds none.
  var excessText: String? {
    excess.map { status, threshold in
      "more than the \(status == .critical ? "critical" : "warning") threshold of \(threshold) ms"
    }
  }

  /// What to do about a slow answer, which depends on its slowest phase.
  var remedyForExcess: String {
    let slowest = times.parts.max { $0.time < $1.time }
    let advice =
      switch slowest.flatMap({ ProbePhase(rawValue: $0.name) }) {
      case .resolve: "check the name servers in /etc/resolv.conf, or use the host's address"
      case .connect: "check whether the network in between is slow or loses packets"
      case .tls, .associate, .echo, .release:
        "check the network in between, and the load and the log of the SCP"
      // The time of other addresses.
      case nil: "remove the addresses that do not answer from the host's name"
      }
    return "most of the time was spent on \(slowest?.name ?? ""): \(advice)"
  }
}
