import Ledger
import Linux
import Log

/// Rehearses the records of a journal: adds them to every report, and checks what must hold for any records, whoever
/// wrote them.
///
/// In an input, 00H ends a field, and an empty field ends a record. Each record begins with a byte for its age, in
/// steps of twenty minutes.
public struct RecordRehearsal {
  /// The time at which the reports are made, in microseconds since 1970.
  public static let now: UInt64 = 1_796_033_000 * Clock.second
  private static let step = 1200 * Clock.second

  private let records: [JournalRecord]
  private let size: Int
  /// Half an hour beside the hours of UTC.
  private let clock = Clock(now: now) { _ in 19_800 }

  /// Rehearses the records in `bytes`.
  public static func check(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    let rehearsal = RecordRehearsal(bytes)
    for record in rehearsal.records { try rehearsal.check(record) }
    try rehearsal.checkTable()
    try rehearsal.checkStory()
    try rehearsal.checkReport()
    for record in rehearsal.records {
      guard let evidence = record.evidence else { continue }
      try checkExplanation(evidence, cause: record.cause ?? "")
    }
  }

  /// The input of which ``check(_:)`` makes a record with these fields.
  public static func input(ageInSteps age: UInt8, _ fields: [String]) -> [UInt8] {
    [age] + fields.flatMap { $0.utf8 + [0] } + [0]
  }

  private init(_ bytes: [UInt8]) {
    var records: [JournalRecord] = []
    var rest = bytes[...]
    while let age = rest.popFirst() {
      var record = JournalRecord(time: Self.now - UInt64(age) * Self.step, withEvidence: true)
      while let end = rest.firstIndex(of: 0) {
        let field = Array(rest[..<end])
        rest = rest[(end + 1)...]
        if field.isEmpty { break }
        record.add(field.span)
      }
      records.append(record)
      if !rest.contains(0) { break }
    }
    (self.records, size) = (records, bytes.count)
  }

  private func check(_ record: JournalRecord) throws(Rehearsal.Violation) {
    let texts = [
      record.message, record.callingAE, record.calledAE, record.address, record.implementation,
      record.product, record.association, record.tlsVersion, record.reason, record.cause,
      record.service.version, record.service.logLevel, record.service.aeTitle,
      record.service.certificate, record.evidence,
    ]
    let lists = [record.notes, record.service.listeners, record.service.tlsListeners]
    for list in lists { try demand(list.count <= 64, "a list of \(list.count) values") }
    for text in texts.compactMap({ $0 }) + lists.joined() {
      try demand(Self.isHarmless(text), "a control character in \(text.debugDescription)")
      try demand(text.utf8.count <= 10 * size, "a text that is longer than its record")
    }
    try demand(record.outcome != .failed || record.failure != nil, "a failure without a cause")
    try demand(record.priority < 8, "priority \(record.priority)")
  }

  private func checkTable() throws(Rehearsal.Violation) {
    var table = PeerTable(configured: ["CT1", "ABSENT"])
    for record in records { table.add(record) }
    let own = records.filter { !$0.isSum && $0.address != nil }
    for title in table.absentTitles { table.addAbsent(title, earlier: nil) }
    let rows = table.sorted(by: .title)
    try demand(rows.count <= own.count + 2, "\(rows.count) rows of \(own.count) records")
    for (row, next) in zip(rows, rows.dropFirst()) {
      try demand(!(next.key < row.key), "\(next.key) after \(row.key)")
    }
    try demand(
      Self.sum(rows.map(\.echoes)) == Self.sum(own.map { $0.echoes ?? 0 }), "echoes are lost")
    for order in PeerTable.Order.allCases {
      let sorted = table.sorted(by: order)
      try demand(Set(sorted.map(\.key)) == Set(rows.map(\.key)), "rows are lost by \(order)")
    }
    try checkText { layout in
      PeersText(layout).lines(rows, of: table, journal: facts, period: "the last 24 h")
    }
    try checkText { layout in records.flatMap { WatchText(layout).lines(of: $0) } }
  }

