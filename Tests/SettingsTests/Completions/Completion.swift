import Settings

/// The words that a shell may offer after an option, the same for every shell.
enum Completion: Equatable {
  /// The option has no value.
  case nothing
  /// The option has a value that no shell can know.
  case anything
  /// One of these words, or something else.
  case words([String])
  /// One of these words, but only after an equals sign, since the value is optional.
  case attachedWords([String])
  /// A file.
  case file

  /// The completion after `option`.
  init(_ option: CommandLineOption) {
    switch option {
    // The host is a separate word, which no shell knows.
    case .switch, .action(.probe): self = .nothing
    case .probe(let option): self = option.placeholder == nil ? .nothing : .anything
    // The value of any other action is a file.
    case .action(let action): self = action.placeholder == nil ? .nothing : .file
    case .setting(let setting) where setting.isFile: self = .file
    case .setting(let setting) where setting.choices.isEmpty: self = .anything
    case .setting(let setting) where setting.impliedValue != nil:
      self = .attachedWords(setting.choices)
    case .setting(let setting): self = .words(setting.choices)
    }
  }
}

extension CommandLineOption {
  /// The option's names without dashes.
  var plainNames: [String] { [short, long].compactMap { $0 } }

  /// The option and those that conflict with it: the switches of the same setting, or the other actions that replace
  /// serving.
  var alternatives: [CommandLineOption] {
    Self.all.filter { other in
      switch (self, other) {
      case (.switch(let flag), .switch(let other)): flag.key == other.key
      case (.action(let action), .action(let other)) where action.placeholder == nil:
        other.placeholder == nil
      default: long == other.long
      }
    }
  }
}
