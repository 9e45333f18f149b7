import UpperLayer

@testable import Settings

/// Helpers for tests of files, without a file system.

/// The configuration after reading `files` in order, starting from the defaults.
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

  /// The messages about the errors.
  var problems: [String] { diagnostics.map(\.text) }
}

extension Setting {
  /// Sets the value from `text`. Returns the message about the mistake in it, if any.
  func problem(setting text: String, _ settings: inout Settings) -> String? {
    mistake { () throws(Mistake) in try set(text, &settings) }
  }

  /// Sets the value from `text`. Returns the message about the mistake in it, if any, with a correction.
  func problem(reading text: String, _ settings: inout Settings) -> String? {
    mistake { () throws(Mistake) in
      try property.examine(text)
      try set(text, &settings)
    }
  }
}

extension ProbeOption {
  /// Sets the value from `text`. Returns the message about the mistake in it, if any.
  func problem(setting text: String, _ settings: inout ProbeSettings) -> String? {
    mistake { () throws(Mistake) in try set(text, &settings) }
  }
}

/// The patterns with these texts.
func patterns(_ texts: String...) -> [AETitlePattern] { texts.map { AETitlePattern($0)! } }

private func mistake(in read: () throws(Mistake) -> Void) -> String? {
  do throws(Mistake) {
    try read()
    return nil
  } catch {
    return error.text
  }
}
