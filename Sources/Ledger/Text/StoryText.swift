import Log

/// The story of one device as text.
public struct StoryText: Sendable {
  private let layout: Layout
  private var clock: Clock { layout.clock }

  /// Text in `layout`.
  public init(_ layout: Layout) { self.layout = layout }

  /// The lines: the state, what is known, the hours, and the last failures in full.
  ///
  /// - Parameters:
  ///   - period: The period in words, such as `the last 24 h`.
  ///   - command: The journalctl command that shows more.
  public func lines(
    _ story: PeerStory, journal: JournalFacts, period: String, command: String
  ) -> [String] {
    guard story.isKnown else {
      let kept = journal.keptSince.map { ", kept since \(clock.text($0))," } ?? ""
      return layout.paragraph(
        layout.head(story.verdict),
        "\(Layout.title(story.name)): the journal\(kept) has no record of it: its packets do not arrive here, or it uses "
          + "another title; watch while it tries: echoscpctl watch")
        + journal.limits.flatMap { layout.paragraph("note:", $0) }
    }
    return headline(story, period) + facts(story, journal, period) + hours(story)
      + failures(story) + ["more: \(command)"]
      + journal.limits.flatMap { layout.paragraph("note:", $0) }
  }

  private func headline(_ story: PeerStory, _ period: String) -> [String] {
    let last = story.last.map { " \(layout.when($0.time))" } ?? ""
    let text =
      switch story.state {
      case .failing: "its last attempt failed,\(last)"
      case .absent: "it did not come in \(period); its last record is of\(last)"
      case .noEcho: "it connected, but no echo was answered,\(last)"
      case .healthCheck: "it only opens connections, as monitoring systems do,\(last)"
      case .ok: "its last echo was answered,\(last)"
      }
    return layout.paragraph(layout.head(story.verdict), "\(Layout.title(story.name)): \(text)")
  }

  private func facts(_ story: PeerStory, _ journal: JournalFacts, _ period: String) -> [String] {
    var rows: [[String]] = []
    if let first = story.firstSeen {
      let kept =
        journal.keptSince.map { "; the journal keeps records since \(clock.text($0))" } ?? ""
      rows.append(["first seen", "\(clock.text(first))\(kept)"])
    }
    if let last = story.last { rows.append(["last seen", layout.when(last.time)]) }
    rows.append(["last echo", story.lastEcho.map(layout.when) ?? "none in what the journal keeps"])
    for (index, place) in story.places.enumerated() {
      let called = "\(Layout.title(place.key.title)) at \(Layout.cell(place.key.address))"
      rows.append([index == 0 ? "seen as" : "", "\(called), last \(layout.when(place.lastSeen))"])
    }
    let software = [story.product, story.implementation].compactMap { $0 }
    if !software.isEmpty { rows.append(["software", software.joined(separator: ", ")]) }
    let (echoes, failures) = (story.row.echoes, story.row.failures)
    rows.append([
      "in \(period)",
      "\(Counted.text(echoes, "echo", "echoes")), \(Counted.text(failures, "failure"))",
    ])
    if !story.row.notes.isEmpty {
      rows.append(["tolerated", story.row.notes.joined(separator: ", ")])
    }
    return Layout.table(rows).map { "  \($0)" }
  }

  /// The echoes and failures of 24 hours, a column each; empty if there are none.
  private func hours(_ story: PeerStory) -> [String] {
    guard story.hours.contains(where: { $0.echoes > 0 || $0.failures > 0 }) else { return [] }
    let cells = story.hours.map { hour in
      [
        "\(hour.hour < 10 ? "0" : "")\(hour.hour)", hour.echoes > 0 ? "\(hour.echoes)" : ".",
        hour.failures > 0 ? "\(hour.failures)" : ".",
      ]
    }
    // Half a day at a time fits into 80 columns.
    let halves = [cells.prefix(12), cells.suffix(12)]
    return halves.flatMap { half in
      let rows = ["hour", "echoes", "failures"].enumerated().map { index, name in
        [name] + half.map { $0[index] }
      }
      return Layout.table(rows, numbers: Set(1...12)).map { "  \($0)" }
    }
  }

  /// The last failures; what to do about a cause follows the latest one that has it.
  private func failures(_ story: PeerStory) -> [String] {
    guard !story.failures.isEmpty else { return [] }
    var explained: Set<String> = []
    return ["last failures:"]
      + story.failures.flatMap { failure in
        let isNew = explained.insert(failure.cause).inserted
        return layout.event(failure, indent: 2)
          + (isNew ? layout.explanation(failure, indent: 4) : [])
      }
  }
}
