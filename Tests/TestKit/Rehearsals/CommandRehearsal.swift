import Linux
import UpperLayer
import Verification

/// Rehearses a command set: the decoder, which recognizes the usual one as a whole and reads others
/// element by element, must agree with a plain reading of PS3.7 §6.3.1 and Table 9.3-12 on its meaning
/// and its notes, and a Verification SCP must give the right answer.
public enum CommandRehearsal {
  /// The meaning of a command set.
  enum Meaning: Equatable {
    case echo(UInt16)
    case cancel
    case refused
  }

  /// Rehearses the command set `bytes`.
  public static func check(
    _ bytes: [UInt8], _ effort: Effort = .full
  ) throws(Rehearsal.Violation) {
    let expected = meaning(of: bytes)
    let (found, notes, offset) = decode(bytes)
    try demand(found == expected, "\(found), but the reference has \(expected)")
    if case .echo(let id) = found {
      try demand(notes == CommandReference(bytes)?.notes, "the notes are \(notes)")
      // Only one encoding has no notes.
      try demand(notes.isEmpty == (bytes == Wire.echoCommand(messageID: Int(id))), "\(notes)")
    }
    // A fault is at an element, or at 0 if none is concerned.
    try demand(offset < bytes.count || offset == 0, "a fault at \(offset) of \(bytes.count)")
    if effort.includes(.answer) { try checkAnswer(to: bytes, expected) }
  }

  /// The result of the decoder: the meaning, the notes, and the offset of a fault.
  private static func decode(_ bytes: [UInt8]) -> (Meaning, Notes, offset: Int) {
    do throws(CommandFault) {
      switch try EchoRequest(bytes.span) {
      case .echo(let id, let notes): return (.echo(id), notes, 0)
      case .cancel: return (.cancel, [], 0)
      }
    } catch {
      switch error {
      case .elementTwice(_, let offset), .elementLength(_, _, _, let offset),
        .elementTooLong(_, _, _, let offset), .endsInHeader(_, let offset):
        return (.refused, [], Int(offset))
      case .elementMissing, .foreignGroup, .notAnEcho, .dataSetAnnounced, .otherSOPClass:
        return (.refused, [], 0)
      }
    }
  }

  /// Checks the answer to the command set, sent in two fragments.
  private static func checkAnswer(
    to bytes: [UInt8], _ meaning: Meaning
  ) throws(Rehearsal.Violation) {
    guard bytes.count <= 8000 else { return }
    var peer = Peer()
    peer.replyRoom = Connection.replyReserve
    peer.send(Wire.associateRequest())
    let half = bytes.count / 2
    let answer = peer.send(
      Wire.data(Wire.pdv(1, 1, Array(bytes[..<half])), Wire.pdv(1, 3, Array(bytes[half...]))))
    let right: [UInt8]
    switch meaning {
    case .echo(let id):
      right = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: Int(id))))
    case .cancel: right = []
    case .refused: right = Wire.abort(0, 0)
    }
    try demand(answer == right, "\(meaning) is answered by \(answer)")
  }

  /// The meaning of `bytes` by the standard, with the deviations that this program tolerates.
  static func meaning(of bytes: [UInt8]) -> Meaning {
    guard let elements = CommandReference(bytes), elements.isWellFormed,
      let command = elements.number(0x0100), let dataSet = elements.number(0x0800)
    else { return .refused }
    if command == 0x0FFF, dataSet == 0x0101 { return .cancel }
    guard command == 0x0030, dataSet == 0x0101, let id = elements.number(0x0110),
      elements.names.allSatisfy(isVerification)
    else { return .refused }
    return .echo(UInt16(id))
  }

  private static func isVerification(_ uid: [UInt8]) -> Bool {
    RequestReference.unpadded(uid) == Array(Wire.verification.utf8)
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
