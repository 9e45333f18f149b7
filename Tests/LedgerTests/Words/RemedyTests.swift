import Log
import Testing

@testable import Ledger

/// What to do about a failure, with its facts filled in.
@Suite struct RemedyTests {
  private static func texts(_ remedy: Remedy) -> [String] {
    [remedy.subject, remedy.event, remedy.cause, remedy.onThisHost, remedy.onTheDevice ?? ""]
  }

  @Test("Each kind of failure has a remedy in which no field is left to fill in")
  func filled() throws {
    for id in CatalogID.allCases where id.cause != nil {
      let full = Samples.failed(id, "CT1", "192.0.2.7", "DICOM_REASON=A-ASSOCIATE-RJ 1/1/7")
      for record in [full, Samples.failed(id)] {
        let remedy = try #require(record.failure?.remedy)
        for text in Self.texts(remedy) {
          #expect(!text.contains("@") && !text.contains("\n") && !text.contains("  "), "\(text)")
        }
        #expect(!remedy.cause.isEmpty && !remedy.onThisHost.isEmpty)
        for step in remedy.steps {
          #expect(!step.text.isEmpty && ["on this host", "on the device"].contains(step.side))
        }
      }
    }
  }

  @Test("The facts of the record stand in the text, and words where it has none")
  func facts() throws {
    let known = try #require(Samples.failed(.calledAETitle, "CT1", "192.0.2.7").failure?.remedy)
    let all = Self.texts(known).joined(separator: "\n")
    #expect(all.contains("CT1") && all.contains("192.0.2.7") && all.contains("OTHER"))
    let unknown = try #require(Samples.failed(.calledAETitle).failure?.remedy)
    #expect(unknown.event.hasPrefix("the device at its address called this host"))
  }

  @Test("A title that looks like a field stays what it is")
  func titleLikeAField() throws {
    for title in ["@DICOM_REASON@", "A@B", "@", "@@"] {
      let record = Samples.failed(.calledAETitle, title, "192.0.2.7")
      let remedy = try #require(record.failure?.remedy)
      #expect(remedy.event.hasPrefix("\(title) at 192.0.2.7"), "\(remedy.event)")
    }
  }

  @Test("A side on which there is nothing to do has no step")
  func nothingToDo() throws {
    func sides(_ id: CatalogID) throws -> [String] {
      try #require(Samples.failed(id, "CT1", "192.0.2.7").failure?.remedy).steps.map(\.side)
    }
    #expect(try sides(.applicationContext) == ["on the device"])
    #expect(try sides(.calledAETitle) == ["on the device", "on this host"])
    #expect(try sides(.reloadFailed) == ["on this host"])
    // "Nothing to do if …" is a step for those to whom the condition does not apply.
    #expect(try sides(.plainOnTLSPort) == ["on the device", "on this host"])
    for id in CatalogID.allCases {
      for step in Remedy(of: id, for: try #require(Samples.failed(.silentPeer).failure)).steps {
        #expect(!["Nothing to do.", "Nothing to do;"].contains { step.text.hasPrefix($0) })
      }
    }
  }

  @Test("A failure of a kind that this version does not know has no remedy")
  func unknown() {
    let record = Samples.record([
      "PRIORITY=4", "ECHOSCP_CAUSE=new-cause", "DICOM_PEER_ADDRESS=192.0.2.7",
    ])
    #expect(record.failure?.cause == "new-cause" && record.failure?.remedy == nil)
  }
}
