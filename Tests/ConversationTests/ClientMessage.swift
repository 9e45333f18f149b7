import TestKit

/// The bytes of a message of the peer, as written after `C:`.
///
/// - `A-ASSOCIATE-RQ …` (see ``ClientRequest``), `A-ASSOCIATE-AC`, `A-ASSOCIATE-RJ 1/1/1`,
///   `A-RELEASE-RQ`, `A-RELEASE-RP`, `A-ABORT 0/0`
/// - `C-ECHO-RQ 1 id=7 …` and other messages (see ``ClientCommand``); ` & ` puts several into one
///   P-DATA-TF
/// - `PDU 04 00 00 00 02 01 03`: any PDU, by type and body; `length=9` before the body sets the length
/// - `bytes 47 45 54 20`, `00*12` for twelve zero bytes, and `"text\r\n"`
/// - `the first 40 bytes of …`, `all but the first 40 bytes of …`
enum ClientMessage {
  /// Returns the bytes of the message in `text`.
  static func bytes(of text: String) throws(ReadingFault) -> [UInt8] {
    if let (count, rest) = try part(of: text, "the first ") {
      return Array(try bytes(of: rest).prefix(count))
    }
    if let (count, rest) = try part(of: text, "all but the first ") {
      return Array(try bytes(of: rest).dropFirst(count))
    }
    var words = try Words(text)
    let name = words.first
    switch name {
    case "A-ASSOCIATE-RQ": return try ClientRequest(words.rest).bytes
    case "A-ASSOCIATE-AC": return acceptance
    case "A-ASSOCIATE-RJ":
      let numbers = try slashed(words.rest.first ?? "", count: 3)
      return Wire.reject(numbers[0], numbers[1], numbers[2])
    case "A-RELEASE-RQ": return Wire.releaseRequest
    case "A-RELEASE-RP": return Wire.releaseReply
    case "A-ABORT":
      let numbers = try slashed(words.rest.first ?? "", count: 2)
      return Wire.abort(numbers[0], numbers[1])
    case "PDU":
      words.removeFirst()
      let type = try hex([words.first])
      var length: Int?
      if let lie = words.rest.first, lie.hasPrefix("length=") {
        length = try ConversationReader.number(lie.dropFirst(7))
        words.removeFirst()
      }
      return Wire.pdu(Int(type[0]), try hex(words.rest), length: length)
    case "bytes": return try hex(words.rest)
    default:
      if text.hasPrefix("\""), words.rest.isEmpty { return Array(name.utf8) }
      return try dataTransfers(text)
    }
  }

  private static func dataTransfers(_ text: String) throws(ReadingFault) -> [UInt8] {
    let messages = text.split(separator: " & ", omittingEmptySubsequences: false)
    guard messages.count > 1 else { return try ClientCommand(text).bytes }
    var pdvs: [UInt8] = []
    for message in messages { pdvs += try ClientCommand(String(message)).pdvs.flatMap { $0 } }
    return Wire.data(pdvs)
  }

  /// An A-ASSOCIATE-AC, which no acceptor expects.
  private static let acceptance = Wire.pdu(
    2, Wire.fixedFields() + Wire.applicationContext() + Wire.userInformation())

  private static func part(
    of text: String, _ prefix: String
  ) throws(ReadingFault) -> (Int, String)? {
    guard text.hasPrefix(prefix) else { return nil }
    let rest = text.dropFirst(prefix.count)
    guard let middle = rest.firstRange(of: " bytes of ") else {
      throw ReadingFault("expected a number of bytes and a message after \(prefix)")
    }
    let count: Int = try ConversationReader.number(rest[..<middle.lowerBound])
    return (count, String(rest[middle.upperBound...]))
  }

  private static func slashed(_ word: String, count: Int) throws(ReadingFault) -> [Int] {
    let numbers = word.split(separator: "/").compactMap { Int($0) }
    guard numbers.count == count else {
      throw ReadingFault("expected \(count) numbers separated by slashes")
    }
    return numbers
  }

  /// The bytes of hexadecimal `words`; `00*12` is twelve times 00H.
  static func hex(_ words: some Sequence<String>) throws(ReadingFault) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in words {
      let factors = word.split(separator: "*")
      guard let digits = factors.first, digits.utf8.count == 2, let byte = UInt8(digits, radix: 16)
      else { throw ReadingFault("\(word) is not a byte") }
      let count: Int = factors.count == 2 ? try ConversationReader.number(factors[1]) : 1
      bytes += [UInt8](repeating: byte, count: count)
    }
    return bytes
  }
}
