import TLS
import UpperLayer

/// The options of the command line, with their defaults.
struct Options {
  /// The kind of load.
  var mode = Mode.associate
  /// The SCP's host, as given.
  var host = "127.0.0.1"
  /// The SCP's port.
  var port: UInt16 = 11112
  /// The number of concurrent associations.
  var clients = 8
  /// How long to measure, or to hold the associations, in seconds.
  var duration = 5.0
  /// The number of operations after which the run ends, or `nil` if it ends by time.
  var count: Int?
  /// How long to warm up before measuring, in seconds; `nil` for 0.5, or 0 if operations are counted.
  var warmUp: Double?
  /// The number of requests outstanding on an association.
  var depth = 1
  /// The number of operations started per second in total; `nil` starts one for each answer.
  var rate: Int?
  /// The number of addresses to connect from; 0 leaves the address to the system.
  var sources = 0
  /// The AE title of the SCP.
  var calledAETitle = "ECHOSCP"
  /// The AE title of this program.
  var callingAETitle = "ECHOBENCH"
  /// How long an answer may take, in seconds.
  var timeout = 10.0
  /// The files of TLS, or `nil` for a load without TLS.
  var tls: ContextFiles?
  /// Whether the hold lasts until the end of standard input.
  var isHeld = false
  /// Whether the result is JSON.
  var isJSON = false
  /// Whether to suppress the progress line.
  var isQuiet = false

  /// How long to warm up, in seconds, with the default applied.
  var effectiveWarmUp: Double { warmUp ?? (count == nil ? 0.5 : 0) }
}
