/// One thing that can be set: a row of the table that drives the command line, the file, the help,
/// `--dump-config`, the manual pages and the completions.
public struct Setting: Sendable {
  /// Its name: the long option without dashes, and the key in the file.
  public let key: String
  /// The short option without its dash, where it has one.
  public let short: String?
  /// Where it belongs.
  public let section: Section
  /// When another value takes effect in a service that is running.
  public let effect: Effect
  /// What `--probe` makes of it on the command line.
  let use: ProbeUse
  /// How its value is called in the help, or nothing when the command line sets it otherwise: by
  /// switches, or as the operand.
  public let placeholder: String?
  /// The value that its option stands for when it is given without one; nothing when it needs one.
  public let impliedValue: String?
  /// Whether its value is a list.
  public let isList: Bool
  /// What its number counts.
  let unit: Unit
  /// Whether it is one AE title or several.
  let isTitle: Bool
  /// The values that it can have, when they are few words.
  public let choices: [String]
  /// Whether the help lists it, which has to fit a screen; the manual has them all.
  public let isListed: Bool
  /// What it is, in a few words, for the help.
  public let help: String
  /// What it is, in sentences, for the file and the manual.
  public let about: String
  /// Sets it from text. The result is what is wrong and what would be right, or nothing.
  public let set: @Sendable (_ text: String, _ settings: inout Settings) -> String?
  /// Its value in `settings`, as it is written in a file.
  public let text: @Sendable (_ settings: Settings) -> String

  /// A row for `property`, whose value is read and written as `format` says.
  init<Value>(
    _ key: String, short: String? = nil, _ section: Section, effect: Effect = .reload,
    use: ProbeUse = .never, placeholder: String? = nil, isListed: Bool = true,
    _ property: any WritableKeyPath<Settings, Value> & Sendable, _ format: Format<Value>,
    help: String, about: String
  ) {
    self.key = key
    self.short = short
    self.section = section
    self.effect = effect
    self.use = use
    self.placeholder = placeholder
    self.isListed = isListed
    impliedValue = format.impliedValue
    isList = format.isList
    unit = format.unit
    isTitle = format.isTitle
    choices = format.choices
    self.help = help
    self.about = about
    set = { text, settings in
      switch format.read(text) {
      case .right(let value):
        settings[keyPath: property] = value
        return nil
      case .wrong(let problem):
        return problem
      }
    }
    text = { format.write($0[keyPath: property]) }
  }

  /// Sets it from text, as ``set``. Of what is wrong it says what to write instead, where one can tell.
  func take(_ text: String, _ settings: inout Settings) -> String? {
    func isRight(_ guess: String) -> Bool {
      var settings = Settings()
      return set(guess, &settings) == nil
    }
    if isTitle, isList, isRight(text),
      let problem = StrayMark.problem(inTitles: text, isRight: isRight)
    {
      return problem
    }
    guard let problem = set(text, &settings) else { return nil }
    return Endpoint.problem(text, of: key)
      ?? Repair.told(problem, of: text, isList: isList, unit, isRight: isRight)
  }

  /// The value to write in a file for `text`, which has another format; nil if its meaning is not clear.
  func line(_ text: String) -> String? {
    Repair.line(text, isList: isList, isTitle: isTitle, unit) { value in
      var settings = Settings()
      return set(value, &settings) == nil
    }
  }

  /// The setting with this key, or nothing.
  public static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// Its value when nobody sets it.
  public var defaultText: String { text(Settings()) }
}

extension Setting {
  /// The sections of the file, which are the groups of the help too.
  public enum Section: String, Sendable, CaseIterable {
    /// What is not about the network.
    case general
    /// Addresses, names, timeouts and sizes.
    case network
    /// The choice of transfer syntaxes.
    case transferSyntaxes = "transfer-syntaxes"
    /// Who may come in.
    case access
    /// What a stranger can take.
    case limits

    /// Its name in the file, between brackets.
    public var name: String { rawValue }

    /// Its heading in the help.
    public var heading: String {
      switch self {
      case .general: "General Options"
      case .network: "Network Options"
      case .transferSyntaxes: "Preferred Transfer Syntaxes"
      case .access: "Access"
      case .limits: "Limits"
      }
    }
  }
}

extension Setting {
  /// When another value of a setting takes effect in a service that is running.
  public enum Effect: Sendable {
    /// At a reload, for new associations.
    case reload
    /// At a restart only.
    case restart
    /// It says where to listen: at a restart, and not at all where a service manager passes sockets.
    case binding
  }
}

extension Setting {
  /// What `--probe` makes of a setting on the command line: what only changes how associations are
  /// served would be said in vain there.
  enum ProbeUse: Sendable {
    /// It says how to ask.
    case always
    /// It says where the service of this host is, and how it is called.
    case local
    /// Nothing.
    case never
  }
}
