/// Changes a PDU but keeps the structure that belongs to its type.
public struct PDUMutator {
  private var random: Random

  /// A mutator whose changes depend only on `seed`.
  public init(seed: UInt64) { random = Random(seed: seed) }

  /// Returns a changed input of ``PDURehearsal``: a type and a body.
  public mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    guard let type = bytes.first else { return [1] }
    return [type] + body(Array(bytes.dropFirst()), type)
  }

  /// Returns a whole PDU, changed, mostly with a corrected length.
  mutating func mutate(sent pdu: [UInt8]) -> [UInt8] {
    guard pdu.count >= 6, let type = pdu.first else {
      return random.next(below: 2) == 0 ? Wire.associateRequest() : Wire.echoRequest()
    }
    let length = pdu[2..<6].reduce(0) { $0 << 8 | Int($1) }
    let rest = pdu.dropFirst(6)
    // Bytes after the PDU in the same piece stay unchanged.
    let changed = body(Array(rest.prefix(length)), type)
    let said = random.next(below: 16) == 0 ? random.next(below: 1 << 20) : changed.count
    return Wire.pdu(Int(type), changed, length: said) + rest.dropFirst(length)
  }

  private mutating func body(_ body: [UInt8], _ type: UInt8) -> [UInt8] {
    switch type {
    case 4:
      var mutator = DataMutator(seed: random.next())
      return mutator.mutate(body)
    case 5, 6, 7:
      return (0..<(random.next(below: 8) == 0 ? random.next(below: 12) : 4)).map { _ in
        UInt8(random.next(below: 256))
      }
    default:
      var mutator = RequestMutator(seed: random.next())
      return mutator.mutate(body)
    }
  }
}
