/// Settings from every source: the built-in defaults, the file, the files of its folder, the command
/// line, each taking precedence over those before it.
public struct Configuration: Sendable {
  /// What all of them come to.
  public internal(set) var settings = Settings()
  /// What is wrong in the files, in their order; a configuration with any of it is not to be used.
  public private(set) var diagnostics: [Diagnostic] = []
  var origins: [String: Origin] = [:]
  /// Where in the settings each device is, by its title.
  var deviceIndices: [String: Int] = [:]

  /// The built-in defaults.
  public init() {}

  /// Where the value of the setting `key` comes from.
  public func origin(of key: String) -> Origin { origins[key] ?? .builtIn }

  /// Adds what is wrong with a file that could not be read.
  public mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Reads `file` over what is there already.
  public mutating func read(_ file: ConfigurationFile) {
    var faults = FaultList(of: file.path)
    let content = file.content { faults.add($0, $1) }
    let devices = begin(content.devices, &faults)
    var lines: [String: Int] = [:]
    for assignment in content.assignments {
      if case .device(let title, let line) = assignment.section {
        take(assignment, of: title, section: line, file.path, &lines, &faults)
      } else {
        take(assignment, file.path, &lines, &faults)
      }
    }
    end(devices, lines, &faults)
    diagnostics += faults.diagnostics
  }

  private mutating func take(
    _ assignment: ConfigurationFile.Assignment, _ path: String, _ lines: inout [String: Int],
    _ faults: inout FaultList
  ) {
    let (key, line) = (assignment.key, assignment.line)
    guard let setting = Setting.named(key) else {
      return faults.add(line, Self.unknownKey(key, in: assignment.section), key: key)
    }
    if let problem = Self.misplaced(setting, assignment.section) {
      faults.add(line, problem, key: key)
    }
    if let first = lines.updateValue(line, forKey: key) {
      faults.add(line, Self.repeated(first), key: key)
    }
    switch ConfigurationLine.value(
      assignment.value, isList: setting.isList, isTitle: setting.isTitle)
    {
    case .right(let text):
      if let problem = setting.take(text, &settings) { faults.add(line, problem, key: key) }
    case .wrong(let problem):
      faults.add(line, problem, key: key)
    }
    origins[key] = .file(path: path, line: line)
  }

  /// What is wrong with a line that sets what line `first` sets.
  static func repeated(_ first: Int) -> String { "line \(first) sets it already; one of the two" }

  /// Sets what `line` asks for.
  public mutating func apply(_ line: CommandLineSettings) {
    for (setting, text, option) in line.assignments {
      // It was read once, and found right.
      _ = setting.set(text, &settings)
      origins[setting.key] = .commandLine(option)
    }
  }

  private static func misplaced(
    _ setting: Setting, _ section: ConfigurationFile.SectionName
  ) -> String? {
    let right = "[\(setting.section.name)]"
    switch section {
    case .none: return "it stands in front of the first section; \(right) belongs above it"
    case .known(let other) where other != setting.section:
      return "it does not belong in [\(other.name)]; it is one of \(right)"
    case .known, .device, .unknown: return nil
    }
  }

  private static func unknownKey(
    _ key: String, in section: ConfigurationFile.SectionName
  ) -> String {
    if let setting = Setting.all.first(where: { $0.short == key }) {
      return "this is a short option; \(setting.key) is its key"
    }
    if let flag = Switch.all.first(where: { $0.long == key || $0.short.hasPrefix(key) }),
      !key.isEmpty
    {
      return "this is an option without a value; \(flag.key) = \(flag.value) is its setting"
    }
    if DeviceSetting.named(key) != nil {
      return "it belongs to a device; it is one of \(DeviceSection.form)"
    }
    if let meant = ForeignName.key(meantBy: key, among: Setting.all.map(\.key)) {
      return "unknown key; \(meant) is one"
    }
    if case .other(let instead) = ForeignName.meaning(of: ForeignName.bare(key)) {
      return "unknown key; \(instead)"
    }
    var known = Setting.all
    var place = "the keys are"
    if case .known(let section) = section {
      known.removeAll { $0.section != section }
      place = "[\(section.name)] has"
    }
    return "unknown key; \(place) \(known.map(\.key).joined(separator: ", "))"
  }
}

/// Where the value of a setting comes from.
public enum Origin: Equatable, Sendable {
  /// Nobody has set it.
  case builtIn
  /// A line of a file.
  case file(path: String, line: Int)
  /// An option, or the operand, of the command line.
  case commandLine(String)

  /// The same in words.
  public var text: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): "\(Quotation.ofFileName(path)):\(line)"
    case .commandLine(let option): "command line: \(option)"
    }
  }
}

extension Configuration {
  /// Every setting with its value and where that comes from: a configuration file itself.
  public var dump: String {
    var text = "# Every setting of echoscpd with its value, and where that comes from.\n"
    let lines = Setting.all.map { "\($0.key) = \($0.text(settings))" }
    let devices = settings.devices.map { device in
      DeviceSetting.all.map { (setting: $0, line: "\($0.key) = \($0.text(device))") }
    }
    let all = lines + devices.joined().map(\.line)
    let width = all.map(\.utf8.count).filter { $0 <= Self.commentColumn }.max() ?? 0
    for section in Setting.Section.allCases {
      text += "\n[\(section.name)]\n"
      for (setting, line) in zip(Setting.all, lines) where setting.section == section {
        text += Self.line(line, width, origin(of: setting.key))
      }
    }
    for (device, lines) in zip(settings.devices, devices) {
      text += "\n\(device.section)\n"
      for (setting, line) in lines {
        text += Self.line(line, width, origin(of: setting, of: device.title))
      }
    }
    return text
  }

  private static func line(_ line: String, _ width: Int, _ origin: Origin) -> String {
    let gap = String(repeating: " ", count: max(2, width + 2 - line.utf8.count))
    return "\(line)\(gap)# \(origin.text)\n"
  }

  /// The last column behind which no comment is lined up with the others.
  private static let commentColumn = 50
}
