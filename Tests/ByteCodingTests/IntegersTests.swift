import ByteCoding
import Testing

/// Integers are read from and written to byte spans at any offset, in either byte order, and never
/// outside the span.
struct IntegersTests {
  /// 01 02 03 … 10: each byte is its offset plus 1.
  static let bytes: [UInt8] = Array(1...16)

  @Test(arguments: 0...14) func twoBytesAtAnyOffset(_ offset: Int) {
    let span = Self.bytes.span
    let first = UInt16(offset + 1)
    let second = UInt16(offset + 2)
    #expect(span.bigEndian(UInt16.self, at: offset) == first << 8 | second)
    #expect(span.littleEndian(UInt16.self, at: offset) == second << 8 | first)
  }

  @Test(arguments: 0...12) func fourBytesAtAnyOffset(_ offset: Int) {
    let span = Self.bytes.span
    let expected = Self.bytes[offset..<offset + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    #expect(span.bigEndian(UInt32.self, at: offset) == expected)
    #expect(span.littleEndian(UInt32.self, at: offset) == expected.byteSwapped)
  }

  @Test(arguments: 0...8) func eightBytesAtAnyOffset(_ offset: Int) {
    let span = Self.bytes.span
    let expected = Self.bytes[offset..<offset + 8].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    #expect(span.bigEndian(UInt64.self, at: offset) == expected)
    #expect(span.littleEndian(UInt64.self, at: offset) == expected.byteSwapped)
  }

  @Test func aLoadIsInTheOrderOfTheMachine() {
    let span = Self.bytes.span
    #expect(span.load(UInt16.self, at: 3).bigEndian == 0x0405)
    #expect(span.load(UInt8.self, at: 15) == 16)
  }

  @Test func everyBitOfAnIntegerIsLoaded() {
    let bytes: [UInt8] = [0xFF, 0xFE, 0x80, 0x7F]
    #expect(bytes.span.bigEndian(UInt32.self, at: 0) == 0xFFFE_807F)
    #expect(bytes.span.littleEndian(UInt32.self, at: 0) == 0x7F80_FEFF)
  }

  @Test func appendsInEitherByteOrder() {
    let written = [UInt8](capacity: 32) { output in
      output.append(bigEndian: 0x0102 as UInt16)
      output.append(littleEndian: 0x0102 as UInt16)
      output.append(bigEndian: 0x0102_0304 as UInt32)
      output.append(littleEndian: 0x0102_0304 as UInt32)
      output.append(bigEndian: 0x0102_0304_0506_0708 as UInt64)
    }
    #expect(written == [1, 2, 2, 1, 1, 2, 3, 4, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func storesUpToTheLastByteOfRoom() {
    let written = [UInt8](capacity: 8) { output in
      output.store(0xAAAA_AAAA as UInt32)
      #expect(output.count == 4)
      output.store(0xBBBB_BBBB as UInt32)
      #expect(output.count == 8)
    }
    #expect(written == [0xAA, 0xAA, 0xAA, 0xAA, 0xBB, 0xBB, 0xBB, 0xBB])
  }

  /// Eight bytes are copied at a time, so every remainder is tested.
  @Test(arguments: 0...33) func copiesEveryByteOfASpan(_ length: Int) {
    let source = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 1) }
    let written = [UInt8](capacity: length + 1) { output in
      output.append(0xEE)
      output.append(copying: source.span)
    }
    #expect(written == [0xEE] + source)
  }

  @Test func patchesOnlyTheBytesOfTheField() {
    let written = [UInt8](capacity: 16) { output in
      for _ in 0..<12 { output.append(0xEE) }
      output.patch(bigEndian: 0x0102 as UInt16, at: 1)
      output.patch(bigEndian: 0x0304_0506 as UInt32, at: 5)
    }
    #expect(
      written == [0xEE, 1, 2, 0xEE, 0xEE, 3, 4, 5, 6, 0xEE, 0xEE, 0xEE])
  }

  // MARK: beyond the span

  @Test func aLoadBeyondTheEndTraps() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let bytes: [UInt8] = [1, 2, 3, 4]
      _ = bytes.span.bigEndian(UInt32.self, at: 1)
    }
    #expect(Self.said("load out of bounds", exit))
  }

  @Test func aLoadBeforeTheBeginningTraps() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let bytes: [UInt8] = [1, 2, 3, 4]
      _ = bytes.span.bigEndian(UInt16.self, at: -1)
    }
    #expect(Self.said("load out of bounds", exit))
  }

  @Test func aLoadFarBeyondTheEndTraps() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let bytes: [UInt8] = [1, 2, 3, 4]
      _ = bytes.span.bigEndian(UInt16.self, at: Int.max)
    }
    #expect(Self.said("load out of bounds", exit))
  }

  @Test func aStoreWithoutRoomTraps() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = [UInt8](capacity: 8) { output in
        // The array may have got more room than requested.
        while output.freeCapacity > 1 { output.append(0) }
        output.store(0 as UInt16)
      }
    }
    #expect(Self.said("store out of bounds", exit))
  }

  /// Whether a process ended with `message`: the precondition is the program's own, not one that is
  /// only checked in a debug build.
  static func said(_ message: String, _ exit: ExitTest.Result?) -> Bool {
    String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self).contains(": \(message)")
  }
}
