/// A setting: a row of the table that drives the command line, the file, the help, `--dump-config`, the
/// manual pages and the completions.
public struct Setting: Sendable {
  /// The key, and how its value is read and written.
  let property: Property<Settings>
  /// The short option without its dash, or `nil` if there is none.
  public let short: String?
  /// The section of the file, which is also the group in the help.
  public let section: Section
  /// When a change takes effect in a running service.
  public let effect: Effect
  /// How `--probe` uses the setting on the command line.
  let use: ProbeUse
  /// Whether the help lists the setting. The help must fit a screen; the manual has all settings.
  public let isListed: Bool
  /// The description in a few words, for the help.
  public let help: String
  /// The description in full sentences, for the file and the manual.
  public let about: String

  /// A setting for the property at `path`, whose value is read and written in `format`.
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

  /// The setting with this key, or `nil` if there is none.
  public static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// The name: the long option without dashes, and the key in the file.
  public var key: String { property.key }
  /// The name of the value in the help; `nil` if only switches or the operand set it.
  public var placeholder: String? { property.traits.placeholder }
  /// Whether the value is a list.
  var isList: Bool { property.traits.isList }
  /// The possible values, if they are a few words.
  public var choices: [String] { property.traits.choices }
  /// Whether the value is the name of a file or directory.
  public var isFile: Bool { property.traits.isFile }
  /// The value that the option without a value stands for; `nil` if a value is required.
  public var impliedValue: String? { property.traits.impliedValue }
  /// The default value as text.
  public var defaultText: String { text(Settings()) }

  /// The value in `settings`, as written in a file.
  public func text(_ settings: Settings) -> String { property.text(settings) }

  /// Sets the value in `settings` from `text`.
  public func set(_ text: String, _ settings: inout Settings) throws(Mistake) {
    try property.set(text, &settings)
  }
}

extension Setting {
  /// The sections of the file, which are also the groups of the help.
  public enum Section: String, Sendable, CaseIterable {
    /// Log, user and core dumps.
    case general
    /// Addresses, names, timeouts and sizes.
    case network
    /// The choice of transfer syntaxes.
    case transferSyntaxes = "transfer-syntaxes"
    /// Which peers may connect.
    case access
    /// TLS ports, certificates, and limits of TLS.
    case tls
    /// Ports behind load balancers, and which of those are trusted.
    case proxy
    /// Limits on the resources that strangers can use.
    case limits

    /// The name between the brackets in the file.
    public var name: String { rawValue }
  }

  /// When a change of a setting takes effect in a running service.
  public enum Effect: Sendable {
    /// At a reload, for new associations.
    case reload
    /// Only at a restart.
    case restart
    /// At a restart, and never if a service manager passes sockets: the setting tells where to listen.
    case binding
  }

  /// How `--probe` uses a setting on the command line. A setting that only changes how associations are
  /// served would have no effect there.
  enum ProbeUse: Sendable {
    /// The setting tells how to probe.
    case always
    /// The setting tells the address or the AE title of the local service.
    case local
    /// `--probe` refuses the setting.
    case never
  }
}
