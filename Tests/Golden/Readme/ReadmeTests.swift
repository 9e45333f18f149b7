import Log
import Settings
import Testing

/// What the README shares with the manual: it is made from the same tables. One test after the other,
/// since they write the same file.
@Suite(.serialized) struct ReadmeTests {
  @Test("The table of troubles is the one that was agreed on")
  func troubles() throws {
    try Golden.expect(TroubleTable.text, asPart: "troubles", of: "README.md")
  }

  @Test("Every cause has its place in the table, and only one")
  func everyCause() {
    let causes = TroubleTable.rows.flatMap(\.ids).compactMap(\.cause)
    #expect(causes.sorted() == CatalogID.allCases.compactMap(\.cause).sorted())
    for row in TroubleTable.rows { #expect(row.ids.allSatisfy { $0.cause != nil }) }
  }

  @Test("A setting that the table names is one")
  func settings() {
    let keys = Set(Setting.all.map(\.key))
    for row in TroubleTable.rows {
      for word in row.change.matches(of: /`((?:max|allow|deny|acse|dimse|network|log)-[a-z-]+)/) {
        #expect(keys.contains(String(word.1)), "\(word.1)")
      }
    }
  }

  @Test("The recipes are those of echoscpd-journal(7)")
  func recipes() throws {
    try Golden.expect(
      Self.text(of: JournalRecipes.questions), asPart: "recipes", of: "README.md")
    try Golden.expect(Self.text(of: JournalRecipes.silence), asPart: "silence", of: "README.md")
  }

  private static func text(of recipes: [JournalRecipe]) -> String {
    recipes.map { recipe in
      let reading = recipe.reading.map { "\n\n\(wrapped($0))" } ?? ""
      return "\(wrapped(recipe.purpose))\n\n```sh\n\(recipe.commands)\n```\(reading)"
    }.joined(separator: "\n\n")
  }

  private static func wrapped(_ text: String) -> String {
    Paragraph.lines(of: text, width: 100).joined(separator: "\n")
  }
}
