import Testing
import UpperLayer

/// A set of presentation context IDs, including even ones.
struct ContextSetTests {
  @Test(arguments: 0...255) func oneID(_ id: Int) {
    let id = UInt8(id)
    var set = ContextSet()
    #expect(!set.contains(id))
    let isNew = set.insert(id)
    let isNewAgain = set.insert(id)
    #expect(isNew)
    #expect(!isNewAgain)
    #expect((0...255).filter { set.contains(UInt8($0)) } == [Int(id)])
  }

  @Test func everyID() {
    var set = ContextSet()
    for id in 0...255 {
      #expect(!set.contains(UInt8(id)))
      let isNew = set.insert(UInt8(id))
      #expect(isNew)
    }
    #expect((0...255).allSatisfy { set.contains(UInt8($0)) })
  }

  /// IDs that differ in a single bit, whichever it is, are different IDs.
  @Test(arguments: [(0, 64), (1, 129), (63, 127), (127, 255), (0, 1), (192, 193)])
  func setsDiffer(_ left: UInt8, _ right: UInt8) {
    var lefts = ContextSet()
    var rights = ContextSet()
    _ = lefts.insert(left)
    _ = rights.insert(right)
    #expect(lefts != rights)
    _ = lefts.insert(right)
    _ = rights.insert(left)
    #expect(lefts == rights)
  }
}
