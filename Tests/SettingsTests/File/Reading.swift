import Settings

/// What the tests of files share: files without a file system.

/// The configuration that comes of reading these files, one after the other, from the defaults on.
func configuration(reading files: (path: String, text: String)...) -> Configuration {
  var configuration = Configuration()
  for (path, text) in files { configuration.read(path, Array(text.utf8)) }
  return configuration
}

extension Configuration {
  /// Reads a file at `path` that holds `bytes`.
  mutating func read(_ path: String, _ bytes: [UInt8]) {
    read(ConfigurationFile(path: path, bytes: bytes))
  }

  /// What is wrong, each on its line.
  var problems: [String] { diagnostics.map(\.text) }
}
