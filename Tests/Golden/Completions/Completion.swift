import Settings

/// What a shell may offer behind an option: the same for every shell.
enum Completion: Equatable {
  /// The option has no value.
  case nothing
  /// It has one that no shell can know.
  case anything
  /// One of these words, or something else.
  case words([String])
  /// The same, but only behind an equals sign, since the option may do without.
  case attachedWords([String])
  /// A file.
  case file

  /// What stands behind `option`.
  init(_ option: CommandLineOption) {
    switch option {
    // The host is another word, and no shell knows it.
    case .switch, .action(.probe): self = .nothing
    case .probe(let option): self = option.placeholder == nil ? .nothing : .anything
    // Any other action that has a value at all names a file.
    case .action(let action): self = action.placeholder == nil ? .nothing : .file
    case .setting(let setting) where setting.choices.isEmpty: self = .anything
    case .setting(let setting) where setting.impliedValue != nil:
      self = .attachedWords(setting.choices)
    case .setting(let setting): self = .words(setting.choices)
    }
  }
}

extension CommandLineOption {
  /// Its names without dashes.
  var plainNames: [String] { [short, long].compactMap { $0 } }

  /// What contradicts it, and itself: the switches of the same setting, or the other actions that
  /// are done instead of serving.
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
