import ArgumentParser
import Ledger
import Log

/// A row for each device.
struct PeersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract:
      "Show each device that reached the service, and those of [device] sections that did not.",
    discussion: """
      The exit status is 2 if the last attempt of a device failed, 1 if one is absent or got no echo, and 0 \
      otherwise. If the configuration has [device] sections, only their devices count for it.
      """)

  @OptionGroup var journal: JournalOptions
  @OptionGroup var time: PeriodOptions

  @Flag(help: "Show only devices whose last attempt failed, or that did not come.")
  var failing = false

  private static let orders = PeerTable.Order.allCases.map(\.rawValue)

  @Option(
    help: ArgumentHelp(
      "The order: \(orders.joined(separator: ", ")).", valueName: "order"),
    completion: .list(orders), transform: order(named:))
  var sort = PeerTable.Order.state

  private static func order(named name: String) throws -> PeerTable.Order {
    guard let order = PeerTable.Order(rawValue: name) else {
      throw ValidationError(
        "\"\(name)\" is not an order: expected \(orders.joined(separator: ", "))")
    }
    return order
  }

  @Option(
    help: ArgumentHelp("The configuration with the [device] sections.", valueName: "path"),
    completion: .file())
  var config: String?

  func run() throws {
    let session = try JournalSession(JournalPlace(journal))
    let (start, words) = try time.period(by: session.clock)
    var table = PeerTable(
      configured: config == nil && !session.isLocal ? [] : try DeviceSections.titles(in: config))
    try session.forEach(from: start) { table.add($0) }
    for title in table.absentTitles {
      table.addAbsent(
        title, earlier: try session.last([(.callingAE, [title])]))
    }
    let rows = table.sorted(by: sort).filter { row in
      !failing || row.state == .failing || row.state == .absent
    }
    let facts = try session.facts()
    if journal.json {
      try PeersJSON(table, since: start, journal: facts).print(rows)
    } else {
      let text = PeersText(Output.layout(by: session.clock))
      Output.print(text.lines(rows, of: table, journal: facts, period: words))
    }
    throw ExitCode(table.verdict.rawValue)
  }
}
