import ArgumentParser
import Ledger
import Linux
import Log

/// Each attempt as it comes.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Show each attempt as it comes, with its remedy, until Ctrl-C.",
    discussion: """
      Start it, and press Echo on the device. After ten failures of one kind, further ones share a line once a minute.
      """)

  @OptionGroup var journal: JournalOptions

  @Argument(
    help: ArgumentHelp(
      "Only this device: its calling AE title, or its address.", valueName: "device"))
  var device: String?

  /// How long a wait for a record may take, in microseconds: a tenth of what a person notices.
  private static let patience: UInt64 = 50_000

  func run() throws {
    let session = try JournalSession(JournalPlace(journal))
    // From here on, Ctrl-C only asks to stop, so that no line is cut in two.
    let signals = try Signals()
    let facts = try session.facts()
    if !journal.json { Output.print(headline(facts, by: session.clock)) }
    try session.goToEnd()
    while signals.take() == nil {
      guard let record = try session.nextRecord(waitingAtMost: Self.patience), isWanted(record)
      else { continue }
      // Times of day are those of the record, so the clock of the start is good enough.
      if journal.json {
        if let json = AttemptJSON(record) { Output.print([try JSON.text(json)]) }
      } else {
        let lines = WatchText(Output.layout(by: session.clock)).lines(of: record)
        if !lines.isEmpty { Output.print(lines) }
      }
    }
  }

  private func isWanted(_ record: JournalRecord) -> Bool {
    guard let device else { return true }
    if record.address == device || record.callingAE == device { return true }
    // What fails before an A-ASSOCIATE-RQ, such as a TLS handshake, has no title, and may be the device's.
    let isTitle = !NetworkAddress.isAddress(device)
    return isTitle && record.callingAE == nil && record.outcome == .failed
  }

  private func headline(_ facts: JournalFacts, by clock: Clock) -> [String] {
    let who = device.map { PeerWords.name($0) } ?? "any device"
    return ["waiting for \(who); press Ctrl-C to stop"]
      + facts.limits.map { "note: \($0)" }
  }
}
