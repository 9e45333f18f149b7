/// How the sections of devices are read.
extension Configuration {
  /// Where the value of `setting` of the device called `title` comes from.
  public func origin(of setting: DeviceSetting, of title: String) -> Origin {
    origins[Self.name(of: setting.key, of: title)] ?? .builtIn
  }

  /// How a key of a device is called among all keys.
  private static func name(of key: String, of title: String) -> String {
    "\(DeviceSection.text(of: title)) \(key)"
  }

  /// How the same is called in one file, where each section begins in a line of its own.
  private static func name(of key: String, section line: Int) -> String { "\(line) \(key)" }

  /// Begins with the devices of a file; the result is each of them, once.
  mutating func begin(
    _ headings: [ConfigurationFile.DeviceHeading], _ faults: inout FaultList
  ) -> [ConfigurationFile.DeviceHeading] {
    var lines: [String: Int] = [:]
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

  /// Takes what a line says of the device called `title`, whose section begins in `section`.
  mutating func take(
    _ assignment: ConfigurationFile.Assignment, of title: String, section: Int, _ path: String,
    _ lines: inout [String: Int], _ faults: inout FaultList
  ) {
    let (key, line) = (assignment.key, assignment.line)
    guard let setting = DeviceSetting.named(key), let index = deviceIndices[title] else {
      return faults.add(line, Self.unknown(key, of: title), key: key)
    }
    if let first = lines.updateValue(line, forKey: Self.name(of: key, section: section)) {
      faults.add(line, Self.repeated(first), key: key)
    }
    switch ConfigurationLine.value(assignment.value, isList: setting.isList) {
    case .right(let text):
      if let problem = setting.take(text, &settings.devices[index]) {
        faults.add(line, problem, key: key)
      }
    case .wrong(let problem):
      faults.add(line, problem, key: key)
    }
    origins[Self.name(of: key, of: title)] = .file(path: path, line: line)
  }

  /// Looks whether all is said of the devices that have begun in a file. Of one that lacks something
  /// nothing is left, so that no settings ever have half a device.
  mutating func end(
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

  private static func unknown(_ key: String, of title: String) -> String {
    let section = DeviceSection.text(of: title)
    if let setting = Setting.named(key) {
      return "it does not belong in \(section); it is one of [\(setting.section.name)]"
    }
    let keys = DeviceSetting.all.map(\.key)
    if let meant = ForeignName.key(meantBy: key, among: keys) {
      return "unknown key; \(meant) is one"
    }
    return "unknown key; \(section) has \(keys.joined(separator: ", "))"
  }
}
