import Requestor

/// PS3.8 Table 9-10 as the requestor of `--probe` implements it: every event, tried in every state.
enum RequestorTable {
  /// The states in which the requestor waits, with an association or for one.
  static let columns: [EchoSCU.State] = [
    .awaitingAccept, .awaitingEcho, .awaitingRelease, .awaitingReleaseInCollision,
  ]

  /// The table and its footnotes.
  static var text: String {
    var notes: [String] = []
    var rows = ""
    for row in RequestorRow.all {
      let cells = columns.map { cell(row, in: $0, &notes) }
      rows += "| \(row.event) | \(cells.joined(separator: " | ")) |\n"
    }
    let names = columns.map(RequestorCell.name).joined(separator: " | ")
    return "| event | \(names) |\n|---|---|---|---|---|\n\(rows)\n\(notes.joined())"
  }

  private static func cell(
    _ row: RequestorRow, in state: EchoSCU.State, _ notes: inout [String]
  ) -> String {
    guard let plain = RequestorCell(row.samples[0].kind, in: state) else { return "in no table" }
    var text = plain.text
    for sample in row.samples.dropFirst() where sample.states.contains(state) {
      guard let cell = RequestorCell(sample.kind, in: state), cell != plain else { continue }
      let what = "\(row.event), \(sample.name), in \(RequestorCell.name(state)): \(cell.text)"
      notes.append("\(notes.count + 1). \(what).\n")
      text += " [\(notes.count)]"
    }
    return text
  }
}
