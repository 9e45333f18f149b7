import TestKit

/// A DIMSE message in words: `C-ECHO-RQ 1 id=7`, with its presentation context and then
///
/// - changed elements: `0002=none` leaves one out, `0700=0002` is a number, `0000=00000063` a group
///   length, `0099=00*9` nine bytes, `0002=1.2.3` text; `0008,0005=0001` is of another group;
///   `again=0110` repeats an element; `descending` reverses the order
/// - `in 3 fragments`, `in fragments of 7 bytes`, `and an empty last one`, each in a P-DATA-TF of its
///   own or all `in one PDU`; or only `fragment 2 of 3`
///
/// `DATA 1 bytes=4` is a fragment of a data set, `DATA 1 bytes=4 last` its last one.
struct ClientCommand {
  /// The PDVs, one for each fragment.
  private(set) var pdvs: [[UInt8]] = []
  private var isOnePDU = false

  private var context = 0
  private var messageID = 0
  private var elements: [(group: Int, tag: Int, value: [UInt8])] = []
  private var isDescending = false
  private var hasGroupLength = true
  private var groupLength: [UInt8]?

  // swift-format-ignore
  private static let commands: [(name: String, field: Int, dataSetType: Int)] = [
    ("C-STORE-RQ",  0x0001, 0x0001), ("C-GET-RQ",    0x0010, 0x0001),
    ("C-FIND-RQ",   0x0020, 0x0001), ("C-MOVE-RQ",   0x0021, 0x0001),
    ("C-ECHO-RQ",   0x0030, 0x0101), ("C-ECHO-RSP",  0x8030, 0x0101),
    ("N-GET-RQ",    0x0110, 0x0101), ("C-CANCEL-RQ", 0x0FFF, 0x0101),
  ]

  /// Reads the message from `text`.
  init(_ text: String) throws(ReadingFault) {
    var fragmentation = ""
    var line = text
    for start in [" in ", " fragment ", " and an empty "] {
      guard let range = line.firstRange(of: start) else { continue }
      fragmentation = line[range.lowerBound...] + fragmentation
      line = String(line[..<range.lowerBound])
    }
    var words = try Words(line)
    let name = words.first
    words.removeFirst()
    context = try ConversationReader.number(words.first)
    if name == "DATA" {
      guard let size = words.rest.first, size.hasPrefix("bytes=") else {
        throw ReadingFault("expected bytes=NUMBER after DATA")
      }
      let count: Int = try ConversationReader.number(size.dropFirst(6))
      let control = words.rest.dropFirst().first == "last" ? 2 : 0
      pdvs = [Wire.pdv(context, control, [UInt8](repeating: 0, count: count))]
      return
    }
    guard let command = Self.commands.first(where: { $0.name == name }) else {
      throw ReadingFault("\(name) is not a command")
    }
    elements = [
      (0, 0x0002, Array(Wire.verification.utf8) + [0]), (0, 0x0100, Wire.le16(command.field)),
      (0, 0x0110, Wire.le16(0)), (0, 0x0800, Wire.le16(command.dataSetType)),
    ]
    for word in words.rest { try take(word) }
    try fragment(fragmentation)
  }

  /// The P-DATA-TFs.
  var bytes: [UInt8] {
    isOnePDU ? Wire.data(pdvs.flatMap { $0 }) : pdvs.flatMap { Wire.data($0) }
  }

  private mutating func take(_ word: String) throws(ReadingFault) {
    let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = pair.count == 2 ? String(pair[1]) : ""
    switch pair[0] {
    case "id": set(0, 0x0110, Wire.le16(try ConversationReader.number(value)))
    case "descending": isDescending = true
    case "again":
      guard let tag = Int(value, radix: 16), let first = elements.first(where: { $0.tag == tag })
      else { throw ReadingFault("there is no element \(value) to repeat") }
      elements.append(first)
    case "0000":
      hasGroupLength = value != "none"
      groupLength = hasGroupLength ? try Self.value(value) : nil
    default:
      let tags = pair[0].split(separator: ",").compactMap { Int($0, radix: 16) }
      guard let tag = tags.last else { throw ReadingFault("\(word) is not part of a message") }
      set(tags.count == 2 ? tags[0] : 0, tag, value == "none" ? nil : try Self.value(value))
    }
  }

  private mutating func set(_ group: Int, _ tag: Int, _ value: [UInt8]?) {
    elements.removeAll { $0.group == group && $0.tag == tag }
    guard let value else { return }
    elements.append((group, tag, value))
    elements.sort { ($0.group, $0.tag) < ($1.group, $1.tag) }
  }

  private static func value(_ text: String) throws(ReadingFault) -> [UInt8] {
    switch (text.utf8.count, Int(text, radix: 16)) {
    case (4, let number?): Wire.le16(number)
    case (8, let number?): Wire.le32(number)
    default: text.contains("*") ? try ClientMessage.hex([text]) : Array(text.utf8)
    }
  }

  private var commandSet: [UInt8] {
    let ordered = isDescending ? elements.reversed() : elements
    let body = ordered.flatMap { Wire.element($0.tag, $0.value, group: $0.group) }
    guard hasGroupLength else { return body }
    return Wire.element(0, groupLength ?? Wire.le32(body.count)) + body
  }

  private mutating func fragment(_ words: String) throws(ReadingFault) {
    var words = words
    if let end = words.firstRange(of: " in one PDU") {
      isOnePDU = true
      words.removeSubrange(end)
    }
    var hasEmptyLast = false
    if let end = words.firstRange(of: " and an empty last one") {
      hasEmptyLast = true
      words.removeSubrange(end)
    }
    let commandSet = commandSet
    let numbers: [Int] = words.split(separator: " ").compactMap { Int($0) }
    var size = commandSet.count
    var only: Int?
    let way = words.split(separator: " ").filter { Int($0) == nil }.joined(separator: " ")
    switch (way, numbers.count) {
    case ("", 0): break
    case ("in fragments", 1): size = Self.even(commandSet.count, dividedBy: numbers[0])
    case ("in fragments of bytes", 1): size = numbers[0]
    case ("fragment of", 2):
      size = Self.even(commandSet.count, dividedBy: numbers[1])
      only = numbers[0]
    default: throw ReadingFault("\(words) is not a way to make fragments")
    }
    var pieces = stride(from: 0, to: commandSet.count, by: size).map {
      commandSet[$0..<min($0 + size, commandSet.count)]
    }
    if hasEmptyLast { pieces.append([]) }
    pdvs = pieces.enumerated().map { index, piece in
      Wire.pdv(context, index == pieces.count - 1 ? 3 : 1, Array(piece))
    }
    if let only { pdvs = [pdvs[only - 1]] }
  }

  /// The size of all but the last of `count` pieces of even size.
  private static func even(_ size: Int, dividedBy count: Int) -> Int {
    ((size + count - 1) / count + 1) / 2 * 2
  }
}
