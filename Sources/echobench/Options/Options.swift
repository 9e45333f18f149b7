import UpperLayer

/// What the command line asks for, each with its default.
struct Options {
  /// The kind of load.
  var mode = Mode.associate
  /// The SCP's host, as it was given.
  var host = "127.0.0.1"
  /// The SCP's port.
  var port: UInt16 = 11112
  /// How many associations there are at the same time.
  var clients = 8
  /// How long is measured, or the associations are held, in seconds.
  var duration = 5.0
  /// After how many operations it ends, if that is what ends it.
  var count: Int?
  /// How long is not measured at first, in seconds; 0.5 unless operations are counted.
  var warmUp: Double?
  /// How many requests are outstanding on an association.
  var depth = 1
  /// How many operations begin a second in all; as many as there are answers when nothing.
  var rate: Int?
  /// From how many addresses it connects; 0 leaves the address to the system.
  var sources = 0
  /// The title of the SCP.
  var calledAETitle = "ECHOSCP"
  /// The title of this program.
  var callingAETitle = "ECHOBENCH"
  /// How long an answer may take, in seconds.
  var timeout = 10.0
  /// Whether the end of the standard input ends the hold.
  var isHeld = false
  /// Whether the result is JSON.
  var isJSON = false
  /// Whether there is no line of progress.
  var isQuiet = false

  /// How long is not measured at first, in seconds.
  var effectiveWarmUp: Double { warmUp ?? (count == nil ? 0.5 : 0) }
}
