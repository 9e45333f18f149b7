import UpperLayer

/// PS3.8 Table 9-10 as the acceptor implements it: every event, tried in every state.
enum StateTable {
  /// The states in which an acceptor waits for an event.
  static let columns: [AcceptorState] = [.idle, .awaitingRequest, .established, .awaitingClose]

  private static var header: String {
    "| event | \(columns.map(Cell.name).joined(separator: " | ")) |\n|---|---|---|---|---|\n"
  }

  /// The table and its footnotes.
  static var text: String {
    var notes: [String] = []
    var rows = ""
    for row in Row.all {
      let cells = columns.map { cell(row, in: $0, &notes) }
      rows += "| \(row.event) | \(cells.joined(separator: " | ")) |\n"
    }
    return header + rows + "\n" + notes.joined()
  }

  private static func cell(_ row: Row, in state: AcceptorState, _ notes: inout [String]) -> String {
    guard let plain = Cell(row.samples[0], in: state) else { return "in no table" }
    var text = plain.text
    for sample in row.samples.dropFirst() where sample.states.contains(state) {
      guard let cell = Cell(sample, in: state), cell != plain else { continue }
      text += note("\(row.event), \(sample.name), in \(Cell.name(state)): \(cell.text)", sample.why)
    }
    if row.standard(in: state).isEmpty, !plain.text.isEmpty {
      text += note("\(row.event), in \(Cell.name(state)): not in the standard", row.samples[0].why)
    }
    return text

    func note(_ what: String, _ why: String) -> String {
      notes.append("\(notes.count + 1). \(what)\(why.isEmpty ? "" : " (\(why))").\n")
      return " [\(notes.count)]"
    }
  }
}
