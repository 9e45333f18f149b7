/// An option that says what the program does with its settings, and is not one of them.
public enum Action: String, Sendable, CaseIterable {
  /// Prints the help.
  case help
  /// Prints the version.
  case version
  /// Names the file to read.
  case config
  /// Reads the settings, says what is wrong with them, and ends.
  case checkConfig = "check-config"
  /// Prints every setting with its value and where that comes from.
  case dumpConfig = "dump-config"
  /// Asks a running service to read its settings once more.
  case reload
  /// Asks an SCP whether it answers.
  case probe

  /// The long option without dashes.
  public var long: String { rawValue }

  /// The short option without its dash, where it has one.
  public var short: String? {
    switch self {
    case .help: "h"
    case .version: "V"
    case .config, .checkConfig, .dumpConfig, .reload, .probe: nil
    }
  }

  /// How its value is called in the help, or nothing when it has none.
  public var placeholder: String? {
    switch self {
    case .config: "[f]ile"
    case .reload: "[p]rocess"
    case .probe: "[h]ost[:port]"
    case .help, .version, .checkConfig, .dumpConfig: nil
    }
  }

  /// What it does, in a few words.
  public var help: String {
    switch self {
    case .help: "print this help and exit"
    case .version: "print version information and exit"
    case .config: "file to read (default: \(ConfigurationFile.standardPath))"
    case .checkConfig: "check the configuration and exit"
    case .dumpConfig: "print all settings with their origins"
    case .reload: "have a running echoscpd reload its files"
    case .probe: "test a host, or this service (port: \(Self.usualPort))"
    }
  }

  private static var usualPort: String { Setting.named("port")?.defaultText ?? "" }

  /// What it does, in sentences, for the manual.
  public var about: String {
    switch self {
    case .help: "Print the options, each with its default, and exit."
    case .version: "Print the version and exit."
    case .config:
      """
      The configuration file to read instead of \(ConfigurationFile.standardPath); it has to be there. \
      The files in the folder of the same name with .d behind it are read after it.
      """
    case .checkConfig:
      """
      Read the configuration and the command line, say all that is wrong with them, and exit: with \
      78 if anything is wrong in a file, with 64 if it is on the command line, else with 0. No socket \
      is opened.
      """
    case .dumpConfig:
      """
      Print every setting with its value and where that comes from, and exit. What is printed is a \
      configuration file itself.
      """
    case .reload:
      """
      Have the echoscpd with this process ID read its configuration once more, print its answer, and \
      exit: with 0 when the settings are in force, with 78 when anything is wrong in a file and they \
      are as they were. systemctl reload echoscpd does it.
      """
    case .probe:
      """
      Ask an SCP for one C-ECHO instead of answering, tell what came of it, and exit. The host is a \
      name or an address, an IPv6 address with a port in brackets, as [2001:db8::1]:104; port \
      \(Self.usualPort) is meant where none is said. Without a host it is the service of this \
      machine, by its configuration: its port, or the one on the command line, its bind-address, or \
      the loopback addresses, and its ae-title. See PROBE.
      """
    }
  }
}
