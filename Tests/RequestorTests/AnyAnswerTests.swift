import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// Whatever a peer answers, the association of the requestor ends.
@Suite struct AnyAnswerTests {
  private static let answers = [
    Wire.associateAccept(), Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 1))),
    Wire.releaseReply,
  ]

  /// Right answers with some bytes changed, removed or inserted.
  private static func changed(_ random: inout Random) -> [UInt8] {
    var bytes = answers.prefix(1 + random.next(below: answers.count)).flatMap { $0 }
    for _ in 0..<random.next(below: 4) where !bytes.isEmpty {
      let index = random.next(below: bytes.count)
      let byte = UInt8(random.next(below: 256))
      switch random.next(below: 4) {
      case 0: bytes.remove(at: index)
      case 1: bytes.insert(byte, at: index)
      case 2: bytes.removeLast(random.next(below: bytes.count))
      default: bytes[index] = byte
      }
    }
    return bytes
  }

  @Test(
    "Changed answers in pieces of any size cause at most one failure, and the requestor ends",
    arguments: 0..<8)
  func changedAnswers(seed: UInt64) {
    var random = Random(seed: seed)
    for _ in 0..<2_000 {
      var scu = EchoSCU(.implicit)
      var rest = Self.changed(&random)[...]
      var failures = 0
      var events = 0
      while !rest.isEmpty {
        let piece = Array(rest.prefix(1 + random.next(below: 200)))
        rest = rest.dropFirst(piece.count)
        for event in scu.receive(piece.span) {
          events += 1
          if case .failed = event { failures += 1 }
        }
      }
      if let event = scu.end() {
        guard case .failed = event else {
          Issue.record("\(event)")
          continue
        }
        failures += 1
      }
      #expect(scu.state == .closed && failures <= 1 && events <= 3)
      #expect(scu.end() == nil)
    }
  }

  @Test("After the end the requestor ignores all input")
  func afterTheEnd() {
    var scu = EchoSCU(.implicit)
    #expect(scu.receive(Wire.abort(0, 0).span) == [.failed(.aborted(.serviceUser))])
    for answer in Self.answers { #expect(scu.receive(answer.span).isEmpty) }
    #expect(scu.state == .closed && scu.takeOutput().isEmpty)
  }
}
