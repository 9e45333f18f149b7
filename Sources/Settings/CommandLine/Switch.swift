/// An option without a value, which gives a setting one particular value.
public struct Switch: Sendable {
  /// The long option without dashes.
  public let long: String
  /// The short option without its dash.
  public let short: String
  /// The setting it sets; two switches of one setting exclude each other.
  public let key: String
  /// The value it gives.
  public let value: String
  /// One sentence about it.
  public let help: String

  /// Every switch, in the order of the help.
  public static let all: [Switch] = [
    Switch(
      long: "quiet", short: "q", key: "log-level", value: "none",
      help: "quiet mode, print no warnings and errors"),
    Switch(
      long: "verbose", short: "v", key: "log-level", value: "info",
      help: "verbose mode, print processing details"),
    Switch(
      long: "debug", short: "d", key: "log-level", value: "debug",
      help: "debug mode, print debug information"),
    Switch(
      long: "prefer-uncompr", short: "x=", key: "prefer", value: "uncompressed",
      help: "prefer explicit VR local byte order"),
    Switch(
      long: "prefer-little", short: "xe", key: "prefer", value: "little",
      help: "prefer explicit VR little endian TS"),
    Switch(
      long: "prefer-big", short: "xb", key: "prefer", value: "big",
      help: "prefer explicit VR big endian TS"),
    Switch(
      long: "implicit", short: "xi", key: "prefer", value: "implicit",
      help: "accept implicit VR little endian TS only"),
  ]
}
