import Settings
import Testing

/// The table that drives the command line and the help, with a row for each setting.
@Suite struct SettingTableTests {
  /// Each switch, with the setting and the value that it stands for.
  static let switches: [(long: String, short: String, key: String, value: String)] = [
    ("quiet", "q", "log-level", "none"),
    ("verbose", "v", "log-level", "info"),
    ("debug", "d", "log-level", "debug"),
    ("prefer-uncompr", "x=", "prefer", "uncompressed"),
    ("prefer-little", "xe", "prefer", "little"),
    ("prefer-big", "xb", "prefer", "big"),
    ("implicit", "xi", "prefer", "implicit"),
  ]

  @Test("The table has exactly the settings of the manual")
  func hasEverySetting() {
    #expect(Setting.all.map(\.key) == SettingSample.all.map(\.key))
    #expect(Switch.all.map(\.long) == Self.switches.map(\.long))
  }

  @Test("A setting has its names, its group and its default", arguments: SettingSample.all)
  func hasItsNames(sample: SettingSample) throws {
    let setting = try #require(Setting.named(sample.key))
    #expect(setting.short == sample.short)
    #expect(setting.section == sample.section)
    #expect(setting.defaultText == sample.usual)
    #expect(!setting.help.isEmpty)
    #expect(setting.about.hasSuffix("."))
  }

  @Test("A value that was written is read as the same value", arguments: SettingSample.all)
  func readsWhatItWrites(sample: SettingSample) throws {
    let setting = try #require(Setting.named(sample.key))
    var changed = Settings()
    #expect(setting.problem(setting: sample.values[0], &changed) == nil)
    for settings in [Settings(), changed] {
      var other = changed
      #expect(setting.problem(setting: setting.text(settings), &other) == nil)
      #expect(setting.text(other) == setting.text(settings))
      var copy = Settings()
      #expect(setting.problem(setting: setting.text(settings), &copy) == nil)
      #expect(copy == settings)
    }
  }

  @Test(
    "A setting changes the property that is named after it, and no other",
    arguments: SettingSample.all)
  func actsOnItsProperty(sample: SettingSample) throws {
    let setting = try #require(Setting.named(sample.key))
    var settings = Settings()
    #expect(setting.problem(setting: sample.values[0], &settings) == nil)
    #expect(changed(from: Settings(), to: settings) == [camelCase(sample.key)])
  }

  @Test("Every property has exactly one setting")
  func everyPropertyCanBeSet() {
    // Devices have their own sections and table.
    let properties = Mirror(reflecting: Settings()).children.compactMap(\.label)
      .filter { $0 != "devices" }
    #expect(properties.sorted() == Setting.all.map { camelCase($0.key) }.sorted())
  }

  @Test("A switch sets its setting to its value", arguments: switches)
  func switchGivesItsValue(long: String, short: String, key: String, value: String) throws {
    let flag = try #require(Switch.all.first { $0.long == long })
    #expect(flag.short == short)
    #expect(flag.key == key)
    #expect(flag.value == value)
    #expect(!flag.help.isEmpty)
    var settings = Settings()
    #expect(try #require(Setting.named(flag.key)).problem(setting: flag.value, &settings) == nil)
    #expect(changed(from: Settings(), to: settings) == [camelCase(key)])
  }

  @Test("A setting without an option has switches or is the operand")
  func everySettingIsWithinReach() {
    for setting in Setting.all where setting.placeholder == nil {
      #expect(setting.key == "port" || Switch.all.contains { $0.key == setting.key })
    }
  }

  @Test(
    "A name that is not a key has no setting", arguments: ["", "Port", "aet", "port ", "no-such"])
  func isNoSetting(key: String) { #expect(Setting.named(key) == nil) }
}

/// The names of the properties in which `before` and `after` differ.
private func changed(from before: Settings, to after: Settings) -> [String] {
  zip(Mirror(reflecting: before).children, Mirror(reflecting: after).children).compactMap {
    "\($0.value)" == "\($1.value)" ? nil : $0.label
  }
}

/// The name of the property for a key: `acseTimeout` for `acse-timeout`.
private func camelCase(_ key: String) -> String {
  let words = key.split(separator: "-")
  let others = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
  return words[0] + others.joined()
}
