import ByteCoding
import Testing

/// A reader returns the bytes that are there, or `nil`, without advancing, if there are too few.
struct ReaderTests {
  @Test func readsOneFieldAfterTheOther() {
    let bytes: [UInt8] = [0x01, 0x00, 0x02, 0xAA, 0xBB]
    var reader = Reader(bytes.span)
    let first = reader.uint8()
    let second = reader.uint16()
    var taken: [UInt8] = []
    if let span = reader.take(2) { taken = [span[0], span[1]] }
    let isAtEnd = reader.isAtEnd
    #expect(first == 1)
    #expect(second == 2)
    #expect(taken == [0xAA, 0xBB])
    #expect(isAtEnd)
  }

  @Test func fieldsAreBigEndian() {
    let bytes: [UInt8] = [0xFF, 0x01, 0xFE, 0x02]
    var reader = Reader(bytes.span)
    let short = reader.uint16()
    let next = reader.uint16()
    #expect(short == 0xFF01)
    #expect(next == 0xFE02)
  }

  @Test func positionAndRemainingAddUp() {
    let bytes = [UInt8](repeating: 7, count: 10)
    var reader = Reader(bytes.span)
    var places = [[reader.position, reader.remaining]]
    _ = reader.uint8()
    places.append([reader.position, reader.remaining])
    _ = reader.uint16()
    places.append([reader.position, reader.remaining])
    _ = reader.take(3)
    places.append([reader.position, reader.remaining])
    #expect(places == [[0, 10], [1, 9], [3, 7], [6, 4]])
  }

  /// The number of bytes left, and whether each of the three reads succeeds with that many.
  @Test(arguments: [
    (0, [false, false, false]),
    (1, [true, false, false]),
    (2, [true, true, false]),
    (3, [true, true, true]),
  ])
  func aFieldIsReadOnlyWhole(_ left: Int, _ succeeds: [Bool]) {
    let bytes = [UInt8](repeating: 1, count: left)
    var readers = [Bool]()
    var positions = [Int]()
    for attempt in 0..<3 {
      var reader = Reader(bytes.span)
      let succeeded =
        switch attempt {
        case 0: reader.uint8() != nil
        case 1: reader.uint16() != nil
        default: reader.take(3) != nil
        }
      readers.append(succeeded)
      positions.append(reader.position)
    }
    #expect(readers == succeeds)
    let sizes = [1, 2, 3]
    #expect(positions == zip(succeeds, sizes).map { $0 ? $1 : 0 })
  }

  @Test(arguments: [-1, Int.min, 5, 65535, Int.max])
  func whatIsNotThereCannotBeTaken(_ count: Int) {
    let bytes: [UInt8] = [1, 2, 3, 4]
    var reader = Reader(bytes.span)
    let isNothing = reader.take(count) == nil
    let position = reader.position
    #expect(isNothing)
    #expect(position == 0)
  }

  @Test func nothingCanAlwaysBeTaken() {
    let bytes: [UInt8] = []
    var reader = Reader(bytes.span)
    let count = reader.take(0)?.count
    #expect(count == 0)
  }

  @Test func aReaderOfAPartDoesNotSeeBeyondIt() {
    let bytes: [UInt8] = [1, 2, 3, 4]
    var outer = Reader(bytes.span)
    guard let part = outer.take(2) else {
      Issue.record("two of four bytes are there")
      return
    }
    var inner = Reader(part)
    let tooMuch = inner.take(3) == nil
    let enough = inner.uint16()
    let isAtEnd = inner.isAtEnd
    let behind = outer.uint16()
    #expect(tooMuch)
    #expect(enough == 0x0102)
    #expect(isAtEnd)
    #expect(behind == 0x0304)
  }
}
