/// Changes an A-ASSOCIATE-RQ but keeps its structure: it removes, repeats, swaps and resizes items, and
/// mostly corrects the lengths around them. A fuzzer that changes single bytes would seldom get past the
/// first item with a wrong length.
struct RequestMutator {
  private var random: Random

  /// A mutator whose changes depend only on `seed`.
  init(seed: UInt64) { random = Random(seed: seed) }

  /// An item, and the items inside it if its type has any.
  private struct Node {
    var type: UInt8
    /// The bytes before the items inside, or the whole value if it has none.
    var value: [UInt8]
    var items: [Node]?
    /// The value of the length field if it is wrong.
    var length: Int?

    var bytes: [UInt8] {
      let content = value + (items ?? []).flatMap(\.bytes)
      return Wire.item(Int(type), content, length: length ?? content.count & 0xFFFF)
    }
  }

  /// The item types of a request, and an unknown one.
  private static let types: [UInt8] = [
    0x10, 0x20, 0x30, 0x40, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x99,
  ]
  private static let fixedSize = 68

  /// Returns the body of a PDU, changed in one to three places.
  mutating func mutate(_ body: [UInt8]) -> [UInt8] {
    guard body.count > Self.fixedSize else {
      return body + [UInt8](repeating: 0x20, count: Self.fixedSize - body.count) + fresh().bytes
    }
    var fixed = Array(body[..<Self.fixedSize])
    var items = Self.read(body[Self.fixedSize...])
    for _ in 0...random.next(below: 3) { change(&items, depth: 0) }
    if random.next(below: 16) == 0 {
      fixed[random.next(below: fixed.count)] = UInt8(random.next(below: 256))
    }
    return fixed + items.flatMap(\.bytes)
  }

  /// Reads all items; a last one that is cut off becomes a shorter item.
  private static func read(_ bytes: ArraySlice<UInt8>) -> [Node] {
    var nodes: [Node] = []
    var rest = bytes
    while rest.count >= 4, let type = rest.first {
      let header = Array(rest.prefix(4))
      let value = rest.dropFirst(4).prefix(Int(header[2]) << 8 | Int(header[3]))
      rest = rest.dropFirst(4 + value.count)
      let fixed = type == 0x20 ? 4 : 0
      if (type == 0x20 || type == 0x50) && value.count >= fixed {
        let inside = read(value.dropFirst(fixed))
        nodes.append(Node(type: type, value: Array(value.prefix(fixed)), items: inside))
      } else {
        nodes.append(Node(type: type, value: Array(value)))
      }
    }
    return nodes
  }

  private mutating func change(_ nodes: inout [Node], depth: Int) {
    guard !nodes.isEmpty else { return nodes.append(fresh()) }
    let index = random.next(below: nodes.count)
    // In half the cases the change is inside the item.
    if nodes[index].items != nil, random.next(below: 2) == 0, depth < 3 {
      return change(&nodes[index].items!, depth: depth + 1)
    }
    switch random.next(below: 9) {
    case 0: nodes.remove(at: index)
    case 1: nodes.insert(nodes[index], at: random.next(below: nodes.count + 1))
    case 2: nodes.swapAt(index, random.next(below: nodes.count))
    case 3: nodes.insert(fresh(), at: random.next(below: nodes.count + 1))
    case 4: nodes[index].type = Self.types[random.next(below: Self.types.count)]
    case 5: nodes[index].length = random.next(below: 1 << (1 + random.next(below: 16)))
    case 6: resize(&nodes[index].value)
    default:
      guard !nodes[index].value.isEmpty else { return resize(&nodes[index].value) }
      let place = random.next(below: nodes[index].value.count)
      nodes[index].value[place] = UInt8(random.next(below: 256))
    }
  }

  private mutating func resize(_ value: inout [UInt8]) {
    if random.next(below: 2) == 0 {
      value.removeLast(random.next(below: value.count + 1))
    } else {
      value += (0...random.next(below: 8)).map { _ in UInt8(random.next(below: 256)) }
    }
  }

  /// A new item that a peer might send.
  private mutating func fresh() -> Node {
    let uid = Array("1.2.840.10008.1.1".utf8)
    let field = Wire.be16(uid.count) + uid
    switch random.next(below: 10) {
    case 0: return Node(type: 0x10, value: Array("1.2.840.10008.3.1.1.1".utf8))
    case 1:
      return Node(
        type: 0x20, value: [UInt8(random.next(below: 256)), 0, 0, 0],
        items: [
          Node(type: 0x30, value: uid), Node(type: 0x40, value: Array("1.2.840.10008.1.2".utf8)),
        ])
    case 2: return Node(type: 0x50, value: [], items: [Node(type: 0x51, value: Wire.be32(16382))])
    case 3: return Node(type: 0x53, value: [0, 1, 0, 1])
    case 4: return Node(type: 0x54, value: field + [1, 0])
    case 5: return Node(type: 0x56, value: field + [1, 2, 3])
    case 6: return Node(type: 0x57, value: field + field + Wire.be16(field.count) + field)
    case 7: return Node(type: 0x58, value: [1, 0] + field + [0, 0])
    case 8: return Node(type: 0x52, value: uid)
    default: return Node(type: 0x51, value: Wire.be32(random.next(below: 1 << 17)))
    }
  }
}
