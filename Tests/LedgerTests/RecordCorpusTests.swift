import FoundationEssentials
import TestKit
import Testing

@testable import Ledger
@testable import Log
@testable import LogTests

/// Checks the invariants of ``RecordRehearsal`` for the inputs of the fuzz target, unchanged and with some bytes
/// changed.
///
/// `ECHOSCPD_SEEDS=FOLDER swift test --disable-xctest --filter RecordCorpusTests` writes the examples of records as
/// fuzzer inputs; `.build-fuzz/release/FuzzRecords -merge=1` with the corpus, then that folder, keeps the useful ones.
@Suite struct RecordCorpusTests {
  private static let corpus = "\(#filePath)".replacing(
    "LedgerTests/RecordCorpusTests.swift", with: "Fuzz/Corpus/FuzzRecords")

  private static func inputs() throws -> [(name: String, bytes: [UInt8])] {
    try FileManager.default.contentsOfDirectory(atPath: corpus).sorted().map { name in
      (name, [UInt8](try Data(contentsOf: URL(filePath: "\(corpus)/\(name)"))))
    }
  }

  /// An input for each kind of record.
  private static let examples: [(name: String, bytes: [UInt8])] = CatalogID.allCases.map { id in
    let records = EventExamples.examples(of: id).prefix(3).enumerated().map { index, example in
      RecordRehearsal.input(
        ageInSteps: UInt8(9 - index), example.fields.map { "\($0.name)=\($0.value)" })
    }
    return ("\(id)", records.flatMap { $0 })
  }

  @Test func theCorpusIsRehearsed() throws {
    let inputs = try Self.inputs()
    #expect(inputs.count >= 10)
    for (name, bytes) in inputs { Self.rehearse(bytes, name) }
  }

  @Test func theChangedCorpusIsRehearsed() throws {
    var random = Random(seed: 4)
    for (name, bytes) in try Self.inputs() where bytes.count < 4000 {
      for _ in 0..<4 {
        var changed = bytes
        for _ in 0...random.next(below: 4) {
          let index = random.next(below: changed.count)
          changed[index] = UInt8(random.next(below: random.next(below: 2) == 0 ? 32 : 256))
        }
        Self.rehearse(changed, name)
      }
    }
  }

  @Test func theExamplesAreRehearsed() throws {
    for (name, bytes) in Self.examples {
      Self.rehearse(bytes, name)
      if let folder = ProcessInfo.processInfo.environment["ECHOSCPD_SEEDS"] {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
      }
    }
  }

  private static func rehearse(_ bytes: [UInt8], _ name: String) {
    do throws(Rehearsal.Violation) {
      try RecordRehearsal.check(bytes)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }
}
