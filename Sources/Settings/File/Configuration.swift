public import UpperLayer

/// Settings from every source: the built-in defaults, the file, the files of its folder, the command
/// line, each taking precedence over those before it.
public struct Configuration: Sendable {
  /// What all of them come to.
  public internal(set) var settings = Settings()
  /// What is wrong in the files, in their order; a configuration with any of it is not to be used.
  public private(set) var diagnostics: [Diagnostic] = []
  private var origins: [String: Origin] = [:]
  /// Where in the settings each device is, by its title.
  private var deviceIndices: [AETitle: Int] = [:]

  /// The built-in defaults.
  public init() {}

  /// Where the value of the setting `key` comes from.
  public func origin(of key: String) -> Origin { origins[key] ?? .builtIn }

  /// Where the value of `setting` of the device called `title` comes from.
  public func origin(of setting: DeviceSetting, of title: AETitle) -> Origin {
    origin(of: Self.name(of: setting.key, of: title))
  }

  /// How a key of a device is called among all keys.
  private static func name(of key: String, of title: AETitle) -> String {
    "\(DeviceSection.text(of: title)) \(key)"
  }

  /// Adds what is wrong with a file that could not be read.
  public mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Sets what `line` asks for.
  public mutating func apply(_ line: CommandLineSettings) {
    for (setting, text, option) in line.assignments {
      // It was read once, and found right.
      try? setting.set(text, &settings)
      origins[setting.key] = .commandLine(option)
    }
  }

  /// Reads `file` over what is there already.
  public mutating func read(_ file: ConfigurationFile) {
    var faults = FaultList(of: file.path)
    let content = file.content { faults.add($0, $1) }
    let devices = begin(content.devices, &faults)
    var lines: [String: Int] = [:]
    for assignment in content.assignments { read(assignment, &lines, &faults) }
    end(devices, lines, &faults)
    diagnostics += faults.diagnostics
  }

  /// Reads a line; `lines` are those of the file that set something, by what they set.
  private mutating func read(
    _ assignment: ConfigurationFile.Assignment, _ lines: inout [String: Int],
    _ faults: inout FaultList
  ) {
    let (key, section) = (assignment.key, assignment.section)
    if case .device(let title, let start) = section {
      guard let setting = DeviceSetting.named(key), let index = deviceIndices[title] else {
        return faults.add(assignment, ForeignName.problem(unknownKey: key, of: title))
      }
      read(
        assignment, as: setting.property, of: \.settings.devices[index],
        called: Self.name(of: key, of: title), inFile: Self.name(of: key, section: start),
        &lines, &faults)
    } else if let setting = Setting.named(key) {
      if let problem = Self.misplaced(setting, section) { faults.add(assignment, problem) }
      read(
        assignment, as: setting.property, of: \.settings, called: key, inFile: key, &lines, &faults)
    } else {
      faults.add(assignment, ForeignName.problem(unknownKey: key, in: section))
    }
  }

  private mutating func read<Owner>(
    _ assignment: ConfigurationFile.Assignment, as property: Property<Owner>,
    of owner: WritableKeyPath<Self, Owner>, called name: String, inFile nameInFile: String,
    _ lines: inout [String: Int], _ faults: inout FaultList
  ) {
    if let first = lines.updateValue(assignment.line, forKey: nameInFile) {
      faults.add(assignment, "line \(first) sets it already; one of the two")
    }
    do throws(Mistake) {
      try property.read(line: assignment.value, into: &self[keyPath: owner])
    } catch {
      faults.add(assignment, error.text)
    }
    origins[name] = .file(path: faults.path, line: assignment.line)
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
}

/// How the sections of devices are read.
extension Configuration {
  /// How a key of a device is called in one file, where each section begins in a line of its own.
  private static func name(of key: String, section line: Int) -> String { "\(line) \(key)" }

  /// Begins with the devices of a file, and returns each of them once.
  private mutating func begin(
    _ headings: [ConfigurationFile.DeviceHeading], _ faults: inout FaultList
  ) -> [ConfigurationFile.DeviceHeading] {
    var lines: [AETitle: Int] = [:]
    return headings.filter { heading in
      if let first = lines[heading.title] {
        let section = DeviceSection.text(of: heading.title)
        faults.add(heading.line, "\(section) begins in line \(first) already; one of the two")
        return false
      }
      lines[heading.title] = heading.line
      if deviceIndices[heading.title] == nil {
        deviceIndices[heading.title] = settings.devices.count
        settings.devices.append(Device(heading.title))
      }
      return true
    }
  }

  /// Looks whether all is said of the devices that have begun in a file. Removes those that lack
  /// something, so that no settings ever have half a device.
  private mutating func end(
    _ headings: [ConfigurationFile.DeviceHeading], _ lines: [String: Int],
    _ faults: inout FaultList
  ) {
    var isWhole = true
    for heading in headings {
      guard let index = deviceIndices[heading.title] else { continue }
      for setting in DeviceSetting.all where setting.isMissing(settings.devices[index]) {
        isWhole = false
        // A wrong value has been told of.
        if lines[Self.name(of: setting.key, section: heading.line)] != nil { continue }
        let section = DeviceSection.text(of: heading.title)
        faults.add(
          heading.line,
          "\(section) sets no \(setting.key); \(setting.key) = \(setting.example) does")
      }
    }
    guard !isWhole else { return }
    settings.devices.removeAll { device in DeviceSetting.all.contains { $0.isMissing(device) } }
    deviceIndices = [:]
    for (index, device) in settings.devices.enumerated() { deviceIndices[device.title] = index }
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

  /// The origin in words.
  public var text: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): "\(Quotation.ofFileName(path)):\(line)"
    case .commandLine(let option): "command line: \(option)"
    }
  }
}
