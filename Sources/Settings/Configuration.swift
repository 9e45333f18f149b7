/// Settings from every source: the built-in defaults, the file, the files of its folder, the command
/// line, each taking precedence over those before it.
public struct Configuration: Sendable {
  /// What all of them come to.
  public private(set) var settings = Settings()
  /// What is wrong in the files, in their order; a configuration with any of it is not to be used.
  public private(set) var diagnostics: [Diagnostic] = []
  private var origins: [String: Origin] = [:]

  /// The built-in defaults.
  public init() {}

  /// Where the value of the setting `key` comes from.
  public func origin(of key: String) -> Origin { origins[key] ?? .builtIn }

  /// Adds what is wrong with a file that could not be read.
  public mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Reads `file` over what is there already.
  public mutating func read(_ file: ConfigurationFile) {
    var found: [Diagnostic] = []
    func report(_ line: Int?, _ problem: String, key: String? = nil) {
      found.append(Diagnostic(path: file.path, line: line, key: key, problem: problem))
    }
    var lines: [String: Int] = [:]
    for assignment in file.assignments({ report($0, $1) }) {
      let (key, line) = (assignment.key, assignment.line)
      guard let setting = Setting.named(key) else {
        report(line, Self.unknownKey(key, in: assignment.section), key: key)
        continue
      }
      if let problem = Self.misplaced(setting, assignment.section) {
        report(line, problem, key: key)
      }
      if let first = lines.updateValue(line, forKey: key) {
        report(line, "line \(first) sets it already; one of the two", key: key)
      }
      switch ConfigurationLine.value(assignment.value, isList: setting.isList) {
      case .right(let text):
        if let problem = setting.set(text, &settings) { report(line, problem, key: key) }
      case .wrong(let problem):
        report(line, problem, key: key)
      }
      origins[key] = .file(path: file.path, line: line)
    }
    let sorted = found.enumerated().sorted {
      ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }
    let most = ConfigurationFile.mostDiagnostics
    diagnostics += sorted.prefix(most).map(\.element)
    if found.count > most {
      add(Diagnostic(path: file.path, problem: "faults not shown: \(found.count - most)"))
    }
  }

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
    case .known, .unknown: return nil
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
    if let nearest = NearestName.of(key, among: Setting.all.map(\.key)) {
      return "unknown key; \(nearest) is one"
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
