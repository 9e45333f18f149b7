import TestKit
import Testing
import UpperLayer

/// PS3.8 §9.3.3: an A-ASSOCIATE-AC is read as sent.
@Suite struct AssociateAcceptTests {
  private static let explicit = "1.2.840.10008.1.2.1"

  @Test("The result of the negotiation is read from the answer, context by context")
  func negotiation() throws {
    let contexts =
      Wire.context(5, Wire.verification, [Self.explicit])
      + Wire.context(1, Wire.verification, [Self.explicit, Wire.implicitLittle])
      + Wire.context(255, "1.2.840.10008.5.1.4.1.1.2", [Wire.implicitLittle])
      + Wire.context(3, Wire.verification, ["1.2.3"])
      + Wire.context(5, Wire.verification, [Wire.implicitLittle])
      + Wire.context(7, subItems: [])
    #expect(
      try Self.read(answer(to: Wire.associateRequest(contexts: contexts))) == [
        "5: 0 \(Self.explicit)", "1: 0 \(Wire.implicitLittle)", "255: 3 ", "3: 4 ", "7: 3 ",
        "maximum 16382",
      ])
  }

  @Test("The maximum length is the announced one", arguments: [0, 16, 16382, UInt32.max])
  func maximumLength(length: UInt32) throws {
    var peer = Peer(maximumLength: length)
    let answer = peer.send(Wire.associateRequest(contexts: []))
    #expect(try Self.read(answer) == ["maximum \(length)"])
  }

  @Test("The largest possible number of contexts is read")
  func manyContexts() throws {
    let contexts = (0...255).flatMap { Wire.context($0, Wire.verification, [Wire.implicitLittle]) }
    let read = try Self.read(answer(to: Wire.associateRequest(contexts: contexts)))
    #expect(
      read == (0...255).map { "\($0): 0 \(Wire.implicitLittle)" } + ["maximum 16382"])
  }

  @Test(
    "A body shorter than the fixed fields is not valid; one without items has no contexts")
  func tooShort() throws {
    let body = Array(Wire.associateAccept().dropFirst(6))
    for length in 0..<AssociateRequest.fixedSize {
      let isNone = AssociateAccept(body.span.extracting(first: length)) == nil
      #expect(isNone, "\(length)")
    }
    #expect(try Self.read(Array(Wire.associateAccept().prefix(74))) == ["maximum 0"])
  }

  @Test("An answer that is cut off is read as far as it goes, then reported as malformed")
  func cutOff() throws {
    let whole = Wire.associateAccept(
      results: Wire.contextResult(1, 0, Wire.implicitLittle) + Wire.contextResult(3, 3, "1.2"))
    let ends = Self.ends(whole)
    for length in 74..<whole.count {
      let body = Array(whole[6..<length])
      let (results, fault) = try #require(Self.results(body))
      let isWhole = ends.contains(length)
      #expect((fault == nil) == isWhole, "\(length)")
      let complete = ends.dropFirst(1).prefix(3).count { $0 <= length } - 1
      #expect(results.count == max(0, min(2, complete)), "\(length)")
    }
  }

  @Test(
    "The contents of a context that is not accepted are ignored",
    arguments: [[], [0x40], [0x40, 0, 0, 9], [0x40, 0, 0, 1, 0x31], [0x77, 0, 0, 0]], [1, 3, 255])
  func refusedContext(behind bytes: [UInt8], code: UInt8) throws {
    let body =
      Wire.fixedFields() + Wire.item(0x21, [1, 0, code, 0] + bytes)
      + Wire.contextResult(3, 0, Wire.implicitLittle)
    let (results, fault) = try #require(Self.results(body))
    #expect(results == ["1: \(code) ", "3: 0 \(Wire.implicitLittle)"] && fault == nil)
  }

  @Test(
    "A missing part of a context result is reported",
    arguments: [
      (Wire.item(0x21, []), Malformed(item: 0x21, offset: 74, .endsEarly)),
      (Wire.item(0x21, [1, 0, 0]), Malformed(item: 0x21, offset: 74, .endsEarly)),
      (Wire.item(0x21, [1, 0, 0, 0]), Malformed(item: 0x21, offset: 74, .endsEarly)),
      (Wire.item(0x21, [1, 0, 0, 0, 0x40]), Malformed(item: 0x40, offset: 82, .endsEarly)),
      (
        Wire.item(0x21, [1, 0, 0, 0, 0x40, 0, 0, 1]),
        Malformed(item: 0x40, offset: 82, .reachesBeyond)
      ),
      (Wire.item(0x21, [], length: 1), Malformed(item: 0x21, offset: 74, .reachesBeyond)),
    ])
  func malformedResult(item: [UInt8], expected: Malformed) throws {
    let body = Wire.fixedFields() + item
    let (results, fault) = try #require(Self.results(body))
    #expect(results == [])
    #expect(fault == expected)
  }

  @Test("A maximum length of the wrong size is reported; only the first one is read")
  func malformedMaximumLength() throws {
    let user = Wire.item(0x50, Wire.item(0x51, [0, 0, 1]))
    #expect(throws: Malformed(item: 0x51, offset: 78, .wrongLength)) {
      try Self.maximumLength(Wire.fixedFields() + user)
    }
    let two = [100, 200].flatMap { Wire.item(0x50, Wire.item(0x51, Wire.be32($0))) }
    #expect(try Self.maximumLength(Wire.fixedFields() + two) == 100)
  }

  @Test("Garbage causes neither a trap nor an endless loop")
  func garbage() throws {
    var random = Random(seed: 5)
    let good = Array(Wire.associateAccept().dropFirst(6))
    var faults = 0
    for round in 0..<20_000 {
      var body = good
      if round % 2 == 0 {
        body = (0..<69 + random.next(below: 100)).map { _ in UInt8(random.next(below: 256)) }
      }
      for _ in 0..<random.next(below: 4) {
        body[68 + random.next(below: body.count - 68)] =
          [0, 1, 0x21, 0x40, 0x50, 0x51, 0xFF][random.next(below: 7)]
      }
      let (results, fault) = try #require(Self.results(body))
      #expect(results.count <= (body.count - 68) / 8)
      if fault != nil || (try? Self.maximumLength(body)) == nil { faults += 1 }
    }
    #expect(faults > 5000)
  }

  /// The context results and the maximum length of an answer, as text.
  private static func read(_ pdu: [UInt8]) throws -> [String] {
    let body = Array(pdu.dropFirst(6))
    let (results, fault) = try #require(Self.results(body))
    #expect(fault == nil)
    return results + ["maximum \(try #require(try maximumLength(body)))"]
  }

  /// The context results of an answer up to the first fault, and that fault; `nil` if `body` is too
  /// short for an answer.
  private static func results(_ body: [UInt8]) -> (results: [String], fault: Malformed?)? {
    guard let accept = AssociateAccept(body.span) else { return nil }
    var found: [String] = []
    do throws(Malformed) {
      var results = accept.results
      while let result = try results.next() {
        found.append("\(result.id): \(result.code) \(text(result.transferSyntax))")
      }
      return (found, nil)
    } catch {
      return (found, error)
    }
  }

  private static func maximumLength(_ body: [UInt8]) throws(Malformed) -> UInt32? {
    guard let accept = AssociateAccept(body.span) else { return nil }
    return try accept.maximumLength
  }

  /// The offsets in `pdu` at which an item ends, and that of the first item.
  private static func ends(_ pdu: [UInt8]) -> [Int] {
    var ends = [74]
    for item in ItemOnWire.all(in: pdu[74...]) ?? [] {
      ends.append((ends.last ?? 0) + 4 + item.value.count)
    }
    return ends
  }
}
