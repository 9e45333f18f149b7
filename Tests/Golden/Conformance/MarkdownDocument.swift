/// A document in Markdown with numbered sections and tables, which makes its own table of contents.
struct MarkdownDocument {
  /// How long a line of prose may be.
  private static let width = 100
  /// What the table of contents takes the place of.
  private static let contentsMark = "\u{0}contents\n"

  /// The number and the title of each section, in their order.
  private(set) var headings: [(number: String, title: String)] = []
  private var body: String
  /// How many tables the chapter has.
  private var tables = 0

  /// A document with this title.
  init(_ title: String) { body = "# \(title)\n" }

  /// The whole of it.
  var text: String {
    let contents = headings.map { heading in
      let indent = String(repeating: "  ", count: Self.depth(of: heading.number) - 1)
      let title = Self.text(of: heading)
      return "\(indent)- [\(title)](#\(Self.anchor(of: title)))\n"
    }
    return body.replacing(Self.contentsMark, with: contents.joined())
  }

  /// Begins the section `number`, as 7.1 or A.
  mutating func section(_ number: String, _ title: String) {
    let depth = Self.depth(of: number)
    if depth == 1 { tables = 0 }
    headings.append((number, title))
    body += "\n\(String(repeating: "#", count: depth + 1)) \(Self.text(of: (number, title)))\n"
  }

  /// Appends the table of contents, of what comes later too.
  mutating func contents() { body += "\n\(Self.contentsMark)" }

  /// Appends a paragraph.
  mutating func paragraph(_ words: String) {
    body += "\n" + Paragraph.lines(of: words, width: Self.width).map { "\($0)\n" }.joined()
  }

  /// Appends a list.
  mutating func list(_ items: [String]) {
    body += "\n"
    for item in items {
      let lines = Paragraph.lines(of: item, width: Self.width - 2)
      body += "- \(lines.joined(separator: "\n  "))\n"
    }
  }

  /// Appends Markdown as it is.
  mutating func append(markdown: String) { body += "\n" + markdown }

  /// Appends a table with a number of its own.
  mutating func table(_ caption: String, _ header: [String], _ rows: [[String]]) {
    tables += 1
    let chapter = headings.last.map { $0.number.prefix { $0 != "." } } ?? ""
    body += "\n**Table \(chapter)-\(tables). \(caption)**\n\n"
    for cells in [header, header.map { _ in "---" }] + rows {
      let texts = cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }
      body += "| \(texts.joined(separator: " | ")) |\n"
    }
  }

  /// How deep a section is below the whole.
  private static func depth(of number: String) -> Int { number.split(separator: ".").count }

  /// How a section is called: an annex is said to be one.
  private static func text(of heading: (number: String, title: String)) -> String {
    let isAnnex = heading.number.first?.isLetter ?? false
    return "\(isAnnex ? "Annex " : "")\(heading.number) \(heading.title)"
  }

  /// The name by which a link finds a heading.
  private static func anchor(of title: String) -> String {
    String(
      title.lowercased().compactMap { character in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || character == "-" ? character : nil
      })
  }
}