  private func checkStory() throws(Rehearsal.Violation) {
    let name = records.compactMap(\.callingAE).first ?? "CT1"
    var story = PeerStory(of: name, by: clock)
    for record in records.dropLast() { story.add(record) }
    if let last = records.last { story.addEarlier(last) }
    for failure in records.compactMap(\.failure) { story.addFailure(failure) }
    try demand(story.hours.count == 24 && story.places.count <= 16, "a story without bounds")
    try demand(
      story.failures.count <= PeerStory.mostFailures, "\(story.failures.count) failures in full")
    try checkText { layout in
      StoryText(layout).lines(story, journal: facts, period: "the last 24 h", command: "journalctl")
    }
  }

  private func checkReport() throws(Rehearsal.Violation) {
    var report = ServiceReport(units: [], journal: facts)
    for record in records { report.add(record) }
    try demand(report.ownProblems.count <= 16 && report.causes.count <= 257, "too many problems")
    try demand(report.failures == Self.sum(report.causes.map(\.count)), "failures are lost")
    try checkText { layout in StatusText(layout).lines(report, period: "24 h") }
  }

  /// What the records tell of the journal.
  private var facts: JournalFacts {
    JournalFacts(
      source: .volatile, keptSince: records.map(\.time).min(),
      logLevel: records.compactMap(\.service.logLevel).last)
  }

  /// Checks a text: only colors control the terminal, they change nothing else, and its size is bounded.
  private func checkText(_ lines: (Layout) -> [String]) throws(Rehearsal.Violation) {
    let width = size % 2 == 0 ? 0 : 80
    let plain = lines(Layout(width: width, isColored: false, clock: clock))
    let colored = lines(Layout(width: width, isColored: true, clock: clock))
    for line in plain {
      try demand(Self.isHarmless(line), "a control character in \(line.debugDescription)")
    }
    try demand(colored.map(Self.withoutColors) == plain, "colors change more than colors")
    let length = plain.reduce(0) { $0 + $1.utf8.count }
    // The remedies of a failure are the longest text that does not come from the records, and in a table, the longest
    // cell of a column makes all rows longer.
    try demand(
      length <= 8192 * (records.count + 1) + (10 * records.count + 100) * size,
      "\(length) bytes about \(size)")
  }

  /// Returns `line` without the sequences that switch colors.
  public static func withoutColors(_ line: String) -> String {
    let parts = line.split(separator: "\u{1B}", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(into: "\(parts[0])") { $0 += $1.drop { $0 != "m" }.dropFirst() }
  }

  /// Checks that an explanation accounts for each byte, once and in order.
  public static func checkExplanation(
    _ evidence: String, cause: String
  ) throws(Rehearsal.Violation) {
    let digits = evidence.utf8.count / 2 * 2
    let isHexadecimal = evidence.utf8.prefix(digits).allSatisfy {
      Character(Unicode.Scalar($0)).isHexDigit
    }
    guard let explanation = RequestExplanation(evidence: evidence, cause: cause) else {
      try demand(digits == 0 || !isHexadecimal, "hexadecimal digits are not explained")
      return
    }
    var next = 0
    for part in explanation.parts {
      try demand(
        part.offset == next && !part.bytes.isEmpty, "a gap at \(next), before \(part.offset)")
      next += part.bytes.count
      try demand(part.depth <= 3 && part.text.utf8.count < 1000, "a part without bounds")
      try demand(part.fault?.isEmpty != true, "an empty fault")
    }
    try demand(
      explanation.parts.map(\.hexadecimal).joined() == evidence.prefix(digits).lowercased(),
      "other bytes are explained")
    for line in explanation.lines {
      try demand(isHarmless(line), "a control character in \(line.debugDescription)")
    }
  }

  /// Whether a terminal shows every character of `text`, in this order and on one line.
  private static func isHarmless(_ text: String) -> Bool {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return true }
    return Escaping.line(text) == text
  }

  private static func sum(_ numbers: [UInt64]) -> UInt64 {
    numbers.reduce(0) { sum, number in number > .max - sum ? .max : sum + number }
  }

  private func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) { try Self.demand(condition, what()) }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    if !condition { throw Rehearsal.Violation(description: what()) }
  }
}
