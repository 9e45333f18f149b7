import UpperLayer

/// `--probe --haproxy-check`: the options that may stand beside it, and the command line that prints the same again.
extension ProbeOption {
  /// Whether the option may stand beside `--haproxy-check`. All others are about asking or about the result, and
  /// HAProxy asks.
  var isForHAProxyCheck: Bool {
    switch self {
    case .haproxyCheck, .calledAETitle, .callingAETitle: true
    case .devices, .tls, .serverName, .count, .interval, .warning, .critical, .json: false
    }
  }
}

extension CommandLineSettings {
  /// Throws the first mistake in a command line with `--haproxy-check`: besides `--probe`, only what
  /// ``ProbeOption/isForHAProxyCheck`` names is allowed.
  func checkHAProxy() throws(Mistake) {
    if let option = probeOptions.first(where: { !$0.isForHAProxyCheck }) {
      throw Self.contradiction(option.long, ProbeOption.haproxyCheck.long)
    }
    if configurationFile != nil {
      throw Self.contradiction(Action.config.long, ProbeOption.haproxyCheck.long)
    }
    if let (setting, _, option) = assignments.first {
      throw Mistake(
        "\(option) conflicts with --\(ProbeOption.haproxyCheck.long)",
        setting.key == "ae-title"
          ? "use --calling-ae-title or --called-ae-title" : "use only one of them")
    }
    if let target = probe.targets.first {
      throw Mistake(
        "--\(ProbeOption.haproxyCheck.long) conflicts with the target \(Quotation.of(target.text))",
        "HAProxy takes it from a server line")
    }
    if probe.calledAETitle == nil {
      throw Mistake(
        "--\(ProbeOption.haproxyCheck.long) is missing its --\(ProbeOption.calledAETitle.long)",
        "type the AE title of the SCP, as in -aec ECHOSCP")
    }
  }

  /// The command line that prints the same health check again, quoted for the shell.
  public var haproxyCommand: String {
    var words = [
      "echoscpd", "--\(Action.probe.long)", "--\(ProbeOption.haproxyCheck.long)",
      "-\(ProbeOption.calledAETitle.short ?? "")", probe.calledAETitleElsewhere.unpadded,
    ]
    if probe.callingAETitle != ProbeSettings().callingAETitle {
      words += ["--\(ProbeOption.callingAETitle.long)", probe.callingAETitle.unpadded]
    }
    return Quotation.shellLine(words) ?? words.joined(separator: " ")
  }
}
