import Log

/// The elements of a command set: group 0000 in Implicit VR Little Endian (PS3.7 §6.3.1), as far as they are there.
enum CommandParts {
  /// The size of tag and length, in bytes.
  private static let headerSize = 8

  /// Explains the bytes of a command set.
  static func explain(_ bytes: [UInt8]) -> (title: String, parts: [ExplainedBytes]) {
    var parts: [ExplainedBytes] = []
    var next = 0
    let blank = RequestParts.startOfBlank(bytes)
    while bytes.count - next >= headerSize, next < blank {
      let (group, element) = (number(bytes, next, 2), number(bytes, next + 2, 2))
      let length = number(bytes, next + 4, 4)
      let name =
        group == 0
        ? CommandElementNames.text(UInt16(element))
        : "element (\(hex(UInt16(group))),\(hex(UInt16(element)))), not of a command set"
      let start = next + headerSize
      let end = min(start + length, bytes.count)
      var part = ExplainedBytes(next, bytes[next..<start], "\(name), length \(length)")
      if start + length > bytes.count {
        part.fault =
          "reaches \(Counted.text(start + length - bytes.count, "byte")) beyond what is recorded"
      }
      parts.append(part)
      if end > start {
        let value = value(of: element, bytes[start..<end])
        parts.append(ExplainedBytes(start, bytes[start..<end], depth: 1, value))
      }
      next = end
    }
    if next < bytes.count {
      let text = next >= blank ? RequestParts.notRecorded : "the start of an element"
      parts.append(ExplainedBytes(next, bytes[next...], text))
    }
    return ("command set, \(Counted.text(bytes.count, "byte"))", parts)
  }

  /// A number of at most four bytes in little-endian order.
  private static func number(_ bytes: [UInt8], _ offset: Int, _ length: Int) -> Int {
    bytes[offset..<offset + length].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func value(of element: Int, _ value: ArraySlice<UInt8>) -> String {
    let bytes = Array(value)
    switch (element, bytes.count) {
    case (0x0002, _), (0x0003, _), (0x1000, _), (0x1001, _): return RequestParts.uid(value)
    case (0x0100, 2): return CommandNames.text(UInt16(number(bytes, 0, 2)))
    case (0x0800, 2):
      return number(bytes, 0, 2) == 0x0101 ? "0101H: no data set follows" : "a data set follows"
    case (_, 2), (_, 4): return "\(number(bytes, 0, bytes.count))"
    default: return value.allSatisfy { $0 == 0 } ? "not recorded" : "its value"
    }
  }
}
