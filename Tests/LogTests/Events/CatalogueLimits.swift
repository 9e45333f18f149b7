import Log

/// What is ever said of connections that are closed because of a limit.
extension Catalogue {
  static let limits = [
    Row(
      .connectionRefused(.connectionRate(20), isFirst: true), .warning,
      cause: "too-many-from-address",
      "W: MODALITY1 at 192.0.2.7:104: connection closed unread: more than 20 connections in a "
        + "second (max-connection-rate)"),
    Row(
      .connectionRefused(.connectionRate(20), isFirst: false), .debug,
      cause: "too-many-from-address",
      sentence: "MODALITY1 at 192.0.2.7:104: connection closed unread: more than 20 connections in "
        + "a second (max-connection-rate)"),
    Row(
      .connectionEvicted(.pendingPerAddress(8)), .debug, cause: "too-many-from-address",
      sentence: "MODALITY1 at 192.0.2.7:104: connection without an association closed to make "
        + "room: max-pending-per-address (8) is reached"),
    Row(
      .connectionsEvicted(1, .pending(500)), .warning, cause: "too-many-pending",
      "W: 1 connection without an association closed to make room: max-pending (500) is reached; the "
        + "last one was of MODALITY1 at 192.0.2.7:104"),
    Row(
      .connectionsEvicted(41, .descriptors), .error, cause: "out-of-descriptors",
      "E: 41 connections without an association closed to make room: no file descriptor is left; "
        + "raise LimitNOFILE= or ulimit -n; the last one was of MODALITY1 at 192.0.2.7:104"),
  ]
}
