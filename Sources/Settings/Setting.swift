/// One thing that can be set: a row of the table that drives the command line, the file, the help,
/// `--dump-config`, the manual pages and the completions.
public struct Setting: Sendable {
  /// How its value is read from text and written.
  let property: Property<Settings>
  /// The short option without its dash, where it has one.
  public let short: String?
  /// The section of the file that it belongs to, which is its group in the help too.
  public let section: Section
  /// When another value takes effect in a service that is running.
  public let effect: Effect
  /// What `--probe` makes of it on the command line.
  let use: ProbeUse
  /// Whether the help lists it, which has to fit a screen; the manual has them all.
  public let isListed: Bool
  /// What it is, in a few words, for the help.
  public let help: String
  /// What it is, in sentences, for the file and the manual.
  public let about: String

  /// A row for the property at `path`, whose value is read and written as `format` says.
  init<Value>(
    _ key: String, short: String? = nil, _ section: Section, effect: Effect = .reload,
    use: ProbeUse = .never, isListed: Bool? = nil,
    _ path: any WritableKeyPath<Settings, Value> & Sendable, _ format: Format<Value>,
    help: String, about: String
  ) {
    property = Property(key, path, format)
    self.short = short
    self.section = section
    self.effect = effect
    self.use = use
    self.isListed = isListed ?? (short != nil)
    self.help = help
    self.about = about
  }

  /// The setting with this key, or nil.
  public static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// Its name: the long option without dashes, and the key in the file.
  public var key: String { property.key }
  /// How its value is called in the help; nil when the command line sets it otherwise: by switches, or
  /// as the operand.
  public var placeholder: String? { property.traits.placeholder }
  /// Whether its value is a list.
  var isList: Bool { property.traits.isList }
  /// The values that it can have, when they are few words.
  public var choices: [String] { property.traits.choices }
  /// The value that its option stands for when it is given without one; nil when it needs one.
  public var impliedValue: String? { property.traits.impliedValue }
  /// Its value when nobody sets it.
  public var defaultText: String { text(Settings()) }

  /// Its value in `settings`, as it is written in a file.
  public func text(_ settings: Settings) -> String { property.text(settings) }

  /// Sets it from text.
  public func set(_ text: String, _ settings: inout Settings) throws(Mistake) {
    try property.set(text, &settings)
  }
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
  }

  /// When another value of a setting takes effect in a service that is running.
  public enum Effect: Sendable {
    /// At a reload, for new associations.
    case reload
    /// At a restart only.
    case restart
    /// It says where to listen: at a restart, and not at all where a service manager passes sockets.
    case binding
  }

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
