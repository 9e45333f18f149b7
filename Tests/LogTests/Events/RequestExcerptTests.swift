import TestKit
import Testing
import UpperLayer

@testable import Log

/// The contents of a refused request in its record.
@Suite struct RequestExcerptTests {
  private static let storage = "1.2.840.10008.5.1.4.1.1.2"
  private static let privateClass = "1.2.826.0.1.3680043.9.9999.1"

  private static func excerpt(_ request: [UInt8]) throws -> RequestExcerpt {
    let body = Array(request.dropFirst(6))
    return RequestExcerpt(try AssociateRequest(body.span), pdus: nil)
  }

  private static func sentence(_ event: Event, _ request: [UInt8]) throws -> String {
    Record(event, about: modality, attachment: .request(try excerpt(request))).sentence
  }

  private static func proposing(_ contexts: (String, [String])...) -> [UInt8] {
    Wire.associateRequest(
      contexts: contexts.enumerated().flatMap { index, context in
        Wire.context(2 * index + 1, context.0, context.1)
      })
  }

  @Test("An application context name is stated as received, as is its absence")
  func applicationContext() throws {
    let event = Event.associationRejected(.applicationContext, by: acceptor)
    let expected = "expected 1.2.840.10008.3.1.1.1"
    let other = Wire.associateRequest(application: Wire.applicationContext("1.2.3\u{1B}"))
    #expect(
      try Self.sentence(event, other).hasSuffix(
        "rejected: application context name 1.2.3? not supported; \(expected)"))
    #expect(
      try Self.sentence(event, Wire.associateRequest(application: [])).hasSuffix(
        "rejected: no application context name; \(expected)"))
    let long = String(repeating: "1", count: 3000)
    let text = try Self.sentence(
      event, Wire.associateRequest(application: Wire.applicationContext(long)))
    #expect(text.contains(" \(long.prefix(63))… not supported") && text.utf8.count < 300)
  }

  @Test("The bits of a protocol version are stated", arguments: [0, 2, 0x8000, 0xFFFE])
  func protocolVersion(version: Int) throws {
    var request = Wire.associateRequest()
    request.replaceSubrange(6..<8, with: Wire.be16(version))
    #expect(
      try Self.sentence(.associationRejected(.protocolVersion, by: acceptor), request).hasSuffix(
        "rejected: protocol version \(hex(UInt16(version)))H not supported; expected version 1 (0001H)"
      ))
  }

  @Test("The first three transfer syntaxes are named, or given as UIDs, without repetition")
  func transferSyntaxes() throws {
    let event = Event.noUsableContext(outcome(transfer: 1))
    func text(_ syntaxes: String...) throws -> String {
      try Self.sentence(
        event, Self.proposing((Self.storage, ["9.9"]), (Wire.verification, syntaxes)))
    }
    let rest =
      ", but no transfer syntax that is accepted here; enable Implicit VR Little Endian "
      + "(1.2.840.10008.1.2) on the device"
    let begin = "MODALITY1 at 192.0.2.7:104: proposed Verification"
    #expect(try text("1.2.3.4") == "\(begin) with 1.2.3.4\(rest)")
    #expect(
      try text("1.2.840.10008.1.2.1", "1.2.3.4", "1.2.3.4")
        == "\(begin) with Explicit VR Little Endian, 1.2.3.4\(rest)")
    #expect(try text("1", "2", "3", "4", "5") == "\(begin) with 1, 2, 3 and 2 more\(rest)")
    #expect(
      try text() == "\(begin), but no transfer syntax that is known here; enable Implicit VR "
        + "Little Endian (1.2.840.10008.1.2) on the device")
  }

  @Test("The first three abstract syntaxes are named, or given as UIDs, without repetition")
  func abstractSyntaxes() throws {
    let one = try Self.sentence(
      .noUsableContext(outcome(abstract: 1)), Self.proposing((Self.privateClass, ["1.2"])))
    #expect(one.contains("proposed 1 presentation context, \(Self.privateClass), not Verification"))
    let three = try Self.sentence(
      .noUsableContext(outcome(abstract: 3)),
      Self.proposing((Self.storage, []), (Self.privateClass, []), (Self.storage, [])))
    #expect(
      three.contains(
        "3 presentation contexts, none of them Verification (CT Image Storage, \(Self.privateClass))"
      ))
  }

  @Test("However many names there are, only a few are kept, in bounded memory")
  func bounds() throws {
    let names = (0..<120).map { "1.2.\($0)" }
    let excerpt = try Self.excerpt(
      Wire.associateRequest(
        contexts: names.enumerated().flatMap { Wire.context(2 * $0.offset + 1, $0.element, names) }
          + Wire.context(255, Wire.verification, names)))
    #expect(excerpt.abstractSyntaxes.text == "1.2.0, 1.2.1, 1.2.2 and more than 13 more")
    #expect(excerpt.transferSyntaxes.text == "1.2.0, 1.2.1, 1.2.2 and more than 13 more")
    #expect(Attachment.request(excerpt).size == 33 * 32)
  }

  @Test("A private class refused beside Verification is named if there was no echo")
  func otherWishes() {
    var subject = modality
    subject.refusedContexts = 1
    subject.firstRefused = CompactUID(Array(Self.privateClass.utf8).span)
    #expect(subject.otherWishes.hasPrefix("; it also proposed \(Self.privateClass), which is"))
    subject.refusedContexts = 2
    #expect(
      subject.otherWishes.contains("2 presentation contexts that are refused here (first: 1.2.8"))
    subject.firstRefused = nil
    #expect(subject.otherWishes.contains("(first: one without an abstract syntax)"))
  }
}
