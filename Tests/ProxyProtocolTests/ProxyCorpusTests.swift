import FoundationEssentials
import TestKit
import Testing

/// Checks the invariants of ``ProxyRehearsal`` for the inputs of the fuzz target, unchanged and with some bytes
/// changed, and for the headers of the other tests.
@Suite struct ProxyCorpusTests {
  private static let corpus = "\(#filePath)".replacing(
    "ProxyProtocolTests/ProxyCorpusTests.swift", with: "Fuzz/Corpus/FuzzProxyHeaders")

  private static func inputs() throws -> [(name: String, bytes: [UInt8])] {
    let samples = Sample.all.enumerated().map { (name: "sample \($0)", bytes: $1) }
    return try FileManager.default.contentsOfDirectory(atPath: corpus).sorted().map { name in
      (name, [UInt8](try Data(contentsOf: URL(filePath: "\(corpus)/\(name)"))))
    } + samples
  }

  @Test func theCorpusIsRehearsed() throws {
    let inputs = try Self.inputs()
    #expect(inputs.count >= 50)
    for (name, bytes) in inputs { Self.rehearse(bytes, name) }
  }

  @Test func theChangedCorpusIsRehearsed() throws {
    var random = Random(seed: 7)
    let text = Array(" .:0123456789abcF\r\n".utf8)
    for (name, bytes) in try Self.inputs() where bytes.count > 2 {
      for _ in 0..<100 {
        var changed = bytes
        for _ in 0...random.next(below: 3) {
          let index = random.next(below: changed.count)
          let byte =
            random.next(below: 2) == 0
            ? text[random.next(below: text.count)] : UInt8(random.next(below: 256))
          switch random.next(below: 4) {
          case 0: changed.insert(byte, at: index)
          case 1 where changed.count > 1: changed.remove(at: index)
          default: changed[index] = byte
          }
        }
        Self.rehearse(changed, "\(name), changed to \(changed)")
      }
    }
  }

  private static func rehearse(_ bytes: [UInt8], _ name: String) {
    do throws(Rehearsal.Violation) {
      try ProxyRehearsal.check(bytes)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }
}
