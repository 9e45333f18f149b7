import UpperLayer
import Verification

/// A command set rehearsed: the decoder, which knows the usual one as a whole, and a plain reading of
/// PS3.7 §6.3.1 and Table 9.3-12 agree on it, and a Verification SCP answers what it should.
public enum CommandRehearsal {
  /// What a command set is.
  enum Meaning: Equatable {
    case echo(UInt16)
    case cancel
    case refused
  }

  /// Rehearses the command set `bytes`.
  public static func check(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    let expected = meaning(of: bytes)
    let (found, notes, offset) = decode(bytes)
    // Without anything to tolerate, there is one form for it.
    if case .echo(let id) = found {
      try demand(notes.isEmpty == (bytes == Wire.echoCommand(messageID: Int(id))), "\(notes)")
    }
    try demand(offset <= bytes.count, "a fault at \(offset) of \(bytes.count)")
    try demand(found == expected, "\(found), and the reference has \(expected)")
    try checkAnswer(to: bytes, expected)
  }

  /// What the decoder makes of it: what it tolerates, and where a fault is.
  private static func decode(_ bytes: [UInt8]) -> (Meaning, Notes, offset: Int) {
    do throws(CommandFault) {
      switch try EchoRequest(bytes.span) {
      case .echo(let id, let notes): return (.echo(id), notes, 0)
      case .cancel: return (.cancel, [], 0)
      }
    } catch {
      guard case .malformed(_, let offset) = error else { return (.refused, [], 0) }
      return (.refused, [], Int(offset))
    }
  }

  /// What an association makes of it, in two fragments.
  private static func checkAnswer(
    to bytes: [UInt8], _ meaning: Meaning
  ) throws(Rehearsal.Violation) {
    guard bytes.count <= 8000 else { return }
    var peer = Peer()
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

  /// What the standard makes of `bytes`, and this program of what it tolerates.
  private static func meaning(of bytes: [UInt8]) -> Meaning {
    var values: [Int: [[UInt8]]] = [:]
    var rest = bytes[...]
    while !rest.isEmpty {
      let header = Array(rest.prefix(8))
      guard header.count == 8, header[0] == 0, header[1] == 0 else { return .refused }
      let element = Int(header[2]) | Int(header[3]) << 8
      let length = header[4...].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard rest.count - 8 >= length else { return .refused }
      values[element, default: []].append(Array(rest.dropFirst(8).prefix(length)))
      rest = rest.dropFirst(8 + length)
    }
    if values[0, default: []].contains(where: { $0.count != 4 }) { return .refused }
    func number(_ element: Int) -> Int? {
      guard let all = values[element], all.count == 1, all[0].count == 2 else { return nil }
      return Int(all[0][0]) | Int(all[0][1]) << 8
    }
    guard let command = number(0x0100), let dataSet = number(0x0800) else { return .refused }
    if values[0x0110] != nil, number(0x0110) == nil { return .refused }
    if command == 0x0FFF, dataSet == 0x0101 { return .cancel }
    guard command == 0x0030, dataSet == 0x0101, let id = number(0x0110) else { return .refused }
    for uid in values[0x0002, default: []] where !uid.isEmpty && !isVerification(uid) {
      return .refused
    }
    return .echo(UInt16(id))
  }

  private static func isVerification(_ uid: [UInt8]) -> Bool {
    let name = Array("1.2.840.10008.1.1".utf8)
    return uid.starts(with: name) && uid.dropFirst(name.count).allSatisfy { $0 == 0 || $0 == 0x20 }
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
