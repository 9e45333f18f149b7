/// Changes a P-DATA-TF but keeps its structure: it removes, repeats, swaps, divides and joins PDVs,
/// changes their fields and bytes, and mostly corrects the lengths.
struct DataMutator {
  private var random: Random

  init(seed: UInt64) { random = Random(seed: seed) }

  private struct Fragment {
    var context: UInt8
    var control: UInt8
    var bytes: [UInt8]
    /// The value of the length field if it is wrong.
    var length: Int?
  }

  /// Returns the body of a PDU, changed in one to three places.
  mutating func mutate(_ body: [UInt8]) -> [UInt8] {
    var fragments = Self.read(body)
    for _ in 0...random.next(below: 3) { change(&fragments) }
    return fragments.flatMap {
      Wire.pdv(Int($0.context), Int($0.control), $0.bytes, length: $0.length)
    }
  }

  private static func read(_ body: [UInt8]) -> [Fragment] {
    var fragments: [Fragment] = []
    var rest = body[...]
    while rest.count >= 6 {
      let header = Array(rest.prefix(6))
      let length = header[..<4].reduce(0) { $0 << 8 | Int($1) }
      let bytes = Array(rest.dropFirst(6).prefix(max(0, length - 2)))
      fragments.append(Fragment(context: header[4], control: header[5], bytes: bytes))
      rest = rest.dropFirst(6 + bytes.count)
    }
    return fragments
  }

  private mutating func change(_ fragments: inout [Fragment]) {
    guard !fragments.isEmpty else { return fragments.append(fresh()) }
    let index = random.next(below: fragments.count)
    switch random.next(below: 10) {
    case 0: fragments.remove(at: index)
    case 1: fragments.insert(fragments[index], at: random.next(below: fragments.count + 1))
    case 2: fragments.swapAt(index, random.next(below: fragments.count))
    case 3: fragments.insert(fresh(), at: random.next(below: fragments.count + 1))
    case 4: fragments[index].control ^= 1 << UInt8(random.next(below: 2))
    case 5: fragments[index].context = UInt8(random.next(below: 5))
    case 6: fragments[index].length = random.next(below: 1 << (1 + random.next(below: 32)))
    case 7: divide(&fragments, index)
    case 8: join(&fragments, index)
    default: changeByte(&fragments[index].bytes)
    }
  }

  /// Divides a fragment into two, of which only the second can be the last.
  private mutating func divide(_ fragments: inout [Fragment], _ index: Int) {
    let place = random.next(below: fragments[index].bytes.count + 1)
    var first = fragments[index]
    first.control &= ~2
    first.bytes.removeSubrange(place...)
    fragments[index].bytes.removeSubrange(..<place)
    fragments.insert(first, at: index)
  }

  private func join(_ fragments: inout [Fragment], _ index: Int) {
    guard index + 1 < fragments.count else { return }
    fragments[index].bytes += fragments[index + 1].bytes
    fragments[index].control = fragments[index + 1].control
    fragments.remove(at: index + 1)
  }

  private mutating func changeByte(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(random.next(below: 256))) }
    bytes[random.next(below: bytes.count)] = UInt8(random.next(below: 256))
  }

  /// A fragment that a peer might send.
  private mutating func fresh() -> Fragment {
    let context: UInt8 = random.next(below: 4) == 0 ? 3 : 1
    let command = Wire.echoCommand(messageID: random.next(below: 0x1_0000))
    switch random.next(below: 4) {
    case 0: return Fragment(context: context, control: 1, bytes: Array(command[..<30]))
    case 1: return Fragment(context: context, control: 3, bytes: [])
    case 2:
      let cancel = Wire.commandSet(
        Wire.element(0x0100, Wire.le16(0x0FFF)), Wire.element(0x0120, Wire.le16(1)),
        Wire.element(0x0800, Wire.le16(0x0101)))
      return Fragment(context: context, control: 3, bytes: cancel)
    default: return Fragment(context: context, control: 3, bytes: command)
    }
  }
}
