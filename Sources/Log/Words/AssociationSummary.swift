import Linux
import TLS
import UpperLayer
import Verification

/// The first line of a journal record, which stands for a whole association: who called whom, what came of
/// it, and how it ended.
enum AssociationSummary {
  static func text(of record: Record, at now: WallTime? = nil) -> String {
    let now = record.timeOfDay(now)
    guard let subject = record.subject else { return Sentence.text(of: record, at: now) }
    if case .associationRejected(.calledAETitle, let aeTitle) = record.event {
      let called = subject.calledName.map { "called \($0)" } ?? "called a blank title"
      let difference = subject.calledAETitle.flatMap { TitleDifference.text($0, aeTitle) }
      return "\(subject.text) \(called), but this is \(aeTitle.name)"
        + (difference.map { " (\($0))" } ?? "")
        + ": association rejected (called AE title not recognized)"
        + OddTitles.text(of: record, subject)
    }
    let whoFrom = subject.implementation.product.map { "\(subject.text) (\($0))" } ?? subject.text
    let who = subject.calledName.map { "\(whoFrom) called \($0)" } ?? whoFrom
    let clause = Sentence.clause(of: record, who, at: now)
    guard let ending = clause.ending else {
      return clause.text(who) + OddTitles.text(of: record, subject)
    }
    let otherWishes = subject.echoes == 0 ? subject.otherWishes : ""
    let over = record.security?.versionText.map { " over \($0)" } ?? ""
    return "\(who): \(echoes(subject.echoes)) in \(duration(of: record))\(over), \(ending)"
      + otherWishes + warnings(of: record, subject) + OddTitles.text(of: record, subject)
      + certificate(of: record, at: now) + tolerated(record.notes, subject)
  }

  private static func echoes(_ count: UInt32) -> String {
    count == 0 ? "no C-ECHO-RQ" : Counted.text(count, "echo", "echoes")
  }

  /// The duration of the association, in seconds: `0.214 s`.
  private static func duration(of record: Record) -> String {
    let milliseconds = record.subject.map { record.time &- $0.began } ?? 0
    let decimals = String(milliseconds % 1000 + 1000).dropFirst()
    return "\(milliseconds / 1000).\(decimals) s"
  }

  /// A warning about AE titles that work here but will fail elsewhere, or an empty string.
  private static func warnings(of record: Record, _ subject: Subject) -> String {
    guard case .associationReleased(_, .echoed, let aeTitle) = record.event else { return "" }
    let (calling, called) = (subject.callingName ?? "nobody", subject.calledName ?? "nobody")
    if record.notes.contains(.aeTitlesSwapped) {
      return "; its AE titles are swapped: it calls itself \(calling), the title of this host, and "
        + "calls \(called)"
    }
    if isRefusedForTitle(record) {
      return "; a strict archive will refuse this device: it calls \(called), this is "
        + aeTitle.name
    }
    if record.notes.contains(.aeTitlesEqual) {
      return "; it calls itself \(calling) as well: give the device its own AE title"
    }
    return ""
  }

  /// Whether the warning about AE titles says that a strict archive will refuse the device.
  private static func isRefusedForTitle(_ record: Record) -> Bool {
    guard case .associationReleased(_, .echoed, _) = record.event else { return false }
    return record.notes.contains(.calledAETitleDiffers) && !record.notes.contains(.aeTitlesSwapped)
  }

  /// What a strict archive would have refused in the peer's certificate, or will soon; or an empty string.
  private static func certificate(of record: Record, at now: WallTime) -> String {
    guard let session = record.security else { return "" }
    let objection = CertificateText(chain: session.chain, now: now)
      .objection(session.faults, isFurther: isRefusedForTitle(record))
    guard objection.isEmpty, let certificate = session.certificate,
      let days = session.daysUntilExpiry(at: now)
    else { return objection }
    return "; its certificate \(certificate.name) expires "
      + (days == 0 ? "within a day" : "in \(Counted.text(days, "day"))")
  }

  /// The deviations that a stricter acceptor might have refused. Notes on what the standard allows appear
  /// only in the journal field.
  private static func tolerated(_ notes: Notes, _ subject: Subject) -> String {
    let told = notes.subtracting(.allowed)
    let names = Notes.all.filter { told.contains($0.note) }.map { note, name in
      note == .groupLengthWrong ? name + numbers(subject.groupLength) : name
    }
    return names.isEmpty ? "" : "; tolerated: \(names.joined(separator: ", "))"
  }

  /// The group length that was stated, and the one that was counted.
  private static func numbers(_ length: GroupLength?) -> String {
    guard let length else { return "" }
    let counted = "\(Counted.text(length.counted, "byte")) arrived"
    guard let stated = length.stated else { return " (there is none, \(counted))" }
    // A subject keeps the stated length in 16 bits.
    return stated < UInt16.max
      ? " (it says \(stated), \(counted))" : " (it says \(UInt16.max) or more, \(counted))"
  }
}
