import TestKit
import Testing

@testable import Settings

/// The installed configuration file.
@Suite struct InstalledFileTests {
  @Test("The installed file has every setting with its default")
  func installedFile() throws {
    try TextFile("etc/echoscp.conf").expect(InstalledFile.text)
  }

  @Test("The installed file changes no setting, even with every setting uncommented")
  func installedFileIsRight() throws {
    let text = try TextFile("etc/echoscp.conf").content
    for content in [text, text.replacing("\n#", with: "\n").replacing("\n ", with: "\n# ")] {
      var configuration = Configuration()
      configuration.read(ConfigurationFile(path: "echoscp.conf", bytes: Array(content.utf8)))
      #expect(configuration.diagnostics.isEmpty)
      let isSaid = content != text
      // The section of a device is an example.
      #expect(configuration.settings.devices.map(\.section) == (isSaid ? ["[device CT1]"] : []))
      configuration.settings.devices = []
      #expect(configuration.settings == Settings())
      for setting in Setting.all {
        #expect((configuration.origin(of: setting.key) != .builtIn) == isSaid)
      }
    }
    for setting in Setting.all { #expect(text.contains("\n#\(setting.key) = ")) }
  }
}
