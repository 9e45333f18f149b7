import TestKit
import Verification

/// A command set that the acceptor refuses, in the order of the conformance statement's table.
struct CommandSample {
  /// What is wrong with the command set, as the predicate of a sentence.
  let what: String
  /// The bytes of the command set.
  let bytes: [UInt8]

  /// The acceptor's answer, found by trying.
  var answer: String { Trial.answer(toCommandSet: bytes) }

  /// Why the decoder refuses the command set, or `nil` if it accepts it.
  var fault: CommandFault? {
    do throws(CommandFault) {
      _ = try EchoRequest(bytes.span)
      return nil
    } catch {
      return error
    }
  }

  private static let sopClass = Wire.element(0x0002, Array(Wire.verification.utf8) + [0])
  private static let command = Wire.element(0x0100, Wire.le16(Int(CommandField.echoRequest)))
  private static let messageID = Wire.element(0x0110, Wire.le16(Trial.messageID))
  private static let noDataSet = Wire.element(0x0800, Wire.le16(0x0101))

  /// One sample for each row of the table.
  static let all = [
    CommandSample(
      what: "has no Command Field (0000,0100)",
      bytes: Wire.commandSet(sopClass, messageID, noDataSet)),
    CommandSample(
      what: "has no Message ID (0000,0110)",
      bytes: Wire.commandSet(sopClass, command, noDataSet)),
    CommandSample(
      what: "has no Command Data Set Type (0000,0800)",
      bytes: Wire.commandSet(sopClass, command, messageID)),
    CommandSample(
      what: "has one of these three twice",
      bytes: Wire.commandSet(sopClass, command, messageID, messageID, noDataSet)),
    CommandSample(
      what: "has one of these three, or a group length, with a wrong length",
      bytes: Wire.commandSet(
        sopClass, command, Wire.element(0x0110, Wire.le32(Trial.messageID)), noDataSet)),
    CommandSample(
      what: "ends inside the header of an element",
      bytes: Wire.commandSet(sopClass, command, messageID, noDataSet) + [0, 0, 0, 9]),
    CommandSample(
      what: "has an element that extends beyond the end of the command set",
      bytes: Wire.commandSet(
        sopClass, command, messageID, Wire.element(0x0800, Wire.le16(0x0101), length: 200))),
    CommandSample(
      what: "has an element of a group other than 0000",
      bytes: Wire.commandSet(
        sopClass, command, messageID, noDataSet, Wire.element(0x0020, [0, 0], group: 0x0008))),
    CommandSample(
      what: "is neither a C-ECHO-RQ nor a C-CANCEL-RQ",
      bytes: Wire.commandSet(
        sopClass, Wire.element(0x0100, Wire.le16(0x0001)), messageID, noDataSet)),
    CommandSample(
      what: "announces a data set: its Command Data Set Type is not 0101H",
      bytes: Wire.commandSet(
        sopClass, command, messageID, Wire.element(0x0800, Wire.le16(0x0001)))),
    CommandSample(
      what: "names an Affected SOP Class UID other than \(Wire.verification)",
      bytes: Wire.commandSet(
        Wire.element(0x0002, Array("1.2.840.10008.1.20.1".utf8)), command, messageID, noDataSet)),
  ]
}
