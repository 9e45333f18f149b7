import ArgumentParser
import JournalReader
import Ledger

/// Which journal to read, and how to show it: options of every report.
struct JournalOptions: ParsableArguments {
  @Option(
    name: .customLong("file"),
    help: ArgumentHelp(
      "Read this journal file instead of this host's journal; may be repeated.", valueName: "path"),
    completion: .file())
  var files: [String] = []

  @Option(
    name: [.customShort("D"), .long],
    help: ArgumentHelp("Read the journal files in this folder.", valueName: "path"),
    completion: .directory)
  var directory: String?

  @Option(help: ArgumentHelp("The unit whose records count.", valueName: "name"))
  var unit = "echoscpd.service"

  @Flag(help: "Print JSON instead of text.")
  var json = false

  func validate() throws {
    if directory != nil, !files.isEmpty {
      throw ValidationError("--file and --directory exclude each other: use one of them")
    }
    if !unit.hasSuffix(".service") || unit.utf8.contains(UInt8(ascii: "/")) {
      throw ValidationError(
        "--unit: \"\(unit)\" is not a service: expected a name such as echoscpd.service")
    }
  }
}

/// Where the records of a service are.
struct JournalPlace: Sendable {
  /// The journals.
  let source: JournalReader.Source
  /// The unit of the service.
  let unit: String

  /// The place that the options name.
  init(_ options: JournalOptions) {
    unit = options.unit
    if let directory = options.directory {
      source = .directory(directory)
    } else {
      source = options.files.isEmpty ? .local : .files(options.files)
    }
  }
}

/// The period of a report.
struct PeriodOptions: ParsableArguments {
  @Option(
    name: [.customShort("S"), .long],
    help: ArgumentHelp(
      "The start of the period: 24h, 30min, 7d, today, yesterday, or a date.", valueName: "time"))
  var since: String?

  /// The period, from its start in microseconds since 1970, and in words.
  func period(by clock: Clock) throws(Refusal) -> (start: UInt64, words: String) {
    guard let since else { return (clock.now - min(clock.now, Self.day), "the last 24 h") }
    guard let start = Since.time(since, by: clock) else {
      throw Refusal(text: "--since: \"\(since)\" is not a time: expected \(Since.expected)")
    }
    return (start, "the time since \(clock.text(start))")
  }

  /// The microseconds of a day.
  private static let day = 24 * 3600 * Clock.second
}
