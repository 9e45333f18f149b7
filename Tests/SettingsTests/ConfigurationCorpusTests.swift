import FoundationEssentials
import Linux
import TestKit
import Testing

/// Rehearses the fuzzer's corpus: the inputs that it starts from, and those that it once found.
@Suite struct ConfigurationCorpusTests {
  static let corpus = "\(#filePath)".replacing(
    "SettingsTests/ConfigurationCorpusTests.swift", with: "Fuzz/Corpus/FuzzConfiguration")

  @Test func theCorpusIsRehearsed() throws {
    let inputs = try FileManager.default.contentsOfDirectory(atPath: Self.corpus)
    #expect(inputs.count >= 10)
    for input in inputs {
      let data = try Data(contentsOf: URL(filePath: "\(Self.corpus)/\(input)"))
      do throws(Rehearsal.Violation) {
        try ConfigurationRehearsal.check([UInt8](data))
      } catch {
        Issue.record("\(input): \(error)")
      }
    }
  }
}
