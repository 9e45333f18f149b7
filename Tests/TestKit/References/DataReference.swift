import UpperLayer

/// A second reader of a P-DATA-TF on a newly established association of a Verification SCP, written in
/// plain code from PS3.8 §9.3.5 and annex E alone.
struct DataReference {
  /// The state after the P-DATA-TF.
  enum End: Equatable {
    case betweenMessages
    case insideMessage
    /// An A-ABORT by the service user.
    case refused
    /// An A-ABORT by the service provider for a fault at this offset from the start of the PDU.
    case malformed(offset: Int, Malformed.Problem)
  }

  private(set) var end = End.betweenMessages
  /// The whole answer.
  private(set) var answer: [UInt8] = []
  /// The Message IDs of the answered echoes.
  private(set) var echoes: [UInt16] = []

  private static let headerSize = 6
  private static let longestCommandSet = 16 << 10

  /// Reads the body of the PDU on an association with these presentation contexts.
  init(_ body: [UInt8], contexts: [UInt8]) { read(body, contexts: contexts) }

  private mutating func read(_ body: [UInt8], contexts: [UInt8]) {
    guard body.count >= Self.headerSize else {
      return fail(.malformed(offset: 0, .wrongLength), Wire.abort(2, 6))
    }
    var position = 0
    var commandSet: [UInt8] = []
    var context: UInt8?
    while position < body.count {
      let length = body[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let next = position + 4 + length
      guard length >= 2, next == body.count || next + Self.headerSize <= body.count else {
        return fail(
          .malformed(offset: Self.headerSize + position, .doesNotAddUp), Wire.abort(2, 6))
      }
      let (id, control) = (body[position + 4], body[position + 5])
      commandSet += body[position + 6..<next]
      position = next
      guard contexts.contains(id), context == nil || context == id, control & 1 == 1,
        commandSet.count <= Self.longestCommandSet
      else { return fail(.refused, Wire.abort(0, 0)) }
      guard control & 2 == 2 else {
        context = id
        continue
      }
      switch CommandRehearsal.meaning(of: commandSet) {
      case .echo(let messageID):
        echoes.append(messageID)
        answer += Wire.data(
          Wire.pdv(Int(id), 3, Wire.echoResponseCommand(messageID: Int(messageID))))
      case .cancel: break
      case .refused: return fail(.refused, Wire.abort(0, 0))
      }
      commandSet = []
      context = nil
    }
    if context != nil { end = .insideMessage }
  }

  private mutating func fail(_ end: End, _ abort: [UInt8]) {
    self.end = end
    answer += abort
  }
}
