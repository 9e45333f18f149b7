import Ledger
import Linux
import Log
import Settings

/// The `[device]` sections of the configuration (echoscp.conf(5)).
enum DeviceSections {
  /// The titles of the sections in the file at `path` and its folder, or in the standard ones if that is `nil`, as the
  /// journal has them.
  static func titles(in path: String?) throws -> [String] {
    let (configuration, _) = try ConfigurationReader.readFiles(path.map { Array($0.utf8) })
    // A file with errors may lack a section; echoscpd --check-config lists all of them.
    if let fault = configuration.diagnostics.first { throw Refusal(text: fault.text) }
    return configuration.settings.devices.map(\.title.text)
  }
}
