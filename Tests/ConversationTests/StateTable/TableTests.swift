import Testing
import UpperLayer

/// Makes every event happen in every state of the acceptor, and compares the reaction with PS3.8 Table 9-10. The
/// conformance statement shows the result in Annex F.
@Suite struct TableTests {
  /// The cells without a footnote agree with the standard.
  @Test(arguments: Row.all.indices) func agreesWithTheStandard(_ index: Int) throws {
    let row = Row.all[index]
    for state in StateTable.columns where !row.standard(in: state).isEmpty {
      let cell = try #require(Cell(row.samples[0], in: state))
      #expect(cell.action.hasPrefix(row.standard(in: state)), "\(row.event) in \(Cell.name(state))")
    }
  }

  /// Sta1 is final: no event sends a PDU or leads to another state.
  @Test func nothingFollowsSta1() throws {
    for sample in Row.all.flatMap(\.samples) {
      let cell = try #require(Cell(sample, in: .idle))
      #expect(cell.reply.isEmpty && cell.state == .idle)
    }
  }
}
