import UpperLayer

/// Collects the settings of a command line, and refuses contradictions.
public struct CommandLineSettings: Sendable {
  /// The name of the configuration file, which need not be UTF-8; `nil` if the command line has none.
  public private(set) var configurationFile: [UInt8]?
  /// The action to perform instead of serving; `nil` to serve.
  public private(set) var action: Action?
  /// The ID of the process that is to reload, or `nil` without `--reload`.
  public private(set) var process: Int32?
  /// The settings of `--probe`.
  public private(set) var probe = ProbeSettings()
  /// The operands of `--probe`.
  private var probeWords = ProbeWords()
  /// The options of `--probe`, as typed.
  private(set) var probeOptions: [ProbeOption] = []
  private var chosen: [String: (text: String, option: String)] = [:]
  private var switched: [String: Switch] = [:]

  /// An empty command line.
  public init() {}

  /// The settings on the command line: each once, with its value and the option that sets it.
  public var assignments: [(setting: Setting, text: String, option: String)] {
    Setting.all.compactMap { setting in
      chosen[setting.key].map { (setting, $0.text, $0.option) }
    }
  }

  /// These settings, with the name of a relative configuration file below `folder`.
  public func withConfigurationFile(below folder: String) -> CommandLineSettings {
    var line = self
    if let file = configurationFile, file.first != UInt8(ascii: "/") {
      line.configurationFile = Array("\(folder)/".utf8) + file
    }
    return line
  }

  /// Adds the option called `name` with its value, if any.
  public mutating func add(_ name: CommandLineOption.Name, _ value: [UInt8]?) throws(Mistake) {
    switch name.option {
    case .setting, .action(.probe): break
    case .switch where name.endsInEqualsSign:
      if value != [] {
        throw Mistake("-\(name.text) is not an option", "use -\(name.text)=")
      }
    case .action, .probe, .switch:
      if value != nil, !name.option.takesArgument {
        throw Mistake("--\(name.option.long) takes no value")
      }
    }
    try add(name.option, value)
    if case .action(.probe) = name.option, value == [] {
      throw Mistake("--probe: the host is missing")
    }
  }

  /// Adds `option` with its value, if any.
  mutating func add(_ option: CommandLineOption, _ value: [UInt8]?) throws(Mistake) {
    let text = value.map { String(decoding: $0, as: UTF8.self) }
    switch option {
    case .action(let action): try add(action, value ?? [])
    case .probe(let option): try add(option, text ?? "")
    case .setting(let setting): try add(setting, text ?? setting.impliedValue ?? "")
    case .switch(let flag): try add(flag)
    }
  }

  /// Whether a command line with only `option` and `values` after it is valid.
  static func accepts(_ option: CommandLineOption, _ values: [String]) -> Bool {
    var line = CommandLineSettings()
    var operands = values[...]
    let value = option.takesArgument ? operands.popFirst() : nil
    if option.takesArgument, value == nil { return false }
    do throws(Mistake) {
      try line.add(option, value.map { Array($0.utf8) })
      for operand in operands { try line.add(operand: operand) }
      try line.check()
      return true
    } catch {
      return false
    }
  }

  /// Adds an action with its value, or with an empty one if it has none.
  public mutating func add(_ action: Action, _ value: [UInt8] = []) throws(Mistake) {
    let text = String(decoding: value, as: UTF8.self)
    if action == .config {
      if value.isEmpty { throw Mistake("--config: the file name is missing") }
      configurationFile = value
      return
    }
    if action == .reload {
      guard let process = Int32(text), process > 0 else {
        throw Mistake(of: text, "is not a process ID", expected: "a positive number")
          .behind("--reload")
      }
      self.process = process
    }
    if let other = self.action, other != action {
      throw Self.contradiction(action.long, other.long)
    }
    self.action = action
    if action == .probe, !value.isEmpty { try probeWords.add(text, to: &probe) }
  }

  /// Adds the option of a setting with its value.
  public mutating func add(_ setting: Setting, _ value: String) throws(Mistake) {
    do throws(Mistake) {
      try setting.property.examine(value)
    } catch {
      guard setting.key == "bind-address", let right = Endpoint(value)?.listening else {
        throw error.behind("--\(setting.key)")
      }
      throw Mistake(of: value, "is not an address", "type \(right)").behind("--\(setting.key)")
    }
    // --quiet overrides --log-level in either order.
    if switched[setting.key]?.value == "none" { return }
    chosen[setting.key] = (value, "--\(setting.key)")
  }

  /// Adds a switch.
  public mutating func add(_ flag: Switch) throws(Mistake) {
    if let other = switched[flag.key], other.long != flag.long {
      throw Self.contradiction(flag.long, other.long)
    }
    switched[flag.key] = flag
    // --log-level overrides --verbose and --debug in either order.
    if chosen[flag.key]?.option == "--\(flag.key)", flag.value != "none" { return }
    chosen[flag.key] = (flag.value, "--\(flag.long)")
  }

  /// Adds an option of `--probe`.
  public mutating func add(_ option: ProbeOption, _ value: String) throws(Mistake) {
    probeOptions.append(option)
    do throws(Mistake) {
      try option.set(value, &probe)
    } catch {
      throw habit(option, value) ?? error.behind("--\(option.long)")
    }
  }

