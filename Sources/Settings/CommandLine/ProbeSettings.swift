/// How the program asks an SCP whether it answers: what is on the command line beside `--probe`.
public struct ProbeSettings: Equatable, Sendable {
  /// Whom it asks.
  public internal(set) var target = ProbeTarget.local(port: nil)
  /// The AE title that it calls; nothing when nobody says it.
  public internal(set) var calledAETitle: String?
  /// The AE title that it calls itself.
  public internal(set) var callingAETitle = "ECHOSCPD"
  /// How many times it asks.
  public internal(set) var count = 1
  /// How long it waits between two times, in milliseconds.
  public internal(set) var interval: UInt32 = 1000
  /// Whether it tells the results to a program.
  public internal(set) var isJSON = false

  /// The AE title that an SCP on another host is called by when nobody says it, as by other
  /// requestors.
  public static let usualCalledAETitle = "ANY-SCP"

  /// What holds when nothing is said.
  public init() {}
}
