import UpperLayer

/// Reads the text of a conversation. The first letter of each line says what the line is:
///
/// `A:` options of the acceptor · `C:` a message of the peer (see ``ClientMessage``), or `closes` ·
/// `T:` time that passes (`30s`, `500ms`), or `drain-timeout`, `memory exhausted` · `S:` the answer,
/// or `nothing`, `closes` · `N:` all notes of the acceptor up to the release · `W:` the reason for
/// each abort by the acceptor · `#` a comment; the first one gives the purpose.
struct ConversationReader {
  private var conversation = Conversation()

  /// Reads the conversation in `text`, whose file is at `path`.
  static func read(_ text: String, path: String) throws(ReadingFault) -> Conversation {
    var reader = ConversationReader()
    reader.conversation.path = path
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      do throws(ReadingFault) {
        try reader.take(String(line), number: index + 1)
      } catch {
        throw ReadingFault("\(path):\(index + 1): \(error)")
      }
    }
    return try reader.finish(lineCount: lines.count)
  }

  private mutating func take(_ line: String, number: Int) throws(ReadingFault) {
    if line.isEmpty { return }
    if line.hasPrefix("#") {
      if conversation.turns.isEmpty, !conversation.reason.isEmpty { conversation.reason += " " }
      if conversation.turns.isEmpty { conversation.reason += String(line.dropFirst(2)) }
      return
    }
    guard line.dropFirst().hasPrefix(": ") else { throw ReadingFault("expected speaker and colon") }
    let words = String(line.dropFirst(3))
    switch line.first {
    case "A": try configure(words)
    case "C": step(words == "closes" ? .close : .send(try ClientMessage.bytes(of: words)))
    case "T": step(try happening(words))
    case "S": try answer(words, number)
    case "N":
      conversation.notes += list(words)
      conversation.notesLine = number
    case "W":
      conversation.causes += list(words)
      if conversation.causesLine == 0 { conversation.causesLine = number }
    default: throw ReadingFault("\(line.prefix(1)) is not a speaker")
    }
  }

  private mutating func finish(lineCount: Int) throws(ReadingFault) -> Conversation {
    guard !conversation.reason.isEmpty else {
      throw ReadingFault("\(conversation.path):1: no comment explains the conversation")
    }
    guard let last = conversation.turns.last, !last.answers.isEmpty else {
      throw ReadingFault("\(conversation.path):\(lineCount): ends without an answer")
    }
    if conversation.notesLine == 0 { conversation.notesLine = lineCount }
    if conversation.causesLine == 0 { conversation.causesLine = lineCount }
    return conversation
  }

  private mutating func step(_ step: Conversation.Step) {
    if conversation.turns.last.map({ !$0.answers.isEmpty }) ?? true {
      conversation.turns.append(Conversation.Turn())
    }
    conversation.turns[conversation.turns.count - 1].steps.append(step)
  }

  private mutating func answer(_ words: String, _ number: Int) throws(ReadingFault) {
    guard !conversation.turns.isEmpty else { throw ReadingFault("an answer before any step") }
    let last = conversation.turns.count - 1
    if conversation.turns[last].answers.isEmpty { conversation.turns[last].line = number }
    let answer = try words.split(separator: " ").map { word throws(ReadingFault) in
      try Self.expandingRange(String(word))
    }
    conversation.turns[last].answers.append(answer.joined(separator: " "))
  }

  private func happening(_ words: String) throws(ReadingFault) -> Conversation.Step {
    switch words {
    case "drain-timeout": return .abort(.draining)
    case "memory exhausted": return .abort(.outOfMemory)
    default: return .pass(try Self.milliseconds(words))
    }
  }

  private mutating func configure(_ words: String) throws(ReadingFault) {
    for word in words.split(separator: " ") {
      let pair = word.split(separator: "=", maxSplits: 1)
      let value = pair.count == 2 ? String(pair[1]) : ""
      switch pair[0] {
      case "ae-title": conversation.options.aeTitle = value
      case "require-called-ae-title": conversation.options.requiresCalledAETitle = true
      case "prefer": conversation.options.preference = try Self.preference(value)
      case "max-pdu": conversation.options.maximumLength = try Self.number(value)
      case "max-associations": conversation.options.room = try Self.number(value)
      case "acse-timeout": conversation.options.acseTimeout = try Self.milliseconds(value)
      case "dimse-timeout": conversation.options.dimseTimeout = try Self.milliseconds(value)
      case "network-timeout": conversation.options.networkTimeout = try Self.milliseconds(value)
      default: throw ReadingFault("\(pair[0]) is not an option")
      }
    }
  }

  private func list(_ words: String) -> [String] {
    words.split(separator: ",").map { String($0.drop { $0 == " " }) }
  }

  private static func preference(_ word: String) throws(ReadingFault) -> TransferSyntaxPreference {
    for preference in TransferSyntaxPreference.allCases where "\(preference)" == word {
      return preference
    }
    throw ReadingFault("\(word) is not a preference")
  }

  private static func milliseconds(_ word: String) throws(ReadingFault) -> Int {
    if word.hasSuffix("ms") { return try number(word.dropLast(2)) }
    guard word.hasSuffix("s") else { throw ReadingFault("\(word) is not a duration") }
    return try number(word.dropLast()) * 1000
  }

  /// Returns the number that `word` is.
  static func number<T: FixedWidthInteger>(_ word: some StringProtocol) throws(ReadingFault) -> T {
    guard let number = T(word) else { throw ReadingFault("\(word) is not a valid number") }
    return number
  }

  /// Expands `1..7=x` to `1=x 3=x 5=x 7=x`; returns any other word unchanged.
  static func expandingRange(_ word: String) throws(ReadingFault) -> String {
    let pair = word.split(separator: "=", maxSplits: 1)
    guard pair.count == 2, let dots = pair[0].firstRange(of: "..") else { return word }
    let first: Int = try number(pair[0][..<dots.lowerBound])
    let last: Int = try number(pair[0][dots.upperBound...])
    return stride(from: first, through: last, by: 2).map { "\($0)=\(pair[1])" }
      .joined(separator: " ")
  }
}
