import TestKit
import Testing
import UpperLayer
import Verification

/// Every way in which the command set of a C-ECHO-RQ can be right, tolerable or wrong.
@Suite struct EchoRequestTests {
  /// The elements of a C-ECHO-RQ: tag, offset and size.
  static let elements: [(tag: UInt16, offset: Int, size: Int)] = [
    (0x0000, 0, 12), (0x0002, 12, 26), (0x0100, 38, 10), (0x0110, 48, 10), (0x0800, 58, 10),
  ]
  static let good = Wire.echoCommand(messageID: 7)

  static let sopClass = Wire.element(0x0002, Array(Wire.verification.utf8) + [0])
  static let command = Wire.element(0x0100, Wire.le16(0x0030))
  static let messageID = Wire.element(0x0110, Wire.le16(7))
  static let noDataSet = Wire.element(0x0800, Wire.le16(0x0101))

  /// The result of decoding `commandSet`.
  static func decoded(_ commandSet: [UInt8]) -> Result<EchoRequest, CommandFault> {
    do throws(CommandFault) {
      return .success(try EchoRequest(commandSet.span))
    } catch {
      return .failure(error)
    }
  }

  /// The fault in a command for the SOP class `uid`.
  static func other(_ uid: String) -> CommandFault {
    .otherSOPClass(CompactUID(Array(uid.utf8).span) ?? .empty)
  }

  @Test func aGoodOne() {
    #expect(Self.good.count == 68)
    #expect(Self.decoded(Self.good) == .success(.echo(messageID: 7, [])))
  }

  @Test(arguments: 0..<68) func cutOff(at count: Int) throws {
    let expected: CommandFault
    if let cut = Self.elements.first(where: { $0.offset < count && count < $0.offset + $0.size }) {
      let (left, offset) = (UInt32(count - cut.offset), UInt32(cut.offset))
      expected =
        left < 8
        ? .endsInHeader(left: left, offset: offset)
        : .elementTooLong(cut.tag, length: UInt32(cut.size - 8), left: left - 8, offset: offset)
    } else {
      // Cut between two elements: the first required element that is missing.
      expected = .elementMissing(count < 48 ? 0x0100 : 0x0800)
    }
    #expect(Self.decoded(Array(Self.good.prefix(count))) == .failure(expected))
  }

  @Test(arguments: elements.indices, [0, 1, 2, 3, 4]) func valueOf(element: Int, bytes: Int) {
    let (tag, offset, size) = Self.elements[element]
    let value = [UInt8](repeating: 0x31, count: bytes)
    let commandSet =
      Self.good[..<offset] + Wire.element(Int(tag), value) + Self.good[(offset + size)...]
    let wrong = CommandFault.elementLength(
      tag, length: UInt32(bytes), expected: tag == 0 ? 4 : 2, offset: UInt32(offset))
    let expected: Result<EchoRequest, CommandFault> =
      switch (tag, bytes) {
      case (0x0000, 4): .success(.echo(messageID: 7, .groupLengthWrong))
      case (0x0002, 0): .success(.echo(messageID: 7, [.groupLengthWrong, .noAffectedSOPClass]))
      case (0x0002, _): .failure(Self.other(String(repeating: "1", count: bytes)))
      case (0x0100, 2): .failure(.notAnEcho(command: 0x3131))
      case (0x0110, 2): .success(.echo(messageID: 0x3131, []))
      case (0x0800, 2): .failure(.dataSetAnnounced(type: 0x3131))
      default: .failure(wrong)
      }
    #expect(Self.decoded(Array(commandSet)) == expected)
  }

  @Test(arguments: elements.indices) func lengthReachesBeyond(_ element: Int) {
    let (tag, offset, _) = Self.elements[element]
    let left = Self.good.count - offset - 8
    for lie in [left + 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8, 0xFFFF_FFFF] {
      var commandSet = Self.good
      commandSet.replaceSubrange(offset + 4..<offset + 8, with: Wire.le32(lie))
      let fault = CommandFault.elementTooLong(
        tag, length: UInt32(lie), left: UInt32(left), offset: UInt32(offset))
      #expect(Self.decoded(commandSet) == .failure(fault), "\(lie)")
    }
  }

