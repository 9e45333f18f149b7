import UpperLayer

/// A conversation read from Tests/Conversations: the actions of the peer and the expected answers.
struct Conversation: Sendable {
  /// An action of the peer, or an event at the acceptor.
  enum Step: Equatable, Sendable {
    /// The peer sends these bytes.
    case send([UInt8])
    /// The peer closes the transport connection.
    case close
    /// This many milliseconds pass.
    case pass(Int)
    /// The acceptor itself wants to abort.
    case abort(AbortReason)
  }

  /// Steps without an answer between them, then all answers to them.
  struct Turn: Sendable {
    /// The steps, in order.
    var steps: [Step] = []
    /// The answers in words, as after `S:`.
    var answers: [String] = []
    /// The line of the first answer.
    var line = 0
  }

  /// The options of the acceptor, as after `A:`.
  struct Options: Sendable {
    var aeTitle = "ECHOSCP"
    var requiresCalledAETitle = false
    var preference = TransferSyntaxPreference.none
    var maximumLength: UInt32 = 16382
    /// The number of associations that may be established.
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
  /// The comment at the top: the purpose of the conversation.
  var reason = ""
  /// The options of the acceptor.
  var options = Options()
  /// The turns, in order.
  var turns: [Turn] = []
  /// The notes of the acceptor up to the release, as after `N:`.
  var notes: [String] = []
  /// The line of the notes, or of the end of the file.
  var notesLine = 0
  /// The reasons for the acceptor's aborts, as after `W:`.
  var causes: [String] = []
  /// The line of the first cause, or of the end of the file.
  var causesLine = 0

  /// All bytes that the peer sends.
  var bytes: [UInt8] {
    var sent: [UInt8] = []
    for turn in turns {
      for case .send(let bytes) in turn.steps { sent += bytes }
    }
    return sent
  }
}

/// The reason why a line cannot be read; the caller that knows the line number adds it.
struct ReadingFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
