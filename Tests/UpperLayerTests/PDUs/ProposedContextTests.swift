import TestKit
import Testing

@testable import UpperLayer

/// PS3.8 §9.3.2.2: Presentation Context Items in a request.
struct ProposedContextTests {
  private static let abstract = Wire.item(0x30, Wire.bytes(Wire.verification))
  private static let implicit = Wire.item(0x40, Wire.bytes(Wire.implicitLittle))
  private static let explicit = Wire.item(0x40, Wire.bytes("1.2.840.10008.1.2.1"))
  private static let whole = abstract + implicit + explicit

  /// The item is cut off, with a correct length: it must have its four fixed bytes and then only
  /// whole sub-items.
  @Test(arguments: 0...(4 + whole.count)) func cutOffAnywhere(_ length: Int) {
    let value = [1, 0, 0, 0] + Self.whole
    let item = Wire.item(0x20, Array(value.prefix(length)))
    let ends = [4, 4 + Self.abstract.count, 4 + (Self.abstract + Self.implicit).count, value.count]
    let expected: Malformed? =
      if length < 4 {
        Malformed(item: 0x20, offset: 74, .endsEarly)
      } else if ends.contains(length) {
        nil
      } else {
        Self.cut(at: length, subItemAt: ends.last { $0 < length } ?? 4)
      }
    #expect(fault(in: Wire.pdu(1, Wire.fixedFields() + item)) == expected)
  }

  private static func cut(at length: Int, subItemAt start: Int) -> Malformed {
    Malformed(
      item: start == 4 ? 0x30 : 0x40, offset: 74 + 4 + start,
      length < start + 4 ? .endsEarly : .reachesBeyond)
  }

  @Test func everyContextOfARequestIsChecked() {
    let good = Wire.context(1, Wire.verification, [Wire.implicitLittle])
    let bad = Wire.context(3, subItems: Wire.item(0x40, [], length: 1))
    let request = Wire.associateRequest(contexts: good + good + bad)
    let offset = 74 + Wire.applicationContext().count + 2 * good.count + 8
    #expect(fault(in: request) == Malformed(item: 0x40, offset: offset, .reachesBeyond))
    #expect(answer(to: request) == Wire.abort(0, 0))
  }

  /// The contexts of a request are found at any place among other items.
  @Test func onlyContextsAreContexts() throws {
    let contexts =
      Wire.item(0x21, [7, 0, 0, 0]) + Wire.context(1, subItems: []) + Wire.item(0x1F, [])
      + Wire.context(2, subItems: Self.whole) + Wire.item(0x60, [])
    let body = Array(Wire.associateRequest(contexts: contexts).dropFirst(6))
    let request = try AssociateRequest(body.span)
    let count = request.contextCount
    var proposed = request.contexts
    var ids: [UInt8] = []
    while let context = try proposed.next() { ids.append(context.id) }
    #expect(count == 2)
    #expect(ids == [1, 2])
  }

  /// A proposal has the known transfer syntaxes, in whatever order they were proposed.
  @Test func whatAContextProposes() throws {
    let subItems =
      Self.explicit + Wire.item(0x40, Wire.bytes("1.2.3")) + Self.abstract + Self.explicit
      + Wire.item(0x40, Wire.bytes("1.2.840.10008.1.2.5"))
    let body = Array(
      Wire.associateRequest(contexts: Wire.context(1, subItems: subItems)).dropFirst(6))
    let request = try AssociateRequest(body.span)
    var contexts = request.contexts
    let proposal = try #require(try contexts.next()?.proposal())
    #expect(proposal.abstractSyntax == StandardUID(components: 0x0001_0001))
    var expected = TransferSyntaxSet()
    expected.insert(.explicitVRLittleEndian)
    expected.insert(.rleLossless)
    #expect(proposal.transferSyntaxes == expected)
  }

  /// Sub-items, and the names read from them: the first abstract syntax and every transfer syntax.
  static let names: [(subItems: [UInt8], abstractSyntax: String, transferSyntaxes: [String])] = [
    ([], "", []),
    (abstract, Wire.verification, []),
    (implicit, "", [Wire.implicitLittle]),
    (whole, Wire.verification, [Wire.implicitLittle, "1.2.840.10008.1.2.1"]),
    (
      explicit + abstract + implicit, Wire.verification,
      ["1.2.840.10008.1.2.1", Wire.implicitLittle]
    ),
    (implicit + implicit, "", [Wire.implicitLittle, Wire.implicitLittle]),
    (Wire.item(0x30, Wire.bytes("1.2\0")) + abstract, "1.2\0", []),
    (Wire.item(0x30, []) + abstract, "", []),
    (Wire.item(0x41, [1]) + abstract + Wire.item(0x40, []), Wire.verification, [""]),
    (Wire.item(0x40, Wire.bytes("x\n ")) + Wire.item(0x20, [1]), "", ["x\n "]),
  ]

  /// Names are read as sent, including padding and invalid characters.
  @Test(arguments: names)
  func theNamesOfAContext(_ subItems: [UInt8], _ abstract: String, _ transfer: [String]) throws {
    let contexts = Wire.context(1, subItems: subItems)
    let body = Array(Wire.associateRequest(contexts: contexts).dropFirst(6))
    var proposed = try AssociateRequest(body.span).contexts
    guard let context = try proposed.next() else {
      Issue.record("there is no context")
      return
    }
    let abstractSyntax = text(try context.abstractSyntax)
    var syntaxes = context.transferSyntaxes
    var found: [String] = []
    while let syntax = try syntaxes.next() { found.append(text(syntax)) }
    #expect(abstractSyntax == abstract)
    #expect(found == transfer)
  }

  /// The items of another protocol version are not checked up front: a fault shows when they are read.
  @Test func theNamesOfAContextOfAnotherVersion() throws {
    let contexts = Wire.context(1, subItems: Self.implicit + Wire.item(0x30, [1, 2], length: 3))
    let fixed = Wire.fixedFields(version: 2)
    let body = Array(Wire.associateRequest(fixed: fixed, contexts: contexts).dropFirst(6))
    var proposed = try AssociateRequest(body.span).contexts
    guard let context = try proposed.next() else {
      Issue.record("there is no context")
      return
    }
    let offset = 74 + Wire.applicationContext().count + 8 + Self.implicit.count
    let expected = Malformed(item: 0x30, offset: offset, .reachesBeyond)
    var faults: [Malformed] = []
    do throws(Malformed) { _ = try context.abstractSyntax } catch { faults.append(error) }
    var syntaxes = context.transferSyntaxes
    var found: [String] = []
    do throws(Malformed) {
      while let syntax = try syntaxes.next() { found.append(text(syntax)) }
    } catch {
      faults.append(error)
    }
    #expect(faults == [expected, expected])
    #expect(found == [Wire.implicitLittle])
  }
}
