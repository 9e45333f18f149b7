import Testing
import UpperLayer

/// A set of transfer syntaxes, one bit each.
struct TransferSyntaxSetTests {
  @Test func theEmptySet() {
    let set = TransferSyntaxSet()
    #expect(set.isEmpty)
    #expect(set.first == nil)
    #expect(TransferSyntax.allCases.allSatisfy { !set.contains($0) })
  }

  @Test func theFullSet() {
    let all = TransferSyntaxSet.all.bits
    #expect(all == 0x7FFF)
    #expect(all.nonzeroBitCount == TransferSyntax.allCases.count, "one has no bit")
    #expect(TransferSyntaxSet.all.first == .implicitVRLittleEndian)
    #expect(TransferSyntax.allCases.allSatisfy(TransferSyntaxSet.all.contains))
  }

  @Test(arguments: TransferSyntax.allCases) func oneElement(_ syntax: TransferSyntax) {
    var set = TransferSyntaxSet()
    set.insert(syntax)
    set.insert(syntax)
    #expect(set.first == syntax)
    #expect(TransferSyntax.allCases.filter(set.contains) == [syntax])
    set.remove(syntax)
    #expect(set.isEmpty)
    set.remove(syntax)
    #expect(set == TransferSyntaxSet())
  }

  /// When its first element is removed, the next one becomes the first.
  @Test func theFirstInTheDefaultOrder() {
    var set = TransferSyntaxSet.all
    for syntax in TransferSyntax.allCases {
      #expect(set.first == syntax)
      set.remove(syntax)
    }
    #expect(set.first == nil)
  }
}
