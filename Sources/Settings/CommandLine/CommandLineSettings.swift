/// Collects what a command line sets, and refuses what contradicts itself.
public struct CommandLineSettings: Sendable {
  /// The name of the configuration file that it names, which need not be text; nothing when it names
  /// none.
  public private(set) var configurationFile: [UInt8]?
  /// What it asks for instead of serving; nothing when it asks for nothing else.
  public private(set) var action: Action?
  /// The ID of the process that is to reload; nothing when it asks for nothing of the kind.
  public private(set) var process: Int32?
  /// How it asks, where it asks another SCP or the service of this host.
  public private(set) var probe = ProbeSettings()
  /// The host that it asks, as it was typed.
  private var target: String?
  /// The AE title in front of the host that it asks.
  private var titleOfTarget: String?
  /// Whether the port of the host that it asks is a word of its own.
  private var isPortApart = false
  private var probeOptions: [ProbeOption] = []
  private var chosen: [String: (text: String, option: String)] = [:]
  private var switched: [String: Switch] = [:]

  /// A command line with nothing on it.
  public init() {}

  /// What it sets: each setting once, its value, and the option that has it.
  public var assignments: [(setting: Setting, text: String, option: String)] {
    Setting.all.compactMap { setting in
      chosen[setting.key].map { (setting, $0.text, $0.option) }
    }
  }

  /// Applies `option` with its value, if any, and returns the problem with it; nil if it is right.
  mutating func take(_ option: CommandLineOption, _ value: String?) -> String? {
    switch option {
    case .action(let action): take(action, Array((value ?? "").utf8))
    case .probe(let option): take(option, value ?? "")
    case .setting(let setting): take(setting, value ?? setting.impliedValue ?? "")
    case .switch(let flag): take(flag)
    }
  }

  /// Whether a command line may have `option` with `values` behind it, and nothing else.
  static func accepts(_ option: CommandLineOption, _ values: [String]) -> Bool {
    var line = CommandLineSettings()
    var operands = values[...]
    if option.takesArgument, operands.isEmpty { return false }
    let value = option.takesArgument ? operands.removeFirst() : nil
    return line.take(option, value) == nil && operands.allSatisfy { line.take(operand: $0) == nil }
      && line.finish() == nil
  }

  /// Takes an option that is no setting; `value` is what it has, if anything. The result is what is
  /// wrong, or nothing.
  public mutating func take(_ action: Action, _ value: [UInt8] = []) -> String? {
    if action == .config {
      guard !value.isEmpty else { return "--config: the name of the file is missing" }
      configurationFile = value
      return nil
    }
    if action == .reload {
      guard let process = Int32(String(decoding: value, as: UTF8.self)), process > 0 else {
        let text = Quotation.of(String(decoding: value, as: UTF8.self))
        return "--reload: \(text) is no process ID; a number from 1 on"
      }
      self.process = process
    }
    if let other = self.action, other != action {
      return "--\(action.long) contradicts --\(other.long); one of the two"
    }
    self.action = action
    guard action == .probe, !value.isEmpty else { return nil }
    return take(target: String(decoding: value, as: UTF8.self))
  }

  /// Takes the value of a setting's option. The result is what is wrong, or nothing.
  public mutating func take(_ setting: Setting, _ value: String) -> String? {
    if let problem = Self.problem(setting, value) {
      guard setting.key == "bind-address", let right = Endpoint(value)?.listening else {
        return "--\(setting.key): \(problem)"
      }
      return "--\(setting.key): \(Quotation.of(value)) is no address; type \(right)"
    }
    // Quiet is quiet, wherever it stands.
    if switched[setting.key]?.value == "none" { return nil }
    chosen[setting.key] = (value, "--\(setting.key)")
    return nil
  }

  /// Takes a switch. The result is what is wrong, or nothing.
  public mutating func take(_ flag: Switch) -> String? {
    if let other = switched[flag.key], other.long != flag.long {
      return "--\(flag.long) contradicts --\(other.long); one of the two"
    }
    switched[flag.key] = flag
    // -ll overrides -v and -d, wherever it stands.
    if let value = chosen[flag.key], value.option == "--\(flag.key)", flag.value != "none" {
      return nil
    }
    chosen[flag.key] = (flag.value, "--\(flag.long)")
    return nil
  }

  /// Takes an option of `--probe`. The result is what is wrong, or nothing.
  public mutating func take(_ option: ProbeOption, _ value: String) -> String? {
    probeOptions.append(option)
    return option.set(value, &probe).map { "--\(option.long): \($0)" }
  }

  /// Takes the operand: the port, or the host behind `--probe`, which has to be taken before, and
  /// returns the problem with it; nil if it is right. `next` are the operands behind it.
  public mutating func take(operand: String, followedBy next: [String] = []) -> String? {
    if LookAlike.withoutDashes(operand).isPasted {
      return problem(unknown: operand, behind: [], followedBy: next)
    }
    if action == .probe { return takeAsPort(operand) ? nil : take(target: operand) }
    guard chosen["port"] == nil else {
      return "\(Quotation.of(operand)) is one port too many; several as one list: 104,11112"
    }
    guard let port = Setting.named("port") else { return nil }
    if let problem = Self.problem(port, operand) {
      return Self.habit(operand, next) ?? "port: \(problem)"
    }
    chosen[port.key] = (operand, "port")
    return nil
  }

