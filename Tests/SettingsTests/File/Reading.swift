import UpperLayer

@testable import Settings

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

extension Setting {
  /// What is wrong with `text`, to which it is set.
  func problem(setting text: String, _ settings: inout Settings) -> String? {
    mistake { () throws(Mistake) in try set(text, &settings) }
  }

  /// What is wrong with `text`, to which it is set, with what to write instead.
  func problem(reading text: String, _ settings: inout Settings) -> String? {
    mistake { () throws(Mistake) in
      try property.examine(text)
      try set(text, &settings)
    }
  }
}

extension ProbeOption {
  /// What is wrong with `text`, to which it is set.
  func problem(setting text: String, _ settings: inout ProbeSettings) -> String? {
    mistake { () throws(Mistake) in try set(text, &settings) }
  }
}

/// The patterns that are written so.
func patterns(_ texts: String...) -> [AETitlePattern] { texts.map { AETitlePattern($0)! } }

private func mistake(in read: () throws(Mistake) -> Void) -> String? {
  do throws(Mistake) {
    try read()
    return nil
  } catch {
    return error.text
  }
}
