import Log

/// What the message catalogue says of one kind of record: what `journalctl -x` shows below it, for
/// who stands in front of a device that gets no answer.
struct CatalogEntry: Sendable {
  /// What the records are filed under.
  let id: CatalogID
  /// What has happened, in a few words.
  let subject: String
  /// The same in sentences.
  let what: String
  /// What it comes from.
  let cause: String
  /// What to do about it on this host.
  let here: String
  /// What to do about it on the device; nothing where no device is concerned.
  let there: String?

  init(
    _ id: CatalogID, _ subject: String, _ what: String, cause: String, here: String,
    there: String? = nil
  ) {
    self.id = id
    self.subject = subject
    self.what = what
    self.cause = cause
    self.here = here
    self.there = there
  }

  /// Its paragraphs.
  var parts: [String] {
    [what, "Cause: \(cause)", "On this host: \(here)"]
      + (there.map { ["On the device: \($0)"] } ?? [])
  }

  /// The entry in the format of journalctl(1): a name, a header, and the text behind an empty line.
  var text: String {
    var text = """
      -- \(id.number)
      Subject: \(subject)
      Defined-By: echoscpd
      Documentation: man:echoscpd-journal(7)


      """
    text += parts.map { part in
      Paragraph.lines(of: part, width: Self.width).map { "\($0)\n" }.joined()
    }.joined(separator: "\n")
    return text
  }

  /// How long a line may be: `journalctl -x` puts a mark in front of each.
  private static let width = 76
}
