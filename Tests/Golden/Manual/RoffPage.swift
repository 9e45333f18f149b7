import Verification

/// A manual page in the macros of man(7), as it grows from its first line to its last. It carries
/// no date: the same table makes the same page.
struct RoffPage {
  /// The page so far.
  private(set) var text: String
  /// Whether its last line is a heading, which a paragraph follows without a request of its own.
  private var isBelowHeading = false

  /// A page with nothing but its title. Words are not broken, which groff's macros have a register
  /// for, and lines are not stretched, so that an option is found as it is written.
  init(
    _ title: String, section: Int, of manual: String, from tables: String = "the table of settings"
  ) {
    text = """
      .\\" Made from \(tables) by `UPDATE_GOLDEN=1 make unit`; not to be edited.
      .TH \(Roff.literal(title)) \(section) "" "echoscpd \(Implementation.version)" "\(manual)"
      .nh
      .nr HY 0
      .ad l

      """
  }

  /// Begins a section.
  mutating func section(_ heading: String) {
    add(".SH \(quoted(heading))")
    isBelowHeading = true
  }

  /// Begins a part of a section.
  mutating func subsection(_ heading: String) {
    add(".SS \(quoted(heading))")
    isBelowHeading = true
  }

  /// A paragraph of sentences.
  mutating func paragraph(_ prose: String) {
    if !isBelowHeading { add(".PP") }
    fill(Roff.prose(prose))
  }

  /// An entry of a list: what it is about, which is roff already, then sentences.
  mutating func entry(_ tag: String, _ prose: String) {
    add(".TP")
    add(Roff.guarded(tag))
    fill(Roff.prose(prose))
  }

  /// An entry of a list whose heads are as wide as `width`; both parts are roff already.
  mutating func item(_ tag: String, width: Int, _ roff: String) {
    add(".TP \(width)")
    add(Roff.guarded(tag))
    fill(roff)
  }

  /// What belongs to the entry before it, further to the right.
  mutating func indented(_ content: (inout RoffPage) -> Void) {
    add(".RS")
    content(&self)
    add(".RE")
  }

  /// Goes on in a new line.
  mutating func lineBreak() { add(".br") }

  /// A new line in the entry before it: what it is, and its value, which is roff already.
  mutating func line(_ name: String, _ value: String) {
    lineBreak()
    fill("\(name): \(value)")
  }

  /// Lines of roff that are filled as they are.
  mutating func fill(_ roff: String) { for line in Roff.lines(of: roff) { add(line) } }

  /// Lines that stay as they are, indented: what is typed and what is answered, or a file.
  mutating func example(_ lines: String) {
    add(".PP")
    add(".RS 4")
    add(".EX")
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) {
      add(Roff.guarded(Roff.literal(String(line))))
    }
    add(".EE")
    add(".RE")
  }

  private mutating func add(_ line: String) {
    text += "\(line)\n"
    isBelowHeading = false
  }

  private func quoted(_ heading: String) -> String {
    heading.contains(" ") ? "\"\(Roff.literal(heading))\"" : Roff.literal(heading)
  }
}
