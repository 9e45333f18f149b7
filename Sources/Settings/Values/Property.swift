/// A property of `Owner` as files and command lines know it: its key, and the format of its value
/// without the value's type.
struct Property<Owner: Sendable>: Sendable {
  /// Its key in the file.
  let key: String
  /// What its format says of its values.
  let traits: Traits
  /// Throws what is wrong with a text as its value.
  let check: @Sendable (_ text: String) throws(Mistake) -> Void
  /// Sets it from text.
  let set: @Sendable (_ text: String, _ owner: inout Owner) throws(Mistake) -> Void
  /// Its value as it is written in a file.
  let text: @Sendable (_ owner: Owner) -> String

  /// The property at `path`, whose value is read and written as `format` says.
  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ format: Format<Value>
  ) {
    self.key = key
    traits = format.traits
    check = { text throws(Mistake) in _ = try format.read(text) }
    set = { text, owner throws(Mistake) in owner[keyPath: path] = try format.read(text) }
    text = { format.write($0[keyPath: path]) }
  }

  /// Whether `text` is one of its values.
  func accepts(_ text: String) -> Bool { (try? check(text)) != nil }

  /// Throws what is wrong with a text as its value, with what to write instead, where one can tell.
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

  /// Sets it from what stands behind the equals sign in a file.
  func read(line value: String, into owner: inout Owner) throws(Mistake) {
    let text = try ConfigurationLine.value(value, traits)
    try examine(text)
    try set(text, &owner)
  }

  /// Whether a file may have `value` behind the equals sign.
  func acceptsLine(_ value: String) -> Bool {
    (try? ConfigurationLine.value(value, traits)).map(accepts) ?? false
  }
}

/// What is known of the values of a format whatever their type is.
struct Traits: Sendable {
  /// How an option's value is called in the help.
  var placeholder: String?
  /// The value that an option stands for when it is given without one; nil when it needs one.
  var impliedValue: String?
  /// The values that there are, when they are few words.
  var choices: [String] = []
  /// Whether a value is a list.
  var isList = false
  /// Whether a value is one AE title or several, which may hold marks that stand around values
  /// elsewhere.
  var isTitle = false
  /// What its number counts.
  var unit = Unit.none
}

/// What a number counts: who comes from another format writes it behind the number.
enum Unit {
  /// Nothing, or it is not a number.
  case none
  /// Seconds.
  case seconds
  /// Bytes.
  case bytes
}