  @Test func oneIsMissing() {
    let withoutGroupLength = Array(Self.good.dropFirst(12))
    #expect(
      Self.decoded(withoutGroupLength) == .success(.echo(messageID: 7, .groupLengthWrong)))
    #expect(
      Self.decoded(Wire.commandSet(Self.command, Self.messageID, Self.noDataSet))
        == .success(.echo(messageID: 7, .noAffectedSOPClass)))
    #expect(
      Self.decoded(Wire.commandSet(Self.sopClass, Self.messageID, Self.noDataSet))
        == .failure(.elementMissing(0x0100)))
    #expect(
      Self.decoded(Wire.commandSet(Self.sopClass, Self.command, Self.noDataSet))
        == .failure(.elementMissing(0x0110)))
    #expect(
      Self.decoded(Wire.commandSet(Self.sopClass, Self.command, Self.messageID))
        == .failure(.elementMissing(0x0800)))
    #expect(Self.decoded([]) == .failure(.elementMissing(0x0100)))
  }

  @Test func oneStandsThereTwice() {
    func twice(_ element: [UInt8]) -> Result<EchoRequest, CommandFault> {
      Self.decoded(
        Wire.commandSet(Self.sopClass, Self.command, Self.messageID, Self.noDataSet, element))
    }
    let tolerated = EchoRequest.echo(messageID: 7, .elementsUnordered)
    #expect(twice(Wire.element(0x0000, Wire.le32(68))) == .success(tolerated))
    #expect(twice(Self.sopClass) == .success(tolerated))
    #expect(
      Self.decoded(
        Wire.commandSet(
          Self.sopClass, Self.sopClass, Self.command, Self.messageID, Self.noDataSet))
        == .success(tolerated))
    #expect(twice(Wire.element(0x0002, Array("1.2.3".utf8))) == .failure(Self.other("1.2.3")))
    #expect(twice(Self.command) == .failure(.elementTwice(0x0100, offset: 68)))
    #expect(twice(Self.messageID) == .failure(.elementTwice(0x0110, offset: 68)))
    #expect(twice(Self.noDataSet) == .failure(.elementTwice(0x0800, offset: 68)))
  }

  @Test(arguments: [0x0001, 0x0002, 0x0008, 0x7FE0, 0xFFFF]) func otherGroup(_ group: Int) {
    // The length of the element is wrong, too, and it may be anywhere.
    let foreign = Wire.element(0x0100, Wire.le16(0x0030), group: group, length: 0xFFFF_FFFF)
    let fault = Result<EchoRequest, CommandFault>.failure(.foreignGroup(UInt16(group)))
    for place in Self.elements.map(\.offset) + [Self.good.count] {
      #expect(Self.decoded(Self.good[..<place] + foreign + Self.good[place...]) == fault)
    }
  }

  @Test func unordered() {
    let elements = [Self.sopClass, Self.command, Self.messageID, Self.noDataSet]
    for (first, second) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
      var swapped = elements
      swapped.swapAt(first, second)
      #expect(
        Self.decoded(Wire.commandSet(swapped[0], swapped[1], swapped[2], swapped[3]))
          == .success(.echo(messageID: 7, .elementsUnordered)))
    }
    let groupLengthLast = Array(Self.good[12...] + Self.good[..<12])
    #expect(
      Self.decoded(groupLengthLast) == .success(.echo(messageID: 7, .elementsUnordered)))
  }

  @Test(arguments: [0x0001, 0x0003, 0x0010, 0x0120, 0x0700, 0x0900, 0x5110, 0xFFFF])
  func unknown(_ tag: Int) {
    for size in [0, 1, 2, 300] {
      let element = Wire.element(tag, [UInt8](repeating: 0, count: size))
      let all = [Self.sopClass, Self.command, Self.messageID, Self.noDataSet]
      let before = tag > 0x0800 ? all.flatMap { $0 } : []
      let after = tag > 0x0800 ? [] : all.flatMap { $0 }
      let notes: Notes =
        [0x0001, 0x5110, 0xFFFF, 0x0900].contains(tag)
        ? .elementsUnknown : [.elementsUnknown, .elementsUnordered]
      #expect(
        Self.decoded(Wire.commandSet(before, element, after))
          == .success(.echo(messageID: 7, notes)))
    }
  }

  @Test(arguments: [0, 55, 57, 68, 0xFFFF_FFFF]) func groupLengthIsWrong(_ value: Int) {
    let commandSet = Wire.element(0x0000, Wire.le32(value)) + Self.good[12...]
    #expect(Self.decoded(commandSet) == .success(.echo(messageID: 7, .groupLengthWrong)))
  }

  /// PS3.5 §9.1 pads a UID of an odd length with one NUL.
  @Test(arguments: [
    "1.2.840.10008.1.1", "1.2.840.10008.1.1 ", "1.2.840.10008.1.1\0\0", "1.2.840.10008.1.1 \0",
    "1.2.840.10008.1.1   ",
  ]) func sopClassPadded(_ uid: String) {
    let element = Wire.element(0x0002, Array(uid.utf8))
    #expect(
      Self.decoded(Wire.commandSet(element, Self.command, Self.messageID, Self.noDataSet))
        == .success(.echo(messageID: 7, .uidPadding)))
  }

  @Test(arguments: [
    "\0", " ", "1.2.840.10008.1", "1.2.840.10008.1.1.1", "1.2.840.10008.1.10",
    "1.2.840.10008.1.2", "1.2.840.10008.1.01", "1.2.840.10008.1.1.", " 1.2.840.10008.1.1",
    "1.2.840.10008.1.1\u{1}", "1.2.840.10008.1 1", "1.2.840.10008.5.1.4.1.1.2", "Verification",
    "1.2.840.10008.1.65537", "1.2.840.10008.1.1.0",
  ]) func sopClassIsAnother(_ uid: String) {
    let element = Wire.element(0x0002, Array(uid.utf8))
    #expect(
      Self.decoded(Wire.commandSet(element, Self.command, Self.messageID, Self.noDataSet))
        == .failure(Self.other(uid)))
  }

  @Test(arguments: [0x0000, 0x0001, 0x0100, 0x0102, 0x0201, 0xFFFF])
  func dataSetAnnounced(_ type: Int) {
    let element = Wire.element(0x0800, Wire.le16(type))
    #expect(
      Self.decoded(Wire.commandSet(Self.sopClass, Self.command, Self.messageID, element))
        == .failure(.dataSetAnnounced(type: UInt16(type))))
    // A C-CANCEL-RQ that announces a data set is not a C-CANCEL-RQ.
    let cancel = Wire.element(0x0100, Wire.le16(0x0FFF))
    #expect(
      Self.decoded(Wire.commandSet(cancel, element)) == .failure(.notAnEcho(command: 0x0FFF)))
  }

  /// The Command Fields of PS3.7 annex E, and some that do not exist.
  @Test(arguments: [
    0x0001, 0x8001, 0x0010, 0x8010, 0x0020, 0x8020, 0x0021, 0x8021, 0x8030, 0x0100, 0x8100,
    0x0110, 0x8110, 0x0120, 0x8120, 0x0130, 0x8130, 0x0140, 0x8140, 0x0150, 0x8150, 0x0000,
    0x0031, 0x3000, 0x8FFF, 0xFFFF,
  ]) func otherCommand(_ field: Int) {
    let command = Wire.element(0x0100, Wire.le16(field))
    let fault = Result<EchoRequest, CommandFault>.failure(.notAnEcho(command: UInt16(field)))
    let withDataSet = Wire.element(0x0800, Wire.le16(0x0001))
    #expect(Self.decoded(Wire.commandSet(command, Self.messageID, Self.noDataSet)) == fault)
    #expect(Self.decoded(Wire.commandSet(Self.sopClass, command, withDataSet)) == fault)
  }

  @Test func cancel() {
    let command = Wire.element(0x0100, Wire.le16(0x0FFF))
    let respondedTo = Wire.element(0x0120, Wire.le16(7))
    #expect(
      Self.decoded(Wire.commandSet(command, respondedTo, Self.noDataSet)) == .success(.cancel))
    #expect(Self.decoded(Wire.commandSet(command, Self.noDataSet)) == .success(.cancel))
  }
}
