import Log

/// A row of the README's table for who stands in front of a device that gets no answer: what the device
/// shows, by which causes the journal knows it, and what to change.
struct Trouble: Sendable {
  /// What is seen on the device.
  let symptom: String
  /// What the records are filed under; each has a cause.
  let ids: [CatalogID]
  /// What to change, and where.
  let change: String

  init(_ symptom: String, _ ids: [CatalogID], _ change: String) {
    self.symptom = symptom
    self.ids = ids
    self.change = change
  }

  /// It as a row of a table in Markdown.
  var row: String {
    let causes = ids.compactMap(\.cause).map { "`\($0)`" }.joined(separator: ", ")
    return "| \(symptom) | \(causes) | \(change) |"
  }
}
