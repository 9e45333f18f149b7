import TestKit
import Testing

@testable import ConversationTests
@testable import Log
@testable import LogTests
@testable import Settings
@testable import SettingsTests

/// The parts of hand-written texts that are generated from code.
@Suite struct PartTests {
  /// A part of a file between two marks with its name.
  struct Part: Sendable, CustomTestStringConvertible {
    let file: String
    let name: String
    let text: @Sendable () throws -> String

    var testDescription: String { "\(name) of \(file)" }
  }

  private static let parts: [Part] =
    part(
      of: "packaging/man/echoscpd.8", [("options", { SettingsInManual.options })])
    + part(
      of: "packaging/man/echoscp.conf.5",
      [
        ("mistake", { SettingsInManual.mistake }), ("settings", { SettingsInManual.keys }),
        ("device", { SettingsInManual.deviceKeys }),
      ])
    + part(
      of: "packaging/man/echoscpd-journal.7",
      [
        ("fields", { RecordsInManual.fields }), ("repetition", { RecordsInManual.repetition }),
        ("causes", { try RecordsInManual.causes() }), ("others", { try RecordsInManual.others() }),
      ])
    + part(
      of: Conformance.file.path,
      [
        ("contents", { try ConformanceParts.contents() }),
        ("revisions", { try ConformanceParts.revisions() }),
        ("response", { ConformanceParts.response }), ("request", { ConformanceParts.request }),
        ("commands", { ConformanceParts.commands }),
        ("parameters", { ConformanceParts.parameters }), ("device", { ConformanceParts.device }),
        ("proposed", { ConformanceParts.proposed }),
        ("transfer-syntaxes", { ConformanceParts.transferSyntaxes }),
        ("acceptor", { StateTable.text }), ("initiator", { RequestorTable.text }),
      ])
    + part(
      of: "README.md",
      [
        ("troubles", { try TroubleTable.commonest() }), ("failures", { Samples.failures }),
        ("peers", { ReportSamples.peers }), ("watch", { ReportSamples.watch }),
      ])
    + part(of: "packaging/docs/dicom-tls.md", [("handshakes", { Samples.handshakes })])
    + part(of: "packaging/docs/asking-the-journal.md", [("record", { Samples.record })])
    + part(of: "packaging/haproxy/echoscpd.cfg", [("health-check", { Samples.healthCheck })])

  private static func part(
    of file: String, _ parts: [(String, @Sendable () throws -> String)]
  ) -> [Part] {
    parts.map { Part(file: file, name: $0.0, text: $0.1) }
  }

  @Test("A part agrees with the code", arguments: parts)
  func isUpToDate(part: Part) throws {
    try TextFile(part.file).expect(try part.text(), inPart: part.name)
  }

  @Test("The picture agrees with the program's output", arguments: [Picture.light, Picture.dark])
  func picture(colors: Picture.Colors) throws {
    try TextFile("packaging/docs/failed-echo-\(colors.name).svg").expect(
      try Picture.text(in: colors))
  }

  @Test("The marks in a file are those of its parts", arguments: Set(parts.map(\.file)))
  func everyMark(file: String) throws {
    let marks = try TextFile(file).content.matches(of: /([a-z-]+): make texts/).map { String($0.1) }
    #expect(marks.sorted() == Self.parts.filter { $0.file == file }.map(\.name).sorted())
  }
}
