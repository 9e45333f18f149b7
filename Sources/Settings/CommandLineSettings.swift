/// Collects what a command line sets, and refuses what contradicts itself.
public struct CommandLineSettings: Sendable {
  /// What has been set so far, on top of the defaults.
  public private(set) var settings = Settings()
  private var switched: [String: Switch] = [:]
  private var explicitLevel: LogLevel?
  private var hasPort = false

  /// A command line with nothing on it.
  public init() {}

  /// Takes the value of a setting's option. The result is what is wrong, or nothing.
  public mutating func take(_ setting: Setting, _ value: String) -> String? {
    if let problem = setting.set(value, &settings) { return "--\(setting.key): \(problem)" }
    if setting.key == "log-level" { explicitLevel = settings.logLevel }
    return nil
  }

  /// Takes a switch. The result is what is wrong, or nothing.
  public mutating func take(_ flag: Switch) -> String? {
    if let other = switched[flag.key], other.long != flag.long {
      return "--\(flag.long) contradicts --\(other.long); one of the two"
    }
    switched[flag.key] = flag
    if let problem = Setting.named(flag.key)?.set(flag.value, &settings) { return problem }
    // -ll overrides -v and -d, wherever it stands.
    if flag.key == "log-level", let level = explicitLevel { settings.logLevel = level }
    return nil
  }

  /// Takes the operand, the port. The result is what is wrong, or nothing.
  public mutating func take(operand: String) -> String? {
    guard !hasPort else {
      return "\"\(operand)\" is one port too many; several as one list: 104,11112"
    }
    hasPort = true
    return Setting.named("port")?.set(operand, &settings).map { "port: \($0)" }
  }
}
