/// The verdict of a report, in the terms of monitoring plugins: the word it begins with, and its exit status.
public enum Verdict: Int32, Sendable, Comparable {
  /// All is well.
  case ok = 0
  /// Something needs attention.
  case warning = 1
  /// The service does not answer, or the last attempt of a device failed.
  case critical = 2
  /// There is no answer.
  case unknown = 3

  /// Whether `left` is better than `right`.
  public static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }

  /// The verdict on devices whose worst state is `state`.
  init(_ state: PeerRow.State) {
    switch state {
    case .failing: self = .critical
    case .absent, .noEcho: self = .warning
    case .healthCheck, .ok: self = .ok
    }
  }

  /// The word that a report begins with.
  public var word: String {
    switch self {
    case .ok: "OK"
    case .warning: "WARNING"
    case .critical: "CRITICAL"
    case .unknown: "UNKNOWN"
    }
  }
}

extension PeerTable {
  /// The verdict on the devices: if there are any with a section, on these alone, otherwise on those with a title,
  /// since the attempts of strangers such as port scanners always fail.
  public var verdict: Verdict {
    let own = rows.values.lazy.filter(\.isConfigured).map(\.state).min()
    let worst = own ?? rows.values.lazy.filter { $0.key.title != nil }.map(\.state).min()
    return worst.map(Verdict.init) ?? .ok
  }
}

extension PeerStory {
  /// The verdict on the device.
  public var verdict: Verdict { isKnown ? Verdict(state) : .unknown }
}

extension Layout {
  /// The word for `verdict` and a colon, colored.
  func head(_ verdict: Verdict) -> String {
    let word =
      switch verdict {
      case .ok: colored(verdict.word, .green)
      case .warning, .unknown: colored(verdict.word, .yellow)
      case .critical: colored(verdict.word, .red)
      }
    return "\(word):"
  }
}
