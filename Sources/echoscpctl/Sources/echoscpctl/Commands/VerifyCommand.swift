import ArgumentParser
import Linux

/// The other direction: whether the devices answer this host.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Ask devices whether they answer C-ECHO: those of [device] sections with probe, or some of them.",
    discussion: """
      This runs echoscpd --probe --devices with the same arguments, so every option of a probe is allowed, such as \
      --json, -w and -c; its exit status is that of the probe. See PROBE in echoscpd(8).
      """)

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The AE titles of devices, and options of a probe.", valueName: "device"))
  var arguments: [String] = []

  /// Where the program may be, in order.
  private static let places = ["/usr/sbin/echoscpd", "/usr/local/sbin/echoscpd"]

  func run() throws {
    if arguments.contains(where: { $0 == "-h" || $0 == "--help" }) {
      throw CleanExit.helpRequest(Self.self)
    }
    guard let program = Self.places.first(where: Process.mayRun) else {
      throw Refusal(
        text: "there is no \(Self.places[0]), which asks devices; install the package echoscpd")
    }
    throw Process.become(program, ["--probe", "--devices"] + arguments)
  }
}
