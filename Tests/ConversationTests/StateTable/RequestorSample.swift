import Requestor

/// An event that may happen to a requestor, for a cell of PS3.8 Table 9-10 or for a footnote to one.
struct RequestorSample: Sendable {
  /// The kind of event.
  enum Kind: Sendable {
    /// These bytes arrive.
    case bytes([UInt8])
    /// The service user requests an abort because its time is up.
    case abortWanted
    /// The transport connection is closed.
    case transportClosed
  }

  /// What sets the sample apart from the first of its row; empty for the first.
  var name = ""
  let kind: Kind
  /// The states for which the sample may get a footnote.
  var states: [EchoSCU.State] = RequestorTable.columns
}
