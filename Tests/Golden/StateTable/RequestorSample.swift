import Requestor

/// Something that may happen to a requestor, as a cell of PS3.8 Table 9-10 or a footnote of one.
struct RequestorSample: Sendable {
  /// What happens.
  enum Kind: Sendable {
    /// These bytes arrive.
    case bytes([UInt8])
    /// The service user wants an abort: its time is up.
    case abortWanted
    /// The transport connection is closed.
    case transportClosed
  }

  /// What is special about it; empty where nothing is.
  var name = ""
  let kind: Kind
  /// The states in which it is worth a footnote.
  var states: [EchoSCU.State] = RequestorTable.columns
}
