import Log

/// The table of devices as text: the problems first, each with its remedy.
public struct PeersText: Sendable {
  private let layout: Layout

  /// Text in `layout`.
  public init(_ layout: Layout) { self.layout = layout }

  /// The header of the table.
  private static let header = [
    "STATE", "TITLE", "ADDRESS", "PRODUCT", "LAST ECHO", "ECHOES", "FAILURES",
  ]
  /// The columns with numbers.
  private static let numbers: Set = [5, 6]
  /// The longest product that is shown.
  private static let longestProduct = 24

  /// The lines: the verdict, a header, and a line for each row with the last failure of those that fail.
  ///
  /// - Parameter period: The period in words, such as `the last 24 h`.
  public func lines(
    _ rows: [PeerRow], of table: PeerTable, journal: JournalFacts, period: String
  ) -> [String] {
    var lines = layout.paragraph(layout.head(table.verdict), summary(table, period))
    let cells = Layout.table([Self.header] + rows.map(cells), numbers: Self.numbers)
    if let header = cells.first, !rows.isEmpty { lines.append(header) }
    for (row, line) in zip(rows, cells.dropFirst()) {
      lines.append(layout.text(row.state) + line.dropFirst(row.state.word.count))
      if row.state == .failing, let failure = row.lastFailure {
        lines += layout.event(failure, indent: Self.indent)
        lines += layout.steps(failure, indent: Self.indent)
      }
    }
    return lines + remarks(table, journal)
  }

  /// The indentation of what belongs to a row.
  private static let indent = 9

  private func cells(_ row: PeerRow) -> [String] {
    let product = row.product.map {
      $0.count > Self.longestProduct ? "\($0.prefix(Self.longestProduct - 1))…" : $0
    }
    return [
      row.state.word, Layout.title(row.key.title), Layout.cell(row.key.address),
      Layout.cell(product),
      row.lastEcho.map(layout.clock.ago) ?? "never", "\(row.echoes)", "\(row.failures)",
    ]
  }

  private func summary(_ table: PeerTable, _ period: String) -> String {
    let rows = table.rows.values
    guard !rows.isEmpty else { return "no device in \(period)" }
    let states: [PeerRow.State] = [.failing, .absent, .noEcho, .healthCheck, .ok]
    let counts = states.compactMap { state in
      let count = rows.count { $0.state == state }
      return count > 0 ? "\(count) \(state.word)" : nil
    }
    let devices = Counted.text(rows.count, "device")
    return "\(devices) in \(period): \(counts.joined(separator: ", "))"
  }

  private func remarks(_ table: PeerTable, _ journal: JournalFacts) -> [String] {
    var remarks: [String] = []
    if table.summedUp > 0 {
      remarks.append(
        "\(Counted.text(table.summedUp, "failure")) of many addresses are in no row: the service sums them up"
      )
    }
    if table.forgotten > 0 {
      remarks.append(
        "\(Counted.text(table.forgotten, "row")) seen least recently are left out: there are too many titles"
      )
    }
    remarks += journal.limits
    if let since = journal.keptSince {
      remarks.append("the journal keeps records since \(layout.when(since))")
    }
    return remarks.flatMap { layout.paragraph("note:", $0) }
  }
}

/// One attempt as it comes, for the engineer who stands at the device.
public struct WatchText: Sendable {
  private let layout: Layout

  /// Text in `layout`.
  public init(_ layout: Layout) { self.layout = layout }

  /// The lines about `record`; none if it is about no attempt and no problem.
  public func lines(of record: JournalRecord) -> [String] {
    let time = layout.clock.timeOfDay(record.time)
    if let failure = record.failure {
      let word = layout.colored("FAILED", .red)
      let lines = layout.paragraph("\(time) \(word) \(failure.cause):", failure.message)
      return lines + layout.steps(failure, indent: Self.indent)
    }
    switch record.catalogID {
    case .started, .reloaded, .stopped, .stoppedAtOnce, .stopping:
      return layout.paragraph("\(time) \(layout.colored("service", .gray))", record.message)
    default: break
    }
    let word: String
    switch record.outcome {
    case .echoed: word = layout.colored("ok", .green)
    case .noEcho: word = layout.colored("no-echo", .yellow)
    case .healthCheck: word = layout.colored("check", .gray)
    case .failed, nil: return []
    }
    return layout.paragraph("\(time) \(word)", record.message)
  }

  /// The indentation of the steps against a failure.
  private static let indent = 9
}
