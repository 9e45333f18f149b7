@testable import Log

/// echoscpd-journal(7): every record that the service may write to the journal, and how to ask for it.
///
/// What it says of an event is made from the code that writes it, its examples from the tables that
/// test that code, and the rest from the message catalogue: a new event is there by itself.
enum JournalManualPage {
  /// The whole page.
  static var text: String {
    var page = RoffPage(
      "echoscpd-journal", section: 7, of: "Miscellaneous Information Manual",
      from: "the tables of events, causes and recipes")
    page.section("NAME")
    page.fill("echoscpd-journal \\- what echoscpd writes to the journal, and how to ask for it")
    description(&page)
    recipes(&page)
    fields(&page)
    repetitions(&page)
    events(&page)
    notes(&page)
    page.section("SEE ALSO")
    page.fill(
      Roff.prose("echoscpd(8), echoscp.conf(5), journalctl(1), systemd.journal-fields(7)"))
    return page.text
  }

  private static func description(_ page: inout RoffPage) {
    page.section("DESCRIPTION")
    page.paragraph(
      """
      When a device gets no answer from echoscpd(8), the journal says why: who called, what went \
      wrong, and with `journalctl -x` what to change on this host and on the device. One record \
      tells of a whole association. Its facts are in fields, so that journalctl(1) can be asked for \
      a device, a cause or an association.
      """)
  }

  private static func recipes(_ page: inout RoffPage) {
    page.section("EXAMPLES")
    page.paragraph(
      """
      Type these as root, or as a member of the group systemd-journal. CT1 at 192.0.2.7 stands for \
      the device, 11112 for the port.
      """)
    for recipe in JournalRecipes.questions { show(recipe, on: &page) }
    page.subsection("When nothing of a device arrives")
    page.paragraph(
      "No record is a trace, too: its packets do not get here. Look at these, in this order.")
    for recipe in JournalRecipes.silence { show(recipe, on: &page) }
  }

  private static func show(_ recipe: JournalRecipe, on page: inout RoffPage) {
    page.paragraph(recipe.purpose)
    page.example(recipe.commands)
    if let reading = recipe.reading { page.paragraph(reading) }
  }

  private static func fields(_ page: inout RoffPage) {
    page.section("FIELDS")
    page.paragraph(
      """
      What a device sends is escaped: a byte that is no printable ASCII is written as \\xNN. A \
      field that has nothing to say is not there; of a list, each value is in a field of its own. \
      These names, types and records stay, whatever becomes of the words of a message. `journalctl \
      -o verbose` shows all of them.
      """)
    page.example(fieldTable)
    for field in JournalField.allCases {
      page.entry(Roff.bold(field.rawValue), ManualPage.meaning(of: field))
    }
  }

