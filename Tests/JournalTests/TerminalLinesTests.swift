import Journal
import Testing

/// How records look on the terminal, at each of its levels.
@Suite struct TerminalLinesTests {
  static let levels: [Priority?] = [nil, .critical, .error, .warning, .info, .debug]

  @Test("At each level, the lines of that level and of the graver ones", arguments: Catalogue.rows)
  func linesAtEachLevel(row: Row) {
    let record = Record(row.event, about: modality)
    for level in Self.levels {
      let visible = row.lines.filter { line in
        guard let level, let priority = priorities[line.prefix(1)] else { return false }
        return priority.rawValue <= level.rawValue
      }
      let text = TerminalLines(level: level).lines(of: record)
      #expect(text == visible.map { "\($0)\n" }.joined(), "at \(String(describing: level))")
    }
  }

  @Test("An echo at -v is three lines, to the letter those of pynetdicom's echoscp")
  func aWholeEcho() {
    let terminal = TerminalLines(level: .info)
    let events: [Event] = [
      .connected, .associationAccepted(outcome(accepted: 1)),
      .echoReceived(messageID: 1, contextID: 1),
      .associationReleased([], .echoed), .disconnected,
    ]
    #expect(
      events.map { terminal.lines(of: Record($0, about: modality)) }.joined() == """
        I: Accepting Association
        I: Received Echo Request (MsgID 1)
        I: Association Released

        """)
  }

  @Test("A quiet terminal says nothing, whatever happens", arguments: Catalogue.rows)
  func quiet(row: Row) {
    #expect(TerminalLines(level: nil).lines(of: Record(row.event, about: modality)).isEmpty)
  }

  @Test("An event without a subject is the service's own", arguments: Catalogue.rows)
  func withoutASubject(row: Row) {
    let text = TerminalLines(level: .debug).lines(of: Record(row.event, about: nil))
    #expect(text.isEmpty == row.lines.isEmpty)
    #expect(!text.contains("MODALITY1") || row.lines.isEmpty)
    #expect(!text.contains("192.0.2.7"))
  }

  @Test("Each line has a letter, a text and its newline")
  func linesAreLines() {
    let terminal = TerminalLines(level: .debug)
    for row in Catalogue.rows {
      let text = terminal.lines(of: Record(row.event, about: modality))
      guard !row.lines.isEmpty else { continue }
      #expect(text.hasSuffix("\n"))
      for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(priorities[line.prefix(1)] != nil && line.dropFirst().hasPrefix(": "))
        #expect(line.count >= 3)
      }
    }
  }
}
