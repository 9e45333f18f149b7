@testable import Settings

/// Helpers for tests of command lines, without a process.

/// The message about the command line `words`, split like getopt_long_only(3) does, or `nil` if it is valid.
func problem(of words: [String]) -> String? {
  var line = CommandLineSettings()
  var operands: [String] = []
  var unknown: (word: String, place: Int)?
  var problem: String?
  var rest = words[...]
  while let word = rest.popFirst() {
    guard word.hasPrefix("-"), word != "-" else {
      operands.append(word)
      continue
    }
    let parts = word.drop { $0 == "-" }
      .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = CommandLineOption.names.first(where: { $0.text == parts.first }) else {
      if problem == nil, unknown == nil { unknown = (word, operands.count) }
      continue
    }
    var value = parts.count == 2 && !name.endsInEqualsSign ? parts[1] : nil
    if value == nil, name.option.takesArgument { value = rest.popFirst() }
    if problem == nil, unknown == nil {
      problem =
        value == nil && name.option.takesArgument
        ? "\(word) needs a value" : line.problem(adding: name.option, value)
    } else if case .action(.probe) = name.option {
      _ = line.problem(adding: name.option, value)
    }
  }
  if let unknown {
    return line.problem(
      unknown: unknown.word, behind: Array(operands.prefix(unknown.place)),
      followedBy: Array(operands.dropFirst(unknown.place)))
  }
  for (index, operand) in operands.enumerated() where problem == nil {
    problem = line.problem(addingOperand: operand, followedBy: Array(operands.dropFirst(index + 1)))
  }
  return problem ?? line.wholeProblem
}

extension CommandLineSettings {
  /// Adds `option` with its value. Returns the message about the mistake in it, if any.
  mutating func problem(adding option: CommandLineOption, _ value: String?) -> String? {
    problem { line throws(Mistake) in try line.add(option, value.map { Array($0.utf8) }) }
  }

  /// Adds `action` with its value. Returns the message about the mistake in it, if any.
  mutating func problem(adding action: Action, _ value: [UInt8] = []) -> String? {
    problem { line throws(Mistake) in try line.add(action, value) }
  }

  /// Adds the option of `setting` with its value. Returns the message about the mistake in it, if any.
  mutating func problem(adding setting: Setting, _ value: String) -> String? {
    problem { line throws(Mistake) in try line.add(setting, value) }
  }

  /// Adds `flag`. Returns the message about the mistake in it, if any.
  mutating func problem(adding flag: Switch) -> String? {
    problem { line throws(Mistake) in try line.add(flag) }
  }

  /// Adds `option` of `--probe` with its value. Returns the message about the mistake in it, if any.
  mutating func problem(adding option: ProbeOption, _ value: String) -> String? {
    problem { line throws(Mistake) in try line.add(option, value) }
  }

  /// Adds `operand`. Returns the message about the mistake in it, if any.
  mutating func problem(
    addingOperand operand: String, followedBy next: [String] = []
  ) -> String? {
    problem { line throws(Mistake) in try line.add(operand: operand, followedBy: next) }
  }

  /// The message about the command line as a whole, or `nil` if it is valid.
  var wholeProblem: String? {
    var line = self
    return line.problem { line throws(Mistake) in try line.check() }
  }

  private mutating func problem(_ add: (inout Self) throws(Mistake) -> Void) -> String? {
    do throws(Mistake) {
      try add(&self)
      return nil
    } catch {
      return error.text
    }
  }
}

/// The words of `text` as a shell splits them, with apostrophes and backslashes.
func shellWords(_ text: some StringProtocol) -> [String] {
  var words: [String] = []
  var word: String?
  var (isQuoted, isEscaped) = (false, false)
  for scalar in text.unicodeScalars {
    if scalar == "'", !isEscaped {
      isQuoted.toggle()
      word = word ?? ""
    } else if scalar == "\\", !isQuoted, !isEscaped {
      isEscaped = true
      continue
    } else if scalar == " ", !isQuoted {
      if let word { words.append(word) }
      word = nil
    } else {
      word = (word ?? "") + String(scalar)
    }
    isEscaped = false
  }
  return words + [word].compactMap(\.self)
}

/// The command lines and options that `message` suggests to type, split as a shell does.
func suggestions(in message: String) -> [[String]] {
  var result: [[String]] = []
  for part in message.split(separator: "; ") {
    guard let start = part.firstRange(of: "type ")?.upperBound else { continue }
    for text in part[start...].split(separator: ", or ") {
      let isForPeople = [", with ", " with the ", "systemctl "].contains { text.contains($0) }
      guard !isForPeople, text.hasPrefix("-") || text.hasPrefix("echoscpd ") else { continue }
      result.append(shellWords(text.replacing(" to run in the foreground", with: "")))
    }
  }
  return result
}
