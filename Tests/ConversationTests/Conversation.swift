import UpperLayer

/// A conversation of Tests/Conversations, read: what the peer does, and what it must be answered.
struct Conversation: Sendable {
  /// What the peer does, or what happens to the acceptor.
  enum Step: Equatable, Sendable {
    /// The peer sends these bytes.
    case send([UInt8])
    /// The peer closes the transport connection.
    case close
    /// So many milliseconds pass.
    case pass(Int)
    /// The acceptor itself wants to end.
    case abort(AbortReason)
  }

  /// Steps without an answer between them, then all that is answered to them.
  struct Turn: Sendable {
    /// The steps, in their order.
    var steps: [Step] = []
    /// The answers in words, as after `S:`.
    var answers: [String] = []
    /// The line of the first answer.
    var line = 0
  }

  /// How the acceptor is configured, as after `A:`.
  struct Options: Sendable {
    var aeTitle = "ECHOSCP"
    var requiresCalledAETitle = false
    var preference = TransferSyntaxPreference.none
    var maximumLength: UInt32 = 16382
    /// How many associations may be established.
    var room = Int.max
    /// In milliseconds.
    var acseTimeout = 30_000
    /// In milliseconds.
    var dimseTimeout = 30_000
    /// In milliseconds.
    var networkTimeout = 30_000
  }

  /// The file's path.
  var path = ""
  /// The comment at its top: why the conversation is there.
  var reason = ""
  /// The acceptor.
  var options = Options()
  /// The turns, in their order.
  var turns: [Turn] = []
  /// What the acceptor noted until the release, as after `N:`.
  var notes: [String] = []
  /// The line of the notes, or of the end of the file.
  var notesLine = 0
  /// Why the acceptor aborted, as after `W:`.
  var causes: [String] = []
  /// The line of the first cause, or of the end of the file.
  var causesLine = 0

  /// All that the peer sends.
  var bytes: [UInt8] {
    var sent: [UInt8] = []
    for turn in turns {
      for case .send(let bytes) in turn.steps { sent += bytes }
    }
    return sent
  }
}

/// What keeps a line from being read; the line's number is added where it is known.
struct ReadingFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