  /// The mistake in `option` if its short name and `value` mean something else in another program, or `nil`.
  private func habit(_ option: ProbeOption, _ value: String) -> Mistake? {
    // Other programs take a file or an SCP after -c.
    guard option == .critical,
      value.first?.isLetter == true || value.utf8.contains(where: "/:".utf8.contains),
      let right = CommandHabit.correction(
        option: "-c", [value], asked: action == .probe ? probeWords.typed : nil)
    else { return nil }
    return Mistake("-c is the time above which --probe is critical", right)
  }

  static func contradiction(_ option: String, _ other: String) -> Mistake {
    Mistake("--\(option) conflicts with --\(other)", "use only one of them")
  }

  /// Adds an operand: the port or, after `--probe` has been added, a target. `next` are the operands after it.
  public mutating func add(operand: String, followedBy next: [String] = []) throws(Mistake) {
    if LookAlike.withoutDashes(operand).isPasted {
      throw Mistake(problem(unknown: operand, behind: [], followedBy: next))
    }
    if action == .probe {
      // The options of DCMTK begin with a plus sign, and no host does.
      if operand.hasPrefix("+"),
        let right = CommandHabit.correction(
          option: operand, next, asked: probeWords.typed)
      {
        throw Mistake("\(Quotation.shown(operand)) is not an option", right)
      }
      return try probeWords.add(operand, to: &probe)
    }
    guard chosen["port"] == nil else {
      throw Mistake(of: operand, "is one port too many", "give several as one list: 104,11112")
    }
    guard let port = Setting.named("port") else { return }
    do throws(Mistake) {
      try port.property.examine(operand)
    } catch {
      throw Self.habit(operand, next) ?? error.behind("port")
    }
    chosen[port.key] = (operand, "port")
  }

  /// The message about `word`, which is not an option and stands between the operands `before` and `next`.
  /// The value of `--probe` must have been added before.
  public func problem(
    unknown word: String, behind before: [String], followedBy next: [String]
  ) -> String {
    let asked = action == .probe ? probeWords.typed + before : nil
    return CommandLineOption.problem(unknown: word, followedBy: next, asked: asked)
  }

  /// The mistake in an operand that is not a port, if its meaning is clear.
  private static func habit(_ operand: String, _ next: [String]) -> Mistake? {
    func mistake(_ advice: String) -> Mistake {
      Mistake(of: operand, "is not a port", advice).behind("port")
    }
    if let right = CommandHabit.correction(operand: operand, next) { return mistake(right) }
    guard let endpoint = Endpoint([operand] + next) else { return nil }
    // dcm4che's TITLE:PORT; host names are rarely in upper case.
    let isTitle = endpoint.host.map { $0 == $0.uppercased() } ?? false
    let listening = endpoint.listening ?? (isTitle ? CommandHabit.titledPlace(operand) : nil)
    guard endpoint.host != nil, !endpoint.ports.isEmpty else {
      return listening.map { mistake("type \($0)") }
    }
    let ways = [
      listening.map { "to listen there, type \($0)" },
      endpoint.probing.map { "to probe it, type echoscpd \($0)" },
    ].compactMap(\.self)
    return ways.isEmpty ? nil : mistake(ways.joined(separator: "; "))
  }

  /// The interpretation of a probe in the notation of another requestor; `nil` if there is none, or the log
  /// is off.
  public var remark: String? {
    guard action == .probe, chosen["log-level"]?.text != "none" else { return nil }
    return probeWords.remark(on: probe)
  }

  /// Throws the first mistake in the command line as a whole, once all its words have been added.
  public func check() throws(Mistake) {
    guard action == .probe else {
      guard let option = probeOptions.first else { return }
      throw Mistake(
        "--\(option.long) is only valid with --probe",
        option == .tls ? "to serve TLS, \(CommandHabit.servingTLS)" : nil)
    }
    if probe.isHAProxyCheck { return try checkHAProxy() }
    try probe.check()
    for (setting, _, option) in assignments {
      switch (setting.use, probe.isLocal) {
      case (.always, _), (.local, true): continue
      case (.local, false):
        throw Mistake(
          "\(option) is for probing this machine, but "
            + (probe.isOfDevices ? "--devices probes the devices" : "--probe names another host"),
          setting.key == "ae-title"
            ? "use --calling-ae-title or --called-ae-title" : nil)
      case (.never, _):
        throw Mistake(
          "\(option) is only for serving, not for --probe",
          setting.key == "tls-port"
            ? "type the port after the host, as in --probe pacs:2762 --tls"
            : "see PROBE in echoscpd(8)")
      }
    }
    try checkTLS()
  }

  /// Throws the first mistake in the options for a probe over TLS.
  private func checkTLS() throws(Mistake) {
    let ofTLS = assignments.filter { $0.setting.section == .tls }.map(\.option)
    let ofServer = probeOptions.contains(.serverName) ? ["--\(ProbeOption.serverName.long)"] : []
    if !probe.isTLS, let option = (ofTLS + ofServer).first {
      throw Mistake("with --probe, \(option) is only valid for TLS", "add --tls")
    }
    // The files of a service are not for its probe, so one of the pair cannot be in them.
    for (key, other) in Configuration.pairs where isFile(key) && !isFile(other) {
      throw Mistake(
        "--\(key) is missing its --\(other)", "type both, with the same file if it contains both")
    }
  }

  /// Whether an option names the file for the setting `key`.
  private func isFile(_ key: String) -> Bool {
    chosen[key].map { $0.text != FileName.none } ?? false
  }
}
