/// A question that the journal, or the host, answers, and what to type for it: it works as pasted,
/// which the system tests try with what the installed manual page prints.
struct JournalRecipe: Sendable {
  /// What is found out, as it stands in front of the commands.
  let purpose: String
  /// What is typed, without a prompt. It fits into a page of 80 columns.
  let commands: String
  /// How to read the answer, and what to do then; nothing where it is plain.
  let reading: String?

  init(_ purpose: String, _ commands: String, reading: String? = nil) {
    self.purpose = purpose
    self.commands = commands
    self.reading = reading
  }
}
