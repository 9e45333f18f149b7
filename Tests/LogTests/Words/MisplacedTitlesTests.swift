// fo-dicom#1323: an AE title of 17 characters, sent whole, puts everything behind it one byte off.
import TestKit
import Testing
import UpperLayer

@testable import Log

/// AE titles that are not of 16 bytes each.
@Suite struct MisplacedTitlesTests {
  private static func body(_ called: String, _ calling: String) -> [UInt8] {
    let body = Array(Wire.associateRequest().dropFirst(6))
    return body[..<4] + Array((called + calling).utf8) + body[36...]
  }

  private static func padded(_ title: String) -> String {
    title + String(repeating: " ", count: 16 - title.utf8.count)
  }

  private static func found(_ body: [UInt8]) -> MisplacedTitles? {
    RefusedPDU(body.span, .brokenRequest(length: UInt32(body.count))).misplacedTitles
  }

  @Test(
    "What is too long is guessed, and what is not padded",
    arguments: [
      (body("ECHOSCP_HOSPITAL1", padded("CT1")), 33, "one of them seems to be too long"),
      (body(padded("ECHOSCP"), "CT1_OF_RADIOLOGY1"), 33, "the calling one seems to be too long"),
      (body(padded("ECHOSCP"), String(repeating: "X", count: 64)), 80, "the calling one seems"),
      (body("ECHOSCP", "CT1"), 10, "they are not padded with spaces"),
      (body("A", "B"), 2, "they are not padded with spaces"),
    ])
  func text(body: [UInt8], size: Int, words: String) throws {
    let found = try #require(Self.found(body))
    #expect(found.size == size)
    #expect(found.text.contains("its AE titles take \(size) bytes instead of 32"))
    #expect(found.text.contains(words))
  }

  @Test("Nothing is guessed of a request whose titles are in their places, however it is broken")
  func right() {
    let right = Self.body(Self.padded("ECHOSCP"), Self.padded("CT1"))
    #expect(Self.found(right) == nil)
    for place in right.indices.dropFirst(68) {
      var wrong = right
      wrong[place] ^= 0xFF
      #expect(Self.found(wrong) == nil)
      #expect(Self.found(Array(right[..<place])) == nil)
    }
  }

  @Test("Any bytes of any length are taken")
  func anything() {
    var random = Random(seed: 5)
    for _ in 0..<2000 {
      var body = Self.body("ECHOSCP_HOSPITAL1", Self.padded("CT1"))
      for _ in 0..<random.next(below: 4) {
        body[random.next(below: body.count)] = UInt8(random.next(below: 256))
      }
      _ = Self.found(Array(body.prefix(random.next(below: body.count + 1))))
    }
  }

  @Test("It is told behind what is wrong")
  func sentence() {
    var record = Record(
      .aborting(
        .malformedPDU(.associateRequest, Malformed(item: 0x15, offset: 78, .reachesBeyond)), nil,
        .serviceUser, .awaitingRequest), about: modality)
    let body = Self.body("ECHOSCP_HOSPITAL1", Self.padded("CT1"))
    record.refused = RefusedPDU(body.span, .brokenRequest(length: UInt32(body.count)))
    #expect(
      record.sentence.hasSuffix(
        "item 15H at byte 78 is longer than what encloses it; its AE titles take 33 bytes instead of 32 "
          + "(\"ECHOSCP_HOSPITAL1CT1             \"): one of them seems to be too long; set AE titles of at "
          + "most 16 characters on the device"))
  }
}
