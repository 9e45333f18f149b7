import TestKit
import Testing
import UpperLayer

@testable import Log

/// Records on the terminal, at each level.
@Suite struct TerminalLinesTests {
  static let levels: [Priority?] = [nil, .critical, .error, .warning, .info, .debug]

  @Test("Each level shows its own lines and the more severe ones", arguments: EventTable.rows)
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

  @Test("An echo at -v is three lines, exactly those of pynetdicom's echoscp")
  func aWholeEcho() {
    let terminal = TerminalLines(level: .info)
    let events: [Event] = [
      .connected, .associationAccepted(outcome(accepted: 1)),
      .echoReceived(messageID: 1, contextID: 1),
      .associationReleased([], .echoed, by: acceptor), .disconnected,
    ]
    #expect(
      events.map { terminal.lines(of: Record($0, about: modality)) }.joined() == """
        I: Accepting Association
        I: Received Echo Request (MsgID 1)
        I: Association Released

        """)
  }

  @Test("A quiet terminal shows nothing, whatever happens", arguments: EventTable.rows)
  func quiet(row: Row) {
    #expect(TerminalLines(level: nil).lines(of: Record(row.event, about: modality)).isEmpty)
  }

  @Test("An event without a subject is the service's own", arguments: EventTable.rows)
  func withoutASubject(row: Row) {
    let text = TerminalLines(level: .debug).lines(of: Record(row.event, about: nil))
    #expect(text.isEmpty == row.lines.isEmpty)
    #expect(!text.contains("MODALITY1") || row.lines.isEmpty)
    #expect(!text.contains("192.0.2.7"))
  }

  @Test("Each line has a letter, a text and its newline")
  func linesAreLines() {
    let terminal = TerminalLines(level: .debug)
    for row in EventTable.rows {
      let text = terminal.lines(of: Record(row.event, about: modality))
      guard !row.lines.isEmpty else { continue }
      #expect(text.hasSuffix("\n"))
      for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(priorities[line.prefix(1)] != nil && line.dropFirst().hasPrefix(": "))
        #expect(line.count >= 3)
      }
    }
  }

  /// A request, the event that it leads to, and the step shown for it.
  static let steps: [(request: [UInt8], event: Event, step: String)] = [
    (
      Wire.associateRequest(), .associationAccepted(outcome(accepted: 1)), "Accepting Association"
    ),
    (
      Wire.associateRequest(contexts: []), .noUsableContext(outcome()), "Accepting Association"
    ),
    (
      Wire.associateRequest(application: []),
      .associationRejected(.applicationContext, by: .named("ECHOSCP")), "Rejecting Association"
    ),
  ]

  @Test("At debug the request is shown, then the step, then the answer", arguments: steps)
  func pdusAtDebug(request: [UInt8], event: Event, step: String) throws {
    let pdus = try #require(Association.pdus(request))
    let shown = lines(.debug, Record(event, about: modality, attachment: .pdus(pdus)))
    let requested = DumpText.request(pdus).map { "D: \($0)" }
    let index = try #require(shown.firstIndex(of: "I: \(step)"))
    #expect(requested.count > 10)
    #expect(Array(shown[..<index]) == requested)
    let kind = step.hasPrefix("Accepting") ? "Accept" : "Reject"
    #expect(shown[index + 1] == "D: \(kind) Parameters:")
    let answered = DumpText.accept(pdus).map { "D: \($0)" }
    #expect(answered.isEmpty == (kind == "Reject"))
    if kind == "Accept" {
      #expect(Array(shown[(index + 1)...].prefix(answered.count)) == answered)
    }
    // Without copies, everything is shown but the two dumps.
    let rest = shown.filter { !requested.contains($0) && !answered.contains($0) }
    let without = lines(.debug, Record(event, about: modality))
    #expect(without == rest)
    #expect(shown.count == requested.count + answered.count + without.count)
  }

  @Test("Above debug no PDU is shown, whether or not there are copies", arguments: steps)
  func pdusAboveDebug(request: [UInt8], event: Event, step: String) throws {
    let pdus = try #require(Association.pdus(request))
    for level in Self.levels where level != .debug {
      let shown = lines(level, Record(event, about: modality, attachment: .pdus(pdus)))
      #expect(shown == lines(level, Record(event, about: modality)))
      #expect(!shown.contains { $0.hasPrefix("D: ") })
      #expect(shown.contains("I: \(step)") == (level == .info))
    }
  }

  private func lines(_ level: Priority?, _ record: Record) -> [String] {
    TerminalLines(level: level).lines(of: record).split(separator: "\n").map(String.init)
  }
}
