/// A property of `Owner` as files and command lines see it: its key and the format of its value, without
/// the type of the value.
struct Property<Owner: Sendable>: Sendable {
  /// The key in the file.
  let key: String
  /// The traits of the format.
  let traits: Traits
  /// Throws the mistake in `text` as a value.
  let check: @Sendable (_ text: String) throws(Mistake) -> Void
  /// Sets the property of `owner` from `text`.
  let set: @Sendable (_ text: String, _ owner: inout Owner) throws(Mistake) -> Void
  /// The value as written in a file.
  let text: @Sendable (_ owner: Owner) -> String

  /// The property at `path`, whose value is read and written in `format`.
  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ format: Format<Value>
  ) {
    self.key = key
    traits = format.traits
    check = { text throws(Mistake) in _ = try format.read(text) }
    set = { text, owner throws(Mistake) in owner[keyPath: path] = try format.read(text) }
    text = { format.write($0[keyPath: path]) }
  }

  /// Whether `text` is a valid value.
  func accepts(_ text: String) -> Bool { (try? check(text)) != nil }

  /// Throws the mistake in `text` as a value, with a correction if the meaning is clear.
  func examine(_ text: String) throws(Mistake) {
    if traits.isTitle, traits.isList, accepts(text),
      let problem = StrayMark.problem(inTitles: text, isRight: accepts)
    {
      throw Mistake(problem)
    }
    do throws(Mistake) {
      try check(text)
    } catch {
      if let problem = Endpoint.problem(text, of: key) { throw Mistake(problem) }
      throw Repair.mended(error, of: text, self)
    }
  }

  /// Sets the property of `owner` from the text after the equals sign in a file.
  func read(line value: String, into owner: inout Owner) throws(Mistake) {
    let text = try ConfigurationLine.value(value, traits)
    try examine(text)
    try set(text, &owner)
  }

  /// Whether a file may have `value` after the equals sign.
  func acceptsLine(_ value: String) -> Bool {
    (try? ConfigurationLine.value(value, traits)).map(accepts) ?? false
  }
}

/// The traits of a format that do not depend on the type of its values.
struct Traits: Sendable {
  /// The name of an option's value in the help.
  var placeholder: String?
  /// The value that an option without a value stands for; `nil` if a value is required.
  var impliedValue: String?
  /// The possible values, or those that are words.
  var choices: [String] = []
  /// Whether a value is a list.
  var isList = false
  /// Whether a value consists of AE titles, which may contain punctuation that encloses values in other
  /// formats.
  var isTitle = false
  /// Whether a value is the name of a file or directory.
  var isFile = false
  /// The unit of a number.
  var unit = Unit.none
}

/// The unit of a number. Users of other formats write it after the number.
enum Unit {
  /// No unit, or the value is not a number.
  case none
  /// Seconds.
  case seconds
  /// Bytes.
  case bytes
}
