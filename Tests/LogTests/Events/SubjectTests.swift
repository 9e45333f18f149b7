import Testing
import UpperLayer

@testable import Log

/// The peer that a record is about. An AE title is 16 bytes that the peer chooses, so everything in it that is
/// not plain text is escaped before it reaches a log.
@Suite struct SubjectTests {
  @Test(
    "A title is shown without its padding, and with unusual bytes escaped",
    arguments: [
      ("MODALITY1", "MODALITY1"), ("  MODALITY1  ", "MODALITY1"), ("A B", "A B"),
      ("MODALITY1\0\0", "MODALITY1"), ("A\0B", "A\\x00B"), ("A\\B", "A\\x5cB"),
      ("A\nB", "A\\x0aB"), ("\u{1B}[2J", "\\x1b[2J"), ("A\u{7F}", "A\\x7f"),
      ("sixteen letters!", "sixteen letters!"), ("\"quoted\"", "\"quoted\""), ("é", "\\xc3\\xa9"),
    ])
  func title(written: String, shown: String) {
    #expect(field(Array(written.utf8)).text == shown)
  }

  @Test("A title is shown in printable ASCII, whatever bytes it has")
  func everyByteIsEscaped() {
    for byte in UInt8.min ... .max {
      for title in [
        [0x41, byte, 0x42], [byte, 0x41], [0x41, byte], .init(repeating: byte, count: 16),
      ] {
        let text = field(title).text
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(byte)")
        let isPlain = (0x20...0x7E).contains(byte) && byte != 0x5C
        #expect(text.utf8.contains(0x5C) == !isPlain || isPadding(byte), "\(byte)")
      }
    }
  }

  @Test("Two titles that differ are shown differently")
  func escapingIsUnambiguous() {
    let texts = (UInt8.min ... .max).map { field([0x41, $0, 0x42]).text }
    #expect(Set(texts).count == 256)
    #expect(field(Array("A\\x00B".utf8)).text != field([0x41, 0, 0x42]).text)
  }

  @Test("No line of any event has a control character or a byte outside ASCII")
  func noControlCharacterReachesALine() {
    for byte in UInt8.min ... .max {
      var subject = modality
      subject.callingAETitle = field(.init(repeating: byte, count: 16))
      subject.calledAETitle = field([0x41, byte, 0x42])
      for row in EventTable.rows {
        let text = TerminalLines(level: .debug).lines(of: Record(row.event, about: subject))
        #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) }, "\(byte)")
        #expect(text.utf8.count { $0 == 0x0A } == row.lines.count, "\(byte)")
      }
    }
  }

  @Test("A peer is named by its address until it has sent its title")
  func peerWithoutATitle() {
    let peer = Subject(peer: modality.peer)
    #expect(peer.text == "192.0.2.7:104")
    #expect(modality.text == "MODALITY1 at 192.0.2.7:104")
    var blank = modality
    blank.callingAETitle = field([0x20, 0x20, 0, 0])
    #expect(blank.text == "192.0.2.7:104")
  }

  /// The title in a field of `bytes`, padded with spaces.
  private func field(_ bytes: [UInt8]) -> AETitle {
    let field = Array((bytes + .init(repeating: 0x20, count: 16)).prefix(16))
    return AETitle(field: field.span)
  }

  private func isPadding(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x20 }
}