  /// What is wrong with `word`, which is no option and stands between the operands `before` and `next`;
  /// what is asked has to be taken before.
  public func problem(
    unknown word: String, behind before: [String], followedBy next: [String]
  ) -> String {
    let asked = action == .probe ? [target].compactMap(\.self) + before : nil
    return CommandLineOption.problem(unknown: word, followedBy: next, asked: asked)
  }

  /// What is wrong with an operand that is no port, where it is known what was meant.
  private static func habit(_ operand: String, _ next: [String]) -> String? {
    let fault = "port: \(Quotation.of(operand)) is no port"
    if let right = CommandHabit.correction(operand: operand, next) { return "\(fault); \(right)" }
    guard let endpoint = Endpoint([operand] + next) else { return nil }
    // dcm4che's TITLE:PORT; the names of hosts are seldom in capitals.
    let isTitle = endpoint.host.map { $0 == $0.uppercased() } ?? false
    let listening = endpoint.listening ?? (isTitle ? CommandHabit.titledPlace(operand) : nil)
    guard endpoint.host != nil, !endpoint.ports.isEmpty else {
      return listening.map { "\(fault); type \($0)" }
    }
    let ways =
      (listening.map { ["to listen there, type \($0)"] } ?? [])
      + (endpoint.probing.map { ["to ask there, type echoscpd \($0)"] } ?? [])
    return ways.isEmpty ? nil : "\(fault); \(ways.joined(separator: "; "))"
  }

  private mutating func take(target: String) -> String? {
    let (title, place) = Self.titled(target)
    switch ProbeTarget.read(place) {
    case .right(let other):
      guard self.target == nil || probe.target == other else {
        if let problem = Endpoint.problem(port: target) { return "--probe: \(problem)" }
        let what = if case .local = other { "port" } else { "host" }
        return "\(Quotation.of(target)) is one \(what) too many; --probe asks one"
      }
      guard title == nil || titleOfTarget == nil || title == titleOfTarget else {
        return "\(Quotation.of(target)) is one AE title too many; --probe calls one"
      }
      self.target = target
      probe.target = other
      titleOfTarget = titleOfTarget ?? title
      probe.calledAETitle = probe.calledAETitle ?? title
      return nil
    case .wrong(let problem):
      guard let right = Endpoint(target)?.probing else { return "--probe: \(problem)" }
      return "--probe: \(Quotation.of(target)) is no host; type \(right)"
    }
  }

  /// `TITLE@HOST:PORT` as other requestors have it, taken apart; what stands in a URL is no title.
  private static func titled(_ target: String) -> (title: String?, place: String) {
    guard target[...].place(of: "://") == nil, let at = target.lastIndex(of: "@"),
      case .right(let title) = Value.aeTitle(String(target[..<at]))
    else { return (nil, target) }
    return (title, String(target[target.index(after: at)...]))
  }

  /// Takes the operand as the port of the host in front of it, as other requestors have them. Whether
  /// it is one.
  private mutating func takeAsPort(_ operand: String) -> Bool {
    guard case .host(let host, port: nil) = probe.target,
      case .right(let port) = Value.port(operand)
    else { return false }
    probe.target = .host(host, port: port)
    isPortApart = true
    return true
  }

  /// How the command line was understood, where that takes more than reading it; nothing when nobody
  /// wants to know.
  public var remark: String? {
    guard action == .probe, isPortApart || titleOfTarget != nil,
      chosen["log-level"]?.text != "none", case .host(let host, let port) = probe.target
    else { return nil }
    let endpoint = Endpoint(title: probe.calledAETitle, host: host, port: port)
    let title = probe.calledAETitle.map { "AE title \(Quotation.of($0)) at " } ?? ""
    let words = title + Quotation.of(host) + (port.map { ", port \($0)" } ?? "")
    return "understood as \(endpoint.probing ?? words)"
  }

  /// What is wrong with all of it, once everything is taken, or nothing.
  public func finish() -> String? {
    if let title = titleOfTarget, let called = probe.calledAETitle, called != title {
      return "the AE title in front of @ contradicts --called-ae-title; one of the two"
    }
    guard action == .probe else {
      return probeOptions.first.map { "--\($0.long) says how --probe asks, which is not there" }
    }
    for (setting, _, option) in assignments {
      switch (setting.use, probe.target) {
      case (.always, _), (.local, .local): continue
      case (.local, .host):
        let instead =
          setting.key == "ae-title" ? "; --calling-ae-title and --called-ae-title are for both" : ""
        return "\(option) is about the service of this host, and --probe asks another\(instead)"
      case (.never, _):
        return "\(option) is about answering, and --probe asks; see echoscpd(8), PROBE"
      }
    }
    return nil
  }

  private static func problem(_ setting: Setting, _ value: String) -> String? {
    var settings = Settings()
    return setting.take(value, &settings)
  }
}
