import Testing
import UpperLayer

@testable import Log

/// AE titles in running text: whatever a peer chooses, a reader sees where the title begins and ends.
@Suite struct TitleTextTests {
  @Test(
    "A title is bare where it cannot be taken for anything else, and quoted elsewhere",
    arguments: [
      ("MODALITY1", "MODALITY1"), ("ct-1_a.b", "ct-1_a.b"),
      ("CT1 at 10.1.1.1", "\"CT1 at 10.1.1.1\""),
      ("A B", "\"A B\""), ("10.1.1.1:104", "\"10.1.1.1:104\""), ("CT1:", "\"CT1:\""),
      ("CT1,", "\"CT1,\""), ("A;B", "\"A;B\""), ("(CT1)", "\"(CT1)\""), ("CT1\n", "\"CT1\\x0a\""),
      ("\"CT1\"", "\"\\x22CT1\\x22\""), ("A\" at B", "\"A\\x22 at B\""), ("A\\B", "\"A\\x5cB\""),
      ("A\\x22B", "\"A\\x5cx22B\""), ("é", "\"\\xc3\\xa9\""), ("nobody", "\"nobody\""),
      ("Nobody", "\"Nobody\""), ("sixteen letters!", "\"sixteen letters!\""),
    ])
  func name(written: String, shown: String) { #expect(Self.title(written).name == shown) }

  @Test("A quoted title ends at its second quote, and two titles that differ are shown differently")
  func unambiguous() {
    var names: Set<String> = []
    for byte in UInt8.min ... .max {
      let title = Self.title([0x41, byte, 0x42])
      names.insert(title.name)
      #expect(title.quoted.utf8.count { $0 == 0x22 } == 2)
      #expect(title.quoted.hasPrefix("\"") && title.quoted.hasSuffix("\""))
      let isBare = title.name == title.text
      #expect(isBare == (title.name.wholeMatch(of: #/[A-Za-z0-9_.-]+/#) != nil))
    }
    #expect(names.count == 256)
  }

  @Test(
    "Every sentence that has a title quotes it", arguments: Catalogue.rows)
  func everySentence(row: Row) {
    var subject = modality
    subject.callingAETitle = Self.title("CT1 at 10.1.1.1")
    subject.calledAETitle = Self.title("A: released")
    let record = Record(Self.renamed(row.event), about: subject)
    for text in [Sentence.text(of: record), JournalSentence.text(of: record)] {
      // The section of the configuration has its own brackets.
      let text = text.replacing("[device CT1 at 10.1.1.1]", with: "")
      for title in ["CT1 at 10.1.1.1", "A: released", "E C H O"] {
        #expect(
          text.replacing("\"\(title)\"", with: "").contains(title) == false, "\(text)")
      }
    }
  }

  /// `event` of an acceptor with blanks in its title.
  private static func renamed(_ event: Event) -> Event {
    switch event {
    case .associationRejected(let rejection, _):
      .associationRejected(rejection, by: title("E C H O"))
    case .associationReleased(let notes, let stage, _):
      .associationReleased(notes, stage, by: title("E C H O"))
    default: event
    }
  }

  @Test("A title that came from elsewhere before is quoted, too")
  func remark() {
    var (subject, remark) = (modality, Remark())
    subject.callingAETitle = Self.title("CT1 at 10.1.1.1")
    remark.earlierAddress = modality.peer
    let record = Record(.associationReleased([], .echoed, by: acceptor), about: subject)
    #expect(remark.text(for: record) == "; before, \"CT1 at 10.1.1.1\" came from 192.0.2.7")
  }

  private static func title(_ text: String) -> AETitle { title(Array(text.utf8)) }

  private static func title(_ bytes: [UInt8]) -> AETitle {
    AETitle(field: Array((bytes + .init(repeating: 0x20, count: 16)).prefix(16)).span)
  }
}
