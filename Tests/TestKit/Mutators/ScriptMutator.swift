/// Changes a script but keeps its structure: it removes, repeats, swaps and divides steps, and changes
/// the bytes sent as PDUs.
public struct ScriptMutator {
  private var random: Random

  /// A mutator whose changes depend only on `seed`.
  public init(seed: UInt64) { random = Random(seed: seed) }

  /// Returns the bytes of `script`, changed in one or two places, or `nil` if it cannot be encoded.
  public mutating func mutate(_ script: Script) -> [UInt8]? {
    var script = script
    for _ in 0...random.next(below: 2) { change(&script.steps) }
    return script.bytes
  }

  private mutating func change(_ steps: inout [Script.Step]) {
    guard !steps.isEmpty else { return steps.append(.send(Wire.associateRequest())) }
    let index = random.next(below: steps.count)
    switch random.next(below: 10) {
    case 0: steps.remove(at: index)
    case 1: steps.insert(steps[index], at: random.next(below: steps.count + 1))
    case 2: steps.swapAt(index, random.next(below: steps.count))
    case 3: steps.insert(fresh(), at: random.next(below: steps.count + 1))
    case 4: divide(&steps, index)
    default:
      guard case .send(let bytes) = steps[index] else { return }
      var mutator = PDUMutator(seed: random.next())
      steps[index] = .send(mutator.mutate(sent: bytes))
    }
  }

  private mutating func divide(_ steps: inout [Script.Step], _ index: Int) {
    guard case .send(let bytes) = steps[index] else { return }
    let place = random.next(below: bytes.count + 1)
    steps[index] = .send(Array(bytes[place...]))
    steps.insert(.send(Array(bytes[..<place])), at: index)
  }

  private mutating func fresh() -> Script.Step {
    switch random.next(below: 12) {
    case 0: .artimExpired
    case 1: .transportClosed
    case 2: .abort(Script.abortReasons[random.next(below: Script.abortReasons.count)])
    case 3: .send(Wire.releaseRequest)
    case 4: .send(Wire.abort(0, 0))
    case 5: .send(Wire.releaseReply)
    case 6: .send(Wire.associateRequest())
    default: .send(Wire.echoRequest(random.next(below: 0x1_0000)))
    }
  }
}