  /// Each field with how its value is to be read, and which records may have it.
  private static var fieldTable: String {
    let rows =
      [["field", "type", "records"]]
      + JournalField.allCases.map { [$0.rawValue, $0.kind.rawValue, $0.carriers.text] }
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return (cells + [row[2]]).joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static func repetitions(_ page: inout RoffPage) {
    page.section("HOW MUCH IS WRITTEN")
    page.paragraph(
      """
      No peer can fill the journal and push out the records of others. Whatever is left out is \
      counted: over the records of a cause, ECHOSCP_REPEATED, or 1 where it is not there, adds up to \
      the exact number.
      """)
    page.paragraph(
      """
      A failure that repeats is written once, and then once a minute by a record that ends with \
      "\(repetition)". Failures are the same that have one cause, one address (of IPv6, a network of 64 \
      bits) and one calling AE title; an address with more than 32 such kinds has its further titles \
      counted together. Of the successes of a device, ten a minute are written one by one, then their \
      sum. Of the connections of an address that end without a byte, the first is written, and then \
      their number once an hour.
      """)
    page.paragraph(
      """
      Beyond that, peers have a budget. Each KiB begun of a record takes a token. All together have \
      3,000 tokens and get back 6 a second, one address has 600 and gets back one a second. Devices \
      that have had an echo since the service started, and those of a [device] section, have another \
      1,000 and 2 a second that nobody else can use. What exceeds the budget is summed up once a \
      minute, by one record for each cause that has the number of addresses and the three largest of \
      them.
      """)
    page.paragraph(
      """
      The first failure of such a device always has a record of its own, whatever else happens, and so \
      has the next one after five minutes. The service knows 4,096 pairs of address and title, 256 of \
      one IPv4 address or IPv6 network of 48 bits.
      """)
    page.paragraph(
      """
      While the journal is slow or stopped, up to 8 MiB of records wait for it; where it is gone, they \
      wait for ten seconds. What is lost then is counted, and records-dropped says how much, and why. \
      At debug every step is written, nothing is folded, and the budget holds. With log-target = stderr \
      every record is written.
      """)
  }

  private static func events(_ page: inout RoffPage) {
    let withCause = Catalog.entries.filter { $0.id.cause != nil }
      .sorted { ($0.id.cause ?? "") < ($1.id.cause ?? "") }
    page.section("CAUSES")
    page.paragraph(
      """
      Each value of ECHOSCP_CAUSE, with what a record says, how grave it is, what it comes from and \
      what to do. `journalctl ECHOSCP_CAUSE=called-ae-title` has the records of one.
      """)
    for entry in withCause { show(entry, on: &page) }
    page.section("OTHER RECORDS")
    page.paragraph("What has no cause, since nothing went wrong, or not yet.")
    for entry in Catalog.entries where entry.id.cause == nil { show(entry, on: &page) }
  }

  /// How a record ends that stands for several.
  private static var repetition: String {
    let text = EventExample.repeated.text(for: Record(.healthCheck, about: nil))
    return String(text.drop { $0 == " " })
  }

  private static func show(_ entry: CatalogEntry, on page: inout RoffPage) {
    let examples = EventExamples.examples(of: entry.id)
    var parts = entry.parts.map { filled($0, examples) }[...]
    if let cause = entry.id.cause {
      page.entry(Roff.bold(cause), "\(entry.subject).")
    } else {
      page.entry(Roff.bold(entry.subject), parts.removeFirst())
    }
    page.indented { page in
      for example in examples {
        page.item("\(example.priority)", width: 10, Roff.literal(example.text))
      }
      for part in parts { page.paragraph(part) }
      page.paragraph("MESSAGE_ID=\(entry.id.number)")
      let names = fields(of: examples)
      if !names.isEmpty {
        page.lineBreak()
        page.fill("Fields: \(names.joined(separator: ", "))")
      }
    }
  }

  /// The fields that records like these may have beside those that every record has, in their order.
  private static func fields(of examples: [EventExample]) -> [String] {
    let names = Set(examples.flatMap { $0.fields.map(\.name) }).subtracting(common)
    return JournalField.allCases.map(\.rawValue).filter(names.contains)
  }

  /// The fields that every record has.
  private static let common = Set(
    JournalField.allCases.filter { $0.carriers == .every }.map(\.rawValue))

  /// `text` as journalctl(1) shows it, with the fields of an example.
  static func filled(_ text: String, _ examples: [EventExample]) -> String {
    text.replacing(/@([A-Z_]+)@/) { match in
      let values = examples.lazy.flatMap(\.fields).filter { $0.name == match.1 }.map(\.value)
      return values.first ?? String(match.0)
    }
  }

  private static func notes(_ page: inout RoffPage) {
    page.section("TOLERATED")
    page.paragraph(
      """
      Each value of ECHOSCP_NOTES: what was accepted here although the standard has it otherwise. \
      The association went well all the same; an archive that is stricter may refuse it. The \
      message lists them behind the word tolerated.
      """)
    for (name, meaning) in ManualPage.notes { page.entry(Roff.bold(name), meaning) }
  }
}
