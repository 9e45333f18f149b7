import Linux
import TestKit
import Testing
import UpperLayer

@testable import Log

/// What belongs to a record and is not of a fixed size: how it is shown, and what it costs.
@Suite struct AttachmentTests {
  private static let faults = [
    "/etc/echoscp.conf:3: port: \"70000\" is no port; a number from 1 to 65535",
    "/etc/echoscp.conf:4: ae_title: unknown key; ae-title is one",
  ]

  @Test("A refused reload is told with all that is wrong, a line each")
  func faults() {
    let record = Record(
      .reloadRefused, about: nil, attachment: .text(AttachedText(Self.faults)))
    let sentence = "reload refused: the configuration is wrong, and the one before goes on to hold"
    #expect(
      TerminalLines(level: .error).lines(of: record)
        == ([sentence] + Self.faults).map { "E: \($0)\n" }.joined())
    #expect(TerminalLines(level: .critical).lines(of: record).isEmpty)
  }

  @Test("Sockets that override the configuration are told with both, on one line")
  func sockets() {
    let text = AttachedText(["0.0.0.0:104", "[::]:11112"])
    let record = Record(.socketsOverride, about: nil, attachment: .text(text))
    #expect(
      TerminalLines(level: .warning).lines(of: record)
        == "W: port and bind-address do not count, since the sockets are passed by systemd: "
        + "0.0.0.0:104 is configured, [::]:11112 was passed; change them by "
        + "systemctl edit echoscpd.socket\n")
  }

  @Test("Who comes from elsewhere is told where it belongs, with its request at debug")
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

  @Test("What needs a restart is told by its name")
  func restart() {
    let text = AttachedText(["workers"])
    let record = Record(.restartNeeded, about: nil, attachment: .text(text))
    #expect(
      record.sentence
        == "workers is changed in the configuration; it takes effect after systemctl restart "
        + "echoscpd")
  }

  @Test("No line of text is more than one, and what is escaped already stays as it is")
  func oneLineEach() {
    let text = AttachedText(["a\nW: forged", "\u{1B}[31mred", "b\\x0a", "ü\u{202E}"])
    #expect(text.lines == ["a\\u{a}W: forged", "\\u{1b}[31mred", "b\\x0a", "ü\\u{202e}"])
  }

  @Test("It costs its bytes")
  func size() throws {
    #expect(Attachment.text(AttachedText(["four", "ü"])).size == 6)
    #expect(Attachment.text(AttachedText([])).size == 0)
  }
}

/// When a record was made.
@Suite struct RecordTimeTests {
  @Test("A record has the moment at which it was made, unless that was looked at already")
  func hasItsMoment() {
    let before = Instant.now.milliseconds
    let record = Record(.stopping, about: nil)
    #expect((before...Instant.now.milliseconds).contains(record.time))
    #expect(Record(.stopping, about: nil, at: 7).time == 7)
  }
}
