import UpperLayer

/// A second reader of command sets, written from PS3.7 §6.3.1 alone, that shares no code with the
/// program.
struct CommandReference {
  private var elements: [(tag: Int, value: [UInt8])] = []
  private let size: Int

  /// Reads the elements in `bytes`; returns `nil` if they do not add up or are of another group.
  init?(_ bytes: [UInt8]) {
    size = bytes.count
    var rest = bytes[...]
    while !rest.isEmpty {
      let header = Array(rest.prefix(8))
      guard header.count == 8, header[0] == 0, header[1] == 0 else { return nil }
      let length = header[4...].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard rest.count - 8 >= length else { return nil }
      elements.append(
        (Int(header[2]) | Int(header[3]) << 8, Array(rest.dropFirst(8).prefix(length))))
      rest = rest.dropFirst(8 + length)
    }
  }

  /// Whether every known element has the right size, and those that must be unique occur only once.
  var isWellFormed: Bool {
    elements.allSatisfy { $0.tag != 0 || $0.value.count == 4 }
      && [0x0100, 0x0110, 0x0800].allSatisfy { tag in
        elements.contains { $0.tag == tag } == (number(tag) != nil)
      }
  }

  /// The value of the element `tag`, of VR US, or `nil` unless there is exactly one valid one.
  func number(_ tag: Int) -> Int? {
    let all = elements.filter { $0.tag == tag }
    guard all.count == 1, let value = all.first?.value, value.count == 2 else { return nil }
    return Int(value[0]) | Int(value[1]) << 8
  }

  /// The Affected SOP Class UIDs that have a value.
  var names: [[UInt8]] {
    elements.filter { $0.tag == 0x0002 && !$0.value.isEmpty }.map(\.value)
  }

  /// The notes on a C-ECHO-RQ: what a stricter SCP would refuse.
  var notes: Notes {
    var notes: Notes = []
    if !zip(elements, elements.dropFirst()).allSatisfy({ $0.tag < $1.tag }) {
      notes.insert(.elementsUnordered)
    }
    let known = [0x0000, 0x0002, 0x0100, 0x0110, 0x0800]
    if elements.contains(where: { !known.contains($0.tag) }) { notes.insert(.elementsUnknown) }
    if names.isEmpty { notes.insert(.noAffectedSOPClass) }
    if names.contains(where: { $0 != Array(Wire.verification.utf8) + [0] }) {
      notes.insert(.uidPadding)
    }
    let groupLength = elements.first { $0.tag == 0 }?.value
    if groupLength != Wire.le32(size - 12) { notes.insert(.groupLengthWrong) }
    return notes
  }
}
