extension Configuration {
  /// Every setting with its value and origin, in the format of a configuration file.
  public var dump: String {
    var text = "# All settings of echoscpd, each with its value and where the value comes from.\n"
    let lines = Setting.all.map { "\($0.key) = \($0.text(settings))" }
    let devices = settings.devices.map { device in
      DeviceSetting.all.filter { $0.isSet(device) }
        .map { (setting: $0, line: "\($0.key) = \($0.text(device))") }
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

  /// The column after which comments are not aligned with the others.
  private static let commentColumn = 50
}
