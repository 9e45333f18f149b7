import FoundationEssentials
import Log
import TestKit
import Testing
import UpperLayer

@testable import Ledger

/// The explanation of refused bytes.
@Suite struct RequestExplanationTests {
  static func digits(_ bytes: [UInt8]) -> String { bytes.map(Escaping.hexadecimal).joined() }

  static func explanation(
    _ bytes: [UInt8], cause: String = "malformed-pdu"
  ) throws -> RequestExplanation {
    try #require(RequestExplanation(evidence: digits(bytes), cause: cause))
  }

  private static let corpus = "\(#filePath)".replacing(
    "LedgerTests/Request/RequestExplanationTests.swift", with: "Fuzz/Corpus")

  private static func inputs(_ folder: String) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(atPath: "\(corpus)/\(folder)").sorted().map {
      [UInt8](try Data(contentsOf: URL(filePath: "\(corpus)/\(folder)/\($0)")))
    }
  }

  /// The requests of the fuzzer's inputs, good and broken.
  private static func requests() throws -> [[UInt8]] {
    let pdus = try inputs("FuzzPDUs").filter { $0.first == 1 }.map {
      Wire.pdu(1, Array($0.dropFirst()))
    }
    let sent = try inputs("FuzzConversations").flatMap { input in
      Script(input.span).steps.compactMap { step -> [UInt8]? in
        if case .send(let bytes) = step, bytes.first == 1 { bytes } else { nil }
      }
    }
    return pdus + sent + [Wire.associateRequest()]
  }

  private static func check(_ evidence: String, _ cause: String = "malformed-pdu") {
    do throws(Rehearsal.Violation) {
      try RecordRehearsal.checkExplanation(evidence, cause: cause)
    } catch {
      Issue.record("\(evidence): \(error)")
    }
  }

  @Test("Of any request, good or broken, each byte is explained once and in order")
  func requests() throws {
    let requests = try Self.requests()
    #expect(requests.count > 50)
    for request in requests {
      Self.check(Self.digits(Array(request.prefix(RefusedPDU.longestRequest))))
      // As the service records it, with blanked bytes.
      let body = Array(request.dropFirst(6))
      let refused = RefusedPDU(body.span, .brokenRequest(length: UInt32(body.count)))
      Self.check(refused.text)
    }
  }

  @Test("Wherever a request is cut, each byte is explained")
  func cut() throws {
    let request = Wire.associateRequest()
    for length in 1...request.count {
      let part = Array(request.prefix(length))
      Self.check(Self.digits(part))
      // A part of a request is not faulty: what is missing had not arrived.
      let explanation = try Self.explanation(part)
      #expect(explanation.parts.allSatisfy { $0.fault == nil }, "\(length)")
      let isWhole = explanation.parts.last.map { !$0.text.hasSuffix("incomplete") }
      if isWhole == false { #expect(length < request.count) }
    }
  }

  @Test("Of any changed request, each byte is explained")
  func changed() throws {
    var mutator = PDUMutator(seed: 5)
    var random = Random(seed: 5)
    for number in 0..<1000 {
      var request = Wire.pdu(
        1, Array(mutator.mutate([1] + Wire.associateRequest().dropFirst(6)).dropFirst()))
      if number % 2 == 0 {
        request[6 + random.next(below: request.count - 6)] = UInt8(random.next(below: 256))
      }
      Self.check(Self.digits(request))
    }
  }

  @Test("Of a good request, every field has its name, and nothing is wrong")
  func goodRequest() throws {
    let explanation = try Self.explanation(Wire.associateRequest(), cause: "called-ae-title")
    #expect(explanation.title.hasPrefix("A-ASSOCIATE-RQ, "))
    let texts = explanation.parts.map(\.text)
    for text in [
      "PDU type: A-ASSOCIATE-RQ", "protocol version: 1, bit 0 is version 1",
      "Application Context Item, length 21", "Presentation Context Item, length 46",
      "presentation context ID 1", "Abstract Syntax Sub-Item, length 17",
      "1.2.840.10008.1.1, Verification SOP Class", "User Information Item, length 34",
      "Maximum Length Sub-Item, length 4", "16382 bytes",
    ] { #expect(texts.contains(text), "\(text): \(texts)") }
    #expect(texts.contains { $0.hasPrefix("called AE title \"") })
    #expect(explanation.parts.allSatisfy { $0.fault == nil })
    #expect(explanation.parts.map(\.depth).max() == 2)
  }

  /// A request in which a length is wrong.
  private static func request(_ items: [UInt8]) -> [UInt8] {
    Wire.pdu(1, Wire.associateRequest().dropFirst(6).prefix(68) + items)
  }

  @Test("A fault is marked at the item that has it")
  func faults() throws {
    let uid = Array("1.2.840.10008.1.1".utf8)
    let context = Wire.item(0x10, Array("1.2.840.10008.3.1.1.1".utf8))
    let table: [(items: [UInt8], offset: Int, words: String)] = [
      (Wire.item(0x10, uid, length: 100), 74, "longer than the item or PDU around it"),
      (context + Wire.item(0x20, [1, 0]), 99, "ends before"),
      (
        context + Wire.item(0x20, [1, 0, 0, 0] + Wire.item(0x30, uid, length: 30)), 107,
        "longer than the item or PDU around it"
      ),
      (context + Wire.item(0x50, Wire.item(0x51, [0, 0, 1])), 103, "item 51H"),
      (context + [0x20, 0, 1], 99, ""),
    ]
    for (items, offset, words) in table {
      let explanation = try Self.explanation(Self.request(items))
      let faulty = explanation.parts.filter { $0.fault != nil }
      #expect(faulty.map(\.offset) == [offset], "\(explanation.lines.joined(separator: "\n"))")
      #expect(faulty.first?.fault?.contains(words) == true, "\(faulty)")
      #expect(explanation.lines.contains { $0.contains("  <-- ") })
    }
    let short = try Self.explanation(Wire.pdu(1, [0, 1]))
    #expect(short.parts.first?.fault != nil && short.parts.filter { $0.fault != nil }.count == 1)
  }

  @Test("Bytes that the service left out are called so, and no fault is found in them")
  func blanked() throws {
    let user = Wire.item(
      0x50, Wire.item(0x51, [0, 0, 64, 0]) + Wire.item(0x58, [2, 1, 0, 6] + Array("S3CRET".utf8)))
    let request = Self.request(user)
    let body = Array(request.dropFirst(6))
    let refused = RefusedPDU(body.span, .request)
    let explanation = try Self.explanation(refused.evidence, cause: "called-ae-title")
    let last = try #require(explanation.parts.last)
    #expect(last.text == "not recorded" && last.bytes.allSatisfy { $0 == 0 })
    #expect(explanation.parts.allSatisfy { $0.fault == nil })
    let private1 = Self.request(Wire.item(0x99, Array("secret".utf8)) + user)
    let other = RefusedPDU(Array(private1.dropFirst(6)).span, .request)
    let unknown = try Self.explanation(other.evidence, cause: "called-ae-title")
    #expect(unknown.parts.last?.text.hasPrefix("not recorded: ") == true)
    #expect(unknown.parts.allSatisfy { $0.fault == nil })
  }

  @Test("In a request that is well-formed, no fault is found, whatever was left out of it")
  func wellFormed() throws {
    var mutator = PDUMutator(seed: 8)
    let bodies =
      try Self.requests().map { $0.dropFirst(6) }
      + (0..<3000).map { _ in mutator.mutate([1] + Wire.associateRequest().dropFirst(6)).dropFirst()
      }
    var count = 0
    for body in bodies.map({ Array($0) }) where body.count <= RefusedPDU.longestRequest - 6 {
      let isGood = (try? AssociateRequest(body.span).contextCount) != nil
      guard isGood else { continue }
      count += 1
      let refused = RefusedPDU(body.span, .brokenRequest(length: UInt32(body.count)))
      let explanation = try Self.explanation(refused.evidence, cause: "called-ae-title")
      #expect(
        explanation.parts.allSatisfy { $0.fault == nil },
        "\(explanation.lines.joined(separator: "\n"))")
    }
    #expect(count > 500)
  }

  @Test("Items that enclose themselves are not followed")
  func nested() throws {
    var items: [UInt8] = []
    while items.count < 8000 { items = Wire.item(0x50, items) }
    let explanation = try Self.explanation(Self.request(items))
    #expect((explanation.parts.map(\.depth).max() ?? 9) <= 2)
    Self.check(Self.digits(Self.request(items)))
    let contexts = Wire.item(0x20, [1, 0, 0, 0] + Wire.item(0x20, [3, 0, 0, 0] + items))
    Self.check(Self.digits(Self.request(contexts)))
  }

  @Test("Long values are quoted and shown in part")
  func longValues() throws {
    let items =
      Wire.item(0x10, [UInt8](repeating: 0x31, count: 5000))
      + Wire.item(0x50, Wire.item(0x55, [UInt8](repeating: 0x1B, count: 5000)))
    let explanation = try Self.explanation(Self.request(items))
    #expect(explanation.parts.allSatisfy { $0.text.utf8.count < 400 })
    #expect(explanation.lines.contains { $0.hasSuffix("… 4936 more bytes") })
    #expect(explanation.lines.allSatisfy { $0.utf8.count < 400 })
    Self.check(Self.digits(Self.request(items)))
  }

  @Test("Of any command set, each element is explained")
  func commands() throws {
    let corpus = try Self.inputs("FuzzCommands")
    let commands = corpus + [Wire.echoCommand(messageID: 7)]
    for command in commands {
      for length in 1...max(1, command.count) where !command.isEmpty {
        Self.check(Self.digits(Array(command.prefix(length))), "malformed-command")
      }
      let refused = RefusedPDU(command.span, .command)
      if !command.isEmpty { Self.check(refused.text, "malformed-command") }
    }
    let explanation = try Self.explanation(Wire.echoCommand(messageID: 7), cause: "not-an-echo")
    #expect(explanation.title == "command set, 68 bytes")
    let texts = explanation.parts.map(\.text)
    for text in [
      "Command Group Length (0000,0000), length 4", "56",
      "1.2.840.10008.1.1, Verification SOP Class",
      "C-ECHO-RQ (0030H)", "Message ID (0000,0110), length 2", "7", "0101H: no data set follows",
    ] { #expect(texts.contains(text), "\(text): \(texts)") }
    #expect(explanation.parts.allSatisfy { $0.fault == nil })
  }

  @Test("An element that is longer than the command set is marked, and other groups are named")
  func brokenCommands() throws {
    let long = Wire.element(0x0100, [0x30, 0]) + Wire.element(0x0110, [7, 0], length: 200)
    let explanation = try Self.explanation(long, cause: "malformed-command")
    #expect(explanation.parts.filter { $0.fault != nil }.map(\.offset) == [10])
    #expect(explanation.parts[2].fault == "reaches 198 bytes beyond what is recorded")
    let other = Wire.element(0x0010, Array("A".utf8) + [0], group: 8) + [0, 0, 1]
    let foreign = try Self.explanation(other, cause: "malformed-command")
    #expect(foreign.parts[0].text == "element (0008,0010), not of a command set, length 2")
    #expect(foreign.parts.last?.text == "the start of an element")
    let blank = try Self.explanation(
      Wire.element(0x0110, [7, 0]) + [UInt8](repeating: 0, count: 20), cause: "malformed-command")
    #expect(blank.parts.count == 3 && blank.parts[2].text.hasPrefix("not recorded: "))
  }

  @Test("Bytes of another protocol are quoted")
  func foreign() throws {
    for cause in ["http-on-dicom-port", "ssh-on-dicom-port", "not-dicom", "tls-on-plain-port"] {
      let explanation = try Self.explanation(Array("GET /\r\n\u{1B}\"".utf8), cause: cause)
      #expect(explanation.title == "the first bytes of what is not DICOM")
      #expect(explanation.parts.map(\.text) == ["\"GET /\\x0d\\x0a\\x1b\\x22\""])
    }
    // A client of DICOM at a port for TLS sends DICOM.
    let plain = try Self.explanation(
      Array(Wire.associateRequest().prefix(16)), cause: "plain-on-tls-port")
    #expect(plain.title.hasPrefix("A-ASSOCIATE-RQ"))
    Self.check(Self.digits([UInt8](repeating: 0x41, count: 16_384)), "not-dicom")
  }

  @Test("What is not hexadecimal, or empty, is not explained; half a byte at the end is left out")
  func notHexadecimal() throws {
    for evidence in ["", "0", "0g", "xx", "01 0", "\\x1b", "01é"] {
      #expect(RequestExplanation(evidence: evidence, cause: "malformed-pdu") == nil, "\(evidence)")
    }
    let odd = try #require(RequestExplanation(evidence: "01000", cause: "malformed-pdu"))
    #expect(odd.parts.flatMap(\.bytes) == [1, 0])
    let upper = try #require(RequestExplanation(evidence: "0A0b", cause: "not-dicom"))
    #expect(upper.parts.first?.hexadecimal == "0a0b")
  }
}
