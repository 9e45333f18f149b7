import Linux
import TestKit
import Testing
import UpperLayer

@testable import Server

/// The buffer for bytes that do not fit into a slot: its content, its charge, and the release of its memory.
@Suite struct OverflowBufferTests {
  @Test("A new buffer costs nothing")
  func isEmpty() {
    let memory = MemoryBudget(limit: 0)
    var buffer = OverflowBuffer()
    #expect(buffer.isEmpty && buffer.isFull)
    #expect(buffer.count == 0 && buffer.capacity == 0)
    #expect(buffer.contents == [])
    #expect(buffer.hasRoom(for: 0, within: memory) == true)
    #expect(buffer.append([UInt8]().span, within: memory) == true)
    buffer.keep(0..<0)
    buffer.free()
    #expect(memory.inUse == 0)
  }

  @Test("It grows by doubling, with the bytes received, up to its maximum")
  func growsByDoubling() {
    let memory = MemoryBudget(limit: .max)
    var buffer = OverflowBuffer()
    var model: [UInt8] = []
    var capacities: [Int] = []
    let new = piece(4099)
    while buffer.append(new.span, within: memory) {
      model += new
      if capacities.last != buffer.capacity { capacities.append(buffer.capacity) }
      #expect(memory.inUse == buffer.capacity)
      #expect(buffer.capacity < 2 * model.count)
    }
    #expect(capacities.starts(with: [8 << 10, 16 << 10, 32 << 10, 64 << 10, 128 << 10]))
    #expect(capacities.last == OverflowBuffer.largest)
    #expect(model.count > OverflowBuffer.largest - new.count)
    #expect(buffer.contents == model)
    buffer.free()
    #expect(memory.inUse == 0)
  }

  @Test("Its maximum fits the longest request and a whole receive, and not one byte more")
  func hasABound() {
    let memory = MemoryBudget(limit: .max)
    var buffer = OverflowBuffer()
    #expect(OverflowBuffer.largest >= Int(AssociateRequest.maximumLength) + 6 + (1 << 10))
    #expect(buffer.hasRoom(for: OverflowBuffer.largest + 1, within: memory) == false)
    #expect(memory.inUse == 0)
    #expect(buffer.hasRoom(for: OverflowBuffer.largest, within: memory) == true)
    #expect(buffer.capacity == OverflowBuffer.largest)
    buffer.fill { room in
      #expect(room.count == OverflowBuffer.largest)
      return room.count
    }
    #expect(buffer.isFull == true)
    #expect(buffer.hasRoom(for: 1, within: memory) == false)
    buffer.keep(1..<buffer.count)
    #expect(buffer.hasRoom(for: 1, within: memory) == true)
    #expect(buffer.hasRoom(for: 2, within: memory) == false)
    #expect(buffer.capacity == OverflowBuffer.largest)
  }

  @Test("Bytes beyond the budget are refused, and no other bytes are lost")
  func keepsWithinTheBudget() {
    let memory = MemoryBudget(limit: 12 << 10)
    var first = OverflowBuffer()
    var second = OverflowBuffer()
    #expect(first.append(piece(5000).span, within: memory) == true)
    #expect(memory.inUse == 8 << 10)
    #expect(second.append(piece(4096).span, within: memory) == true)
    #expect(memory.inUse == 12 << 10)
    #expect(second.append(piece(1).span, within: memory) == false)
    #expect(first.append(piece(4000).span, within: memory) == false)
    #expect(memory.inUse == 12 << 10)
    #expect(first.contents == piece(5000))
    #expect(second.contents == piece(4096))
    #expect(first.append(piece(3192, from: 5000).span, within: memory) == true)
    #expect(first.contents == piece(8192))
    second.free()
    #expect(memory.inUse == 8 << 10)
  }

  @Test("A buffer releases its memory whenever it becomes empty, and when it is destroyed")
  func givesItsMemoryBack() {
    let memory = MemoryBudget(limit: 4096)
    do {
      var buffer = OverflowBuffer()
      #expect(buffer.append(piece(100).span, within: memory) == true)
      buffer.keep(100..<100)
      #expect(memory.inUse == 0 && buffer.capacity == 0)
      #expect(buffer.append(piece(100).span, within: memory) == true)
      buffer.keep(0..<0)
      #expect(memory.inUse == 0)
      #expect(buffer.append(piece(100).span, within: memory) == true)
      buffer.free()
      buffer.free()
      #expect(memory.inUse == 0)
      #expect(buffer.append(piece(4096).span, within: memory) == true)
      #expect(memory.inUse == 4096)
    }
    #expect(memory.inUse == 0)
  }

  @Test("Room at the front is used before more memory is taken")
  func movesToTheFront() {
    let memory = MemoryBudget(limit: 4096)
    var buffer = OverflowBuffer()
    #expect(buffer.append(piece(4096).span, within: memory) == true)
    #expect(buffer.append(piece(1).span, within: memory) == false)
    buffer.keep(4000..<4096)
    #expect(buffer.isFull == true)
    #expect(buffer.append(piece(4000, from: 4096).span, within: memory) == true)
    #expect(buffer.contents == piece(4096, from: 4000))
    #expect(buffer.start == 0 && buffer.end == 4096)
    #expect(memory.inUse == 4096)
  }

  @Test("After any sequence of calls, it holds the same as a plain array", arguments: 1...10)
  func randomSequence(seed: Int) {
    var random = Random(seed: UInt64(seed))
    let memory = MemoryBudget(limit: 50_000)
    var buffer = OverflowBuffer()
    var model: [UInt8] = []
    for _ in 0..<300 {
      switch random.next(below: 8) {
      case 0...2:
        let new = piece(random.next(below: 6000), from: random.next(below: 256))
        if buffer.append(new.span, within: memory) { model += new }
      case 3, 4:
        let size = random.next(below: 5000)
        if buffer.hasRoom(for: size, within: memory) {
          let filled = random.next(below: size + 1)
          buffer.fill { room in
            #expect(room.count >= size)
            for index in 0..<filled { room[index] = UInt8(truncatingIfNeeded: index) }
            return filled
          }
          model += piece(filled)
        }
      case 5, 6:
        let bounds = [random.next(below: model.count + 1), random.next(below: model.count + 1)]
        buffer.keep(bounds.min()!..<bounds.max()!)
        model = Array(model[bounds.min()!..<bounds.max()!])
      default:
        if random.next(below: 10) == 0 {
          buffer.free()
          model = []
        }
      }
      #expect(buffer.count == model.count && buffer.isEmpty == model.isEmpty)
      #expect(memory.inUse == buffer.capacity)
      #expect(memory.inUse <= 50_000)
      #expect(buffer.contents == model)
    }
  }

  /// Returns `count` bytes that count up from `first`.
  private func piece(_ count: Int, from first: Int = 0) -> [UInt8] {
    (first..<first + count).map { UInt8(truncatingIfNeeded: $0) }
  }
}

extension OverflowBuffer {
  /// Makes room, and returns whether there is any.
  fileprivate mutating func hasRoom(for size: Int, within memory: MemoryBudget) -> Bool {
    (try? makeRoom(for: size, within: memory)) != nil
  }

  /// Appends bytes, and returns whether there was room.
  fileprivate mutating func append(_ bytes: Span<UInt8>, within memory: MemoryBudget) -> Bool {
    guard hasRoom(for: bytes.count, within: memory) else { return false }
    append(bytes)
    return true
  }

  /// A copy of the bytes in use.
  fileprivate var contents: [UInt8] {
    // Safe because the bytes are copied at once.
    unsafe Array(bytes)
  }
}
