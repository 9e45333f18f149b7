@testable import Log
@testable import LogTests

/// The parts of echoscpd-journal(7) that come from the program and the message catalog.
enum RecordsInManual {
  /// Each field with the type of its value and the records that may have it.
  static var fields: String {
    ([
      ".Bl -column \"DICOM_PEER_IMPLEMENTATION\" \"number\" -compact",
      ".It Em field Ta Em type Ta Em records",
    ]
      + JournalField.allCases.map { field in
        ".It \(field.rawValue) Ta \(field.kind.rawValue) Ta \(Mdoc.literal(field.carriers.text))"
      } + [".El"]).joined(separator: "\n")
  }

  /// Returns the list of causes, in alphabetical order.
  static func causes() throws -> String {
    let entries = try CatalogEntry.all.filter { $0.id.cause != nil }
    return list(entries.sorted { ($0.id.cause ?? "") < ($1.id.cause ?? "") })
  }

  /// Returns the list of records without a cause, in the order of the catalog.
  static func others() throws -> String {
    list(try CatalogEntry.all.filter { $0.id.cause == nil })
  }

  /// The end of a record that stands for several.
  static var repetition: String {
    let text = EventExample.repeated.text(for: Record(.healthCheck, about: nil))
    return ".Ql \(Mdoc.quotedIfNeeded(String(text.drop { $0 == " " }))) ."
  }

  private static func list(_ entries: [CatalogEntry]) -> String {
    ([".Bl -tag -width Ds"] + entries.flatMap(stanza) + [".El"]).joined(separator: "\n")
  }

  private static func stanza(_ entry: CatalogEntry) -> [String] {
    let examples = EventExamples.examples(of: entry.id)
    var lines: [String]
    if let cause = entry.id.cause {
      lines = [".It Cm \(cause)"] + Mdoc.prose("\(entry.subject).")
    } else {
      lines = [".It \(Mdoc.quotedIfNeeded(entry.subject))"]
    }
    lines.append(".Bl -tag -width critical -compact")
    for example in examples {
      lines += [".It \(example.priority)"] + Mdoc.literalLines(example.text)
    }
    lines.append(".El")
    let fields = examples.flatMap(\.fields)
    for paragraph in entry.paragraphs {
      lines +=
        [".Pp"]
        + Mdoc.prose(
          CatalogEntry.filled(paragraph, fields).replacing("echoscpd-journal(7)", with: "this page")
        )
    }
    let names = Self.fields(of: examples).joined(separator: ", ")
    lines += [".Pp", "MESSAGE_ID=\(entry.id.number)"]
    return names.isEmpty ? lines : lines + [".br"] + Mdoc.prose("Fields: \(names)")
  }

  /// Returns the fields that records like these may have besides those of every record, in order.
  private static func fields(of examples: [EventExample]) -> [String] {
    let names = Set(examples.flatMap { $0.fields.map(\.name) })
    return JournalField.allCases.filter { $0.carriers != .every }.map(\.rawValue)
      .filter(names.contains)
  }
}
