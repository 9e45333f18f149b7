import Linux
import TestKit
import Testing
import UpperLayer

@testable import Log

/// Data of a record that is not of a fixed size: its rendering, and its memory.
@Suite struct AttachmentTests {
  private static let faults = [
    "/etc/echoscp.conf:3: port: \"70000\" is not a port: expected 1 to 65535",
    "/etc/echoscp.conf:4: ae_title: unknown key; use ae-title",
  ]

  @Test("A refused reload lists each error on its own line")
  func faults() {
    let record = Record(
      .reloadRefused, about: nil, attachment: .text(AttachedText(Self.faults)))
    let sentence = "reload refused: the configuration has errors; the previous one stays in force"
    #expect(
      TerminalLines(level: .error).lines(of: record)
        == ([sentence] + Self.faults).map { "E: \($0)\n" }.joined())
    #expect(TerminalLines(level: .critical).lines(of: record).isEmpty)
  }

  @Test("A warning about passed sockets names them and the configured ones on one line")
  func sockets() {
    let text = AttachedText(["0.0.0.0:104", "[::]:11112"])
    let record = Record(.socketsOverride, about: nil, attachment: .text(text))
    #expect(
      TerminalLines(level: .warning).lines(of: record)
        == "W: port and bind-address are ignored, since systemd passes the sockets: "
        + "0.0.0.0:104 is configured, [::]:11112 was passed; change them with "
        + "systemctl edit echoscpd.socket\n")
  }

  @Test("A rejection for the wrong address names the right one, with the request at debug")
  func elsewhere() throws {
    let bytes = Array(Wire.associateRequest().dropFirst(6))
    let request = PDUCopies(try AssociateRequest(bytes.span))
    let text = AttachedText(AttachedText(["192.0.2.9, 2001:db8::/32"]), pdus: request)
    let record = Record(.associationFromElsewhere, about: modality, attachment: .text(text))
    #expect(
      record.sentence
        == "MODALITY1 at 192.0.2.7:104: association rejected: calling AE title \"MODALITY1\" is "
        + "bound to 192.0.2.9, 2001:db8::/32 by [device MODALITY1]")
    #expect(
      AssociationSummary.text(of: record).hasPrefix(
        "MODALITY1 at 192.0.2.7:104 called OTHER_SCP: association rejected: "))
    #expect(record.pdus === request)
    #expect(record.attachment?.size == 24 + bytes.count)
    let other = Attachment.text(AttachedText(AttachedText(["ab"]), pdus: nil))
    #expect(other.size == 2)
  }

  @Test("A setting that needs a restart is named")
  func restart() {
    let text = AttachedText(["workers"])
    let record = Record(.restartNeeded, about: nil, attachment: .text(text))
    #expect(
      record.sentence
        == "workers changed in the configuration; run systemctl restart echoscpd to apply the "
        + "change")
  }

  @Test("A line of text stays one line, and text that is already escaped is unchanged")
  func oneLineEach() {
    let text = AttachedText(["a\nW: forged", "\u{1B}[31mred", "b\\x0a", "ü\u{202E}"])
    #expect(text.lines == ["a\\u{a}W: forged", "\\u{1b}[31mred", "b\\x0a", "ü\\u{202e}"])
  }

  @Test("The size of an attachment is that of its bytes")
  func size() throws {
    #expect(Attachment.text(AttachedText(["four", "ü"])).size == 6)
    #expect(Attachment.text(AttachedText([])).size == 0)
  }
}

/// The time of a record.
@Suite struct RecordTimeTests {
  @Test("A record has the time at which it was made, unless it was given one")
  func hasItsMoment() {
    let before = Instant.now.milliseconds
    let record = Record(.stopping, about: nil)
    #expect((before...Instant.now.milliseconds).contains(record.time))
    #expect(Record(.stopping, about: nil, at: 7).time == 7)
  }
}
