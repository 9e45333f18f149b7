import TestKit
import Testing
import UpperLayer
import Verification

@testable import Log

/// No byte that a peer sends, in whichever field of a PDU, controls a terminal, the direction of writing or the
/// lines of a log.
@Suite struct EscapingTests {
  @Test(
    "Plain text stays as it is, and every other byte is shown as a number",
    arguments: [
      ("", "", ""), ("abc ~", "abc ~", "abc ~"), ("a\\b", "a\\x5cb", "a\\x5cb"),
      ("a\nb", "a\\x0ab", "a\\x0ab"), ("\u{1B}[2J", "\\x1b[2J", "\\x1b[2J"),
      ("\u{7F}\0", "\\x7f\\x00", "\\x7f\\x00"), ("é", "\\xc3\\xa9", "é"),
      ("日本", "\\xe6\\x97\\xa5\\xe6\\x9c\\xac", "日本"), ("\u{9B}", "\\xc2\\x9b", "\\xc2\\x9b"),
      ("é\n", "\\xc3\\xa9\\x0a", "\\xc3\\xa9\\x0a"),
      ("a\u{202E}b", "a\\xe2\\x80\\xaeb", "a\\xe2\\x80\\xaeb"),
      ("\u{2028}", "\\xe2\\x80\\xa8", "\\xe2\\x80\\xa8"),
      ("\u{FEFF}", "\\xef\\xbb\\xbf", "\\xef\\xbb\\xbf"),
    ])
  func forms(text: String, ascii: String, utf8: String) {
    let bytes = Array(text.utf8)
    #expect(Escaping.ascii(bytes.span) == ascii)
    #expect(Escaping.utf8(bytes.span) == utf8)
  }

