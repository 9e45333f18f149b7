public import UpperLayer

/// Settings from every source: the built-in defaults, the file, the files of its folder, and the command
/// line, each of which takes precedence over those before it.
public struct Configuration: Sendable {
  /// The resulting settings.
  public internal(set) var settings = Settings()
  /// The errors in the files, in their order.
  private var faults: [Diagnostic] = []
  /// The contradictions between the settings of all sources.
  private var conflicts: [Diagnostic] = []
  private var origins: [String: Origin] = [:]
  /// The index of each device in the settings, by its title.
  private var deviceIndices: [AETitle: Int] = [:]

  /// The built-in defaults.
  public init() {}

  /// The errors in the files, in the order of the files, and then the contradictions between settings, once the
  /// command line has been applied. A configuration with errors must not be used.
  public var diagnostics: [Diagnostic] { faults + conflicts }

  /// Whether a file has an error in an assignment to `key`.
  func hasError(_ key: String) -> Bool { faults.contains { $0.key == key } }

  /// The origin of the value of the setting `key`.
  public func origin(of key: String) -> Origin { origins[key] ?? .builtIn }

  /// The origin of the value of `setting` of the device called `title`.
  public func origin(of setting: DeviceSetting, of title: AETitle) -> Origin {
    origin(of: Self.name(of: setting.key, of: title))
  }

  /// The name of a device's key among the keys of all sources.
  private static func name(of key: String, of title: AETitle) -> String {
    "\(DeviceSection.text(of: title)) \(key)"
  }

  /// Adds an error, such as that of a file that could not be read.
  public mutating func add(_ diagnostic: Diagnostic) { faults.append(diagnostic) }

  /// Applies the settings of the command line `line`, the last source, and then finds contradictions.
  public mutating func apply(_ line: CommandLineSettings) {
    for (setting, text, option) in line.assignments {
      // The text has been validated.
      try? setting.set(text, &settings)
      origins[setting.key] = .commandLine(option)
    }
    conflicts = contradictions()
  }

  /// This configuration with the settings of the command line `line`.
  public func applying(_ line: CommandLineSettings) -> Configuration {
    var result = self
    result.apply(line)
    return result
  }

  /// Reads `file`; its settings replace those read before.
  public mutating func read(_ file: ConfigurationFile) {
    var faults = FaultList(of: file.path)
    let content = file.content { faults.add($0, $1) }
    let devices = begin(content.devices, &faults)
    var lines: [String: Int] = [:]
    for assignment in content.assignments { read(assignment, &lines, &faults) }
    end(devices, lines, &faults)
    self.faults += faults.diagnostics
  }

  /// Reads an assignment. `lines` has the latest line of the file that sets each key.
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
      faults.add(assignment, "already set in line \(first); remove one of them")
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
    case .none: return "is set before the first section; put \(right) above it"
    case .known(let other) where other != setting.section:
      return "does not belong in [\(other.name)]; move it to \(right)"
    case .known, .device, .unknown: return nil
    }
  }
}

/// Reading the sections of devices.
extension Configuration {
  /// The name of a device's key within one file, where the line of its heading identifies a section.
  private static func name(of key: String, section line: Int) -> String { "\(line) \(key)" }

  /// Adds the devices of a file, and returns the heading of each of them once.
  private mutating func begin(
    _ headings: [ConfigurationFile.DeviceHeading], _ faults: inout FaultList
  ) -> [ConfigurationFile.DeviceHeading] {
    var lines: [AETitle: Int] = [:]
    return headings.filter { heading in
      if let first = lines[heading.title] {
        let section = DeviceSection.text(of: heading.title)
        faults.add(heading.line, "\(section) already begins in line \(first); merge the two")
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

  /// Reports the device sections of a file without any of the keys of which one is required. Removes incomplete
  /// devices, so that the settings never include one.
  private mutating func end(
    _ headings: [ConfigurationFile.DeviceHeading], _ lines: [String: Int],
    _ faults: inout FaultList
  ) {
    var isWhole = true
    for heading in headings {
      guard let index = deviceIndices[heading.title], settings.devices[index].isEmpty else {
        continue
      }
      isWhole = false
      // A wrong value has been reported already.
      let isTried = DeviceSetting.all.contains {
        lines[Self.name(of: $0.key, section: heading.line)] != nil
      }
      if isTried { continue }
      let section = DeviceSection.text(of: heading.title)
      let keys = DeviceSetting.all.map(\.key)
      let names = "\(keys.dropLast().joined(separator: ", ")) or \(keys.last ?? "")"
      let examples = DeviceSetting.all.map { "\($0.key) = \($0.example)" }
      faults.add(
        heading.line,
        "\(section) has no \(names); add one, as in \(examples.joined(separator: " or "))")
    }
    guard !isWhole else { return }
    settings.devices.removeAll(where: \.isEmpty)
    deviceIndices = [:]
    for (index, device) in settings.devices.enumerated() { deviceIndices[device.title] = index }
  }
}

/// The origin of the value of a setting.
public enum Origin: Equatable, Sendable {
  /// The built-in default.
  case builtIn
  /// A line of a file.
  case file(path: String, line: Int)
  /// An option or the operand of the command line.
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
