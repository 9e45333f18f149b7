import FoundationEssentials
import Settings
import TLS
import TestKit
import Testing
import UpperLayer
import Verification

@testable import Log

/// The README and the guides in packaging/docs: everything that they name exists.
@Suite struct GuideTests {
  private static let guides =
    ["README.md"]
    + (TextFile.names(in: "packaging/docs").filter { $0.hasSuffix(".md") }
      .map { "packaging/docs/\($0)" })

  @Test("Each cause is in exactly one row of the troubleshooting tables, those of TLS in their own")
  func everyCause() throws {
    let (rows, rowsOfTLS) = (try TroubleTable.rows, try TroubleTable.rowsOfTLS)
    #expect(rows.allSatisfy { $0.count == 3 })
    #expect(rowsOfTLS.allSatisfy { $0.count == 4 && TroubleTable.causes(of: $0).count == 1 })
    let causes = CatalogID.allCases.compactMap(\.cause)
    #expect((rows + rowsOfTLS).flatMap(TroubleTable.causes).sorted() == causes.sorted())
    #expect(Set(rowsOfTLS.flatMap(TroubleTable.causes)) == TroubleTable.causesOfTLS)
  }

  @Test(
    "The query for devices that a strict archive would refuse names each note about certificates")
  func notesOfCertificates() throws {
    let guide = try TroubleTable.guideToTLS.content
    let named = guide.matches(of: /ECHOSCP_NOTES=(certificate-[a-z-]+)/).map { String($0.1) }
    let notes = Notes.all.map(\.name).filter { $0.hasPrefix("certificate-") }
    #expect(named.sorted() == notes.filter { $0 != "certificate-expires-soon" }.sorted())
  }

  @Test("The numbers in the guide to DICOM TLS are those of the program")
  func numbersOfTLS() throws {
    let words = try TroubleTable.guideToTLS.content.split { $0 == "\n" || $0 == " " }
      .joined(separator: " ")
    for claim in [
      "At most 2,000 associations", "at most \(Context.longestChain >> 10) KiB of certificates",
      "port \(ProbePlace.tlsPort)", "30, 7 and 1 days before",
    ] { #expect(words.contains(claim), "\(claim)") }
    #expect(Setting.named("max-tls-associations")?.defaultText == "2000")
    #expect(CertificateRemark.milestones == [30, 7, 1])
  }

  @Test("The settings, fields, causes and notes that a guide names exist", arguments: guides)
  func names(path: String) throws {
    let text = try TextFile(path).content
    let causes = CatalogID.allCases.compactMap(\.cause)
    let notes = Notes.all.map(\.name) + [Remark.newAddress]
    let words = Set(Setting.all.map(\.key) + causes + notes)
    for match in text.matches(of: /`([a-z]+(?:-[a-z0-9]+)+)(?: = [^`]*)?`/) {
      #expect(words.contains(String(match.1)), "\(match.1)")
    }
    let fields = Set(JournalField.allCases.map(\.rawValue))
    for field in text.matches(of: /\b(?:DICOM|ECHOSCP)_[A-Z_]+/) {
      #expect(fields.contains(String(field.0)), "\(field.0)")
    }
    for match in text.matches(of: /ECHOSCP_(NOTES|CAUSE)=([a-z][a-z0-9-]+)/) {
      #expect((match.1 == "NOTES" ? notes : causes).contains(String(match.2)), "\(match.2)")
    }
  }

  @Test(
    "The names of files and images in a guide have the version of the program", arguments: guides)
  func versions(path: String) throws {
    for match in try TextFile(path).content.matches(of: /\bechoscpd[_:-](\d+(?:\.\d+)+)/) {
      #expect(match.1 == Implementation.version, "\(match.0)")
    }
  }

  @Test("An example of a configuration is valid", arguments: guides)
  func configurations(path: String) throws {
    for match in try TextFile(path).content.matches(of: /\n```ini\n((?:[^`]|`[^`])*?)\n```/)
    where !match.1.hasPrefix("[Socket]") {
      var configuration = Configuration()
      configuration.read(ConfigurationFile(path: path, bytes: Array(match.1.utf8)))
      #expect(configuration.diagnostics.isEmpty, "\(configuration.diagnostics.map(\.text))")
    }
  }

  @Test("The defaults of the limits behind a balancer are those of the settings")
  func defaults() throws {
    let guide = try TextFile("packaging/docs/behind-nat-or-a-load-balancer.md").content
    let heading = try #require(guide.firstRange(of: "\n## Which limits to set\n"))
    let rows = Markdown.rows(in: guide[heading.upperBound...])
    #expect(rows.count == 4)
    for row in rows {
      let key = try #require(row[0].firstMatch(of: /`([a-z-]+)`/)).1
      let text = try #require(Setting.named(String(key))).defaultText
      #expect(row[1] == text || row[1].hasPrefix("\(text) "), "\(key)")
    }
    let timeout = try #require(Setting.named("network-timeout")).defaultText
    #expect(guide.contains("`network-timeout`\n(\(timeout) s by default)"))
  }

  @Test("The guides are found")
  func everyGuide() { #expect(Self.guides.count == 11, "\(Self.guides)") }

  @Test("The README has at most 250 lines")
  func length() throws { #expect(try TextFile("README.md").lines.count <= 251) }
}