  @Test(
    "Invalid UTF-8 is shown byte by byte",
    arguments: [
      ([0xE9], "\\xe9"), ([0x41, 0xC0, 0x80], "A\\xc0\\x80"),
      ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
      ([0xC3, 0xA9, 0xFF], "\\xc3\\xa9\\xff"), ([0xF5, 0x80, 0x80, 0x80], "\\xf5\\x80\\x80\\x80"),
    ] as [([UInt8], String)])
  func invalid(bytes: [UInt8], text: String) { #expect(Escaping.utf8(bytes.span) == text) }

  @Test("No control character gets through, and different texts stay different")
  func everyScalar() {
    var shown: Set<String> = []
    var count = 0
    for scalar in (0...0x10FFFF).compactMap({ Unicode.Scalar(UInt32($0)) }) {
      let category = scalar.properties.generalCategory
      let isHarmful =
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
      // Of the many harmless scalars, every thousandth is enough.
      guard isHarmful || scalar.isASCII || scalar.value % 1009 == 0 else { continue }
      let bytes = Array(String(scalar).utf8)
      let text = Escaping.utf8(bytes.span)
      #expect(text.utf8.allSatisfy { $0 < 0x80 } || !isHarmful, "\(scalar.value)")
      #expect(text.hasPrefix("\\x") == (isHarmful || scalar == "\\"), "\(scalar.value)")
      shown.insert(text)
      count += 1
    }
    #expect(shown.count == count)
  }

  /// Texts that each have a control character, or imitate an escape.
  static let nasty: [[UInt8]] = [
    Array("a\nI: b".utf8), Array("\u{1B}[31m".utf8), Array("a\r\rb".utf8), Array("\u{202E}ab".utf8),
    Array("\u{2066}\u{2069}".utf8), Array("a\u{2028}b".utf8), Array("\\x41\\".utf8),
    [0xFF, 0xFE, 0x41],
    [0xC3], [0, 1, 2], [0x7F, 0x80, 0x9B, 0x9F], Array("\u{9B}2J".utf8), Array("\u{200B}x".utf8),
  ]

  @Test("In whichever field of a request such text is, every line is plain text", arguments: nasty)
  func everywhere(text: [UInt8]) {
    let field = Association.field(text)
    let title = Array((text + [UInt8](repeating: 0x20, count: 16)).prefix(16))
    let context = Wire.item(0x30, text) + Wire.item(0x40, text)
    let user =
      Wire.item(0x51, Wire.be32(0)) + Wire.item(0x52, text) + Wire.item(0x55, text)
      + Wire.item(0x54, field + [1, 1]) + Wire.item(0x56, field + text)
      + Wire.item(0x57, field + field + Wire.be16(field.count) + field)
      + Association.userIdentity(1, text)
    let request = Wire.associateRequest(
      fixed: Wire.fixedFields(called: title, calling: title),
      contexts: Wire.context(1, Wire.verification, [Wire.implicitLittle])
        + Wire.context(3, subItems: context),
      user: Wire.item(0x50, user))
    let lines = Association.requestLines(request)
    let trimmed = Array(text.reversed().drop { $0 == 0 || $0 == 0x20 }.reversed())
    let uid = Association.escaped(trimmed)
    let bytes = Association.escaped(text)
    for line in [
      "Their Implementation Class UID:      \(uid)",
      "Their Implementation Version Name:   \(bytes)",
      "Calling Application Name:    \(Association.escaped(Array(title.prefix(trimmed.count))))",
      "Called Application Name:     \(Association.escaped(Array(title.prefix(trimmed.count))))",
      "    Abstract Syntax: =\(uid)", "      =\(uid)", "    Proposed SCP/SCU Role: SCP/SCU",
      "  SOP Class: =\(uid)", "    Service Class: =\(uid)", "  Username: [\(bytes)]",
    ] { #expect(lines.contains(line), "\(line)") }
    let all = lines + Association.acceptLines(request)
    #expect(all.contains("  Context ID:        3 (Rejected - Abstract Syntax Not Supported)"))
    for line in all { #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(line)") }
  }

  @Test("An application context name is shown as plain text, whatever bytes it has")
  func applicationContext() {
    for byte in UInt8.min ... .max {
      let request = Wire.associateRequest(application: Wire.item(0x10, [0x41, byte, 0x42]))
      let line = Association.requestLines(request).first { $0.hasPrefix("Application Context") }
      #expect(line == "Application Context Name:    \(Association.escaped([0x41, byte, 0x42]))")
      #expect(line?.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
    }
  }
}

/// Singular and plural.
@Suite struct CountedTests {
  @Test("One is singular, and zero is plural")
  func text() {
    #expect(Counted.text(1, "byte") == "1 byte")
    #expect(Counted.text(0, "byte") == "0 bytes")
    #expect(Counted.text(2, "byte") == "2 bytes")
    #expect(Counted.text(1 as UInt8, "echo", "echoes") == "1 echo")
    #expect(Counted.text(UInt64.max, "echo", "echoes") == "18446744073709551615 echoes")
  }

  /// Every event with a count, which is 1 here.
  static let events: [Event] =
    [
      .stopped(associations: 1, echoes: 1), .recordsDropped(1, .journalSlow),
      .connectionsEvicted(1, .pending(1)), .connectionRefused(.connectionRate(1), isFirst: true),
      .associationAccepted(outcome(accepted: 1)), .noUsableContext(outcome(abstract: 1)),
      .noUsableContext(outcome(abstract: 1, transfer: 1)), .requestRefusedMemory(held: 1),
      .receiverStalled(.tooMany(1)), .receiverStalled(.tooManyOfAddress(1)),
      .requestIncomplete(progress(1, of: 0)), .requestTimedOut(progress(1, of: 0)),
      .associationReleased([], .echoed, by: acceptor),
      .aborting(.pduTooLong(.dataTransfer, length: 1, limit: 1), nil, .serviceUser, .established),
      .aborting(.commandTooLong(1), nil, .serviceUser, .established),
      .aborting(.largestPartialPDU(1), nil, .serviceUser, .established),
      .aborting(.madeRoom(associations: 1, ofAddress: 1), nil, .serviceUser, .established),
      .aborting(.maximumLengthTooSmall(1), nil, .serviceUser, .established),
      .aborting(.idleAssociation(milliseconds: 1000), nil, .serviceUser, .established),
    ]
    + [
      CommandFault.elementLength(0x0110, length: 1, expected: 2, offset: 1),
      .elementTooLong(0x0110, length: 1, left: 0, offset: 1), .endsInHeader(left: 1, offset: 1),
    ].map { .aborting(.refusedByServiceUser, $0, .serviceUser, .established) }

  @Test("No sentence has 1 with a plural", arguments: events)
  func one(event: Event) {
    var subject = modality
    subject.echoes = 1
    subject.refusedContexts = 1
    subject.notes = .groupLengthWrong
    subject.groupLength = GroupLength(stated: nil, counted: 1)
    var record = Record(event, about: subject)
    record.time = 1
    var remark = Remark()
    remark.repetitions = 1
    remark.seconds = 1
    for text in [Sentence.text(of: record), AssociationSummary.text(of: record)] {
      let all = text + remark.text(for: record)
      #expect(all.firstMatch(of: Self.wrong) == nil, "\(all)")
    }
  }

  /// "1 bytes", "1 presentation contexts", "1 records were".
  private static var wrong: Regex<(Substring, Substring?)> {
    #/\b1 (log |presentation |partial )?(?:bytes|echoes|others|times|contexts|connections|associations|records|segments|requests|elements|lines|seconds)\b/#
  }
}
