import ArgumentParser
import Ledger
import Linux
import Log

/// The story of one device.
struct PeerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peer",
    abstract: "Tell the story of one device: when it came, what failed last, and what to do.",
    discussion: """
      The exit status is 0 if its last attempt had an echo, 1 if it is absent or got no echo, 2 if its last attempt \
      failed, and 3 if the journal has no record of it.
      """)

  @OptionGroup var journal: JournalOptions
  @OptionGroup var time: PeriodOptions

  @Flag(help: "Explain the bytes of its last refused request, offset by offset.")
  var request = false

  @Argument(
    help: ArgumentHelp("The calling AE title of the device, or its address.", valueName: "device"))
  var device: String

  func run() throws {
    let session = try JournalSession(JournalPlace(journal))
    let (start, words) = try time.period(by: session.clock)
    let story = try Self.story(of: device, session, from: start)
    let explanation = request ? try explanation(session) : nil
    if journal.json {
      let json = PeerJSON(
        story, since: start, journal: try session.facts(), request: explanation?.request)
      Output.print([try JSON.text(json)])
    } else if request {
      let layout = Output.layout(by: session.clock)
      Output.print(
        explanation.map { layout.lines(of: $0.request, after: $0.failure) }
          ?? [
            "\(device): the journal has no refused request of it, or log-pdus = no left its bytes out"
          ])
    } else {
      let text = StoryText(Output.layout(by: session.clock))
      Output.print(
        text.lines(story, journal: try session.facts(), period: words, command: command(story)))
    }
    throw ExitCode(story.verdict.rawValue)
  }

  /// The match of a device: its address, or else its title.
  private static func match(_ device: String) -> JournalSession.Matches {
    [(NetworkAddress.isAddress(device) ? .peerAddress : .callingAE, [device])]
  }

  /// The match of failures.
  private static let failures: JournalSession.Matches = [
    (.priority, (0...Priority.warning.rawValue).map { "\($0)" })
  ]
  /// The largest number of records that are looked at for one more fact.
  private static let mostRecords = 2000

  private static func story(
    of device: String, _ session: JournalSession, from start: UInt64
  ) throws -> PeerStory {
    let own = match(device)
    var story = PeerStory(of: device, by: session.clock)
    story.firstSeen = try session.firstTime(own)
    guard story.firstSeen != nil else { return story }
    try session.forEach(from: start, anyOf: [own]) { story.add($0) }
    if let last = try session.last(own) { story.addEarlier(last) }
    if story.lastEcho == nil {
      var left = mostRecords
      try session.forEachBackwards(own) { record in
        if record.echoes ?? 0 > 0 { story.addEarlierEcho(at: record.time) }
        left -= 1
        return story.lastEcho == nil && left > 0
      }
    }
    try addFailures(to: &story, session, own + failures) { _ in true }
    // Before its A-ASSOCIATE-RQ, a device has no title: what fails then is known by the address alone.
    for address in Set(story.places.compactMap(\.key.address)) where address != device {
      try addFailures(
        to: &story, session, [(.peerAddress, [address])] + failures
      ) {
        $0.callingAE == nil
      }
    }
    return story
  }

  private static func addFailures(
    to story: inout PeerStory, _ session: JournalSession, _ matches: JournalSession.Matches,
    _ isWanted: (JournalRecord) -> Bool
  ) throws {
    var (found, left) = (0, mostRecords)
    try session.forEachBackwards(matches) { record in
      left -= 1
      if isWanted(record), let failure = record.failure {
        story.addFailure(failure)
        found += 1
      }
      return found < PeerStory.mostFailures && left > 0
    }
  }

  /// The explanation of the last refused request; `nil` if none is recorded.
  private func explanation(
    _ session: JournalSession
  ) throws -> (request: RequestExplanation, failure: Failure)? {
    var explanation: (request: RequestExplanation, failure: Failure)?
    var left = Self.mostRecords
    try session.forEachBackwards(Self.match(device) + Self.failures, withEvidence: true) {
      record in
      if let failure = record.failure, let evidence = failure.evidence {
        let request = RequestExplanation(evidence: evidence, cause: failure.cause)
        explanation = request.map { (request: $0, failure: failure) }
      }
      left -= 1
      return explanation == nil && left > 0
    }
    return explanation
  }

  /// The command that shows all records of the device.
  private func command(_ story: PeerStory) -> String {
    let place =
      journal.directory.map { " -D \(ShellWord.quoted($0))" }
      ?? journal.files.map { " --file \(ShellWord.quoted($0))" }.joined()
    let matches = Self.match(story.name).map { match in
      ShellWord.quoted("\(match.field.rawValue)=\(match.values.joined())")
    }
    return "journalctl\(place) -u \(journal.unit) -x \(matches.joined(separator: " "))"
  }
}

/// A word of a shell command.
enum ShellWord {
  /// `word`, in single quotes if the shell would take it for something else.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (0x2B...0x3A).contains(byte) && byte != UInt8(ascii: "*") || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
        || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "%")
    }
    if isPlain, !word.isEmpty { return word }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'\(parts.joined(separator: "'\\''"))'"
  }
}
