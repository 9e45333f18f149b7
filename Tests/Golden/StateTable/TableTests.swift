import FoundationEssentials
import Testing
import UpperLayer

/// Prints the acceptor's machine, as it is found by trying, and compares it with the one that was
/// agreed on. `UPDATE_GOLDEN=1` writes it anew.
@Suite struct TableTests {
  @Test func isTheOneAgreedOn() throws {
    try Golden.expect(Self.preamble + StateTable.text, at: "Tests/Golden/table-9-10.md")
  }

  /// Whatever was agreed on, the plain cells are the standard's.
  @Test(arguments: Row.all.indices) func agreesWithTheStandard(_ index: Int) throws {
    let row = Row.all[index]
    for state in StateTable.columns where !row.standard(in: state).isEmpty {
      let cell = try #require(Cell(row.samples[0], in: state))
      #expect(cell.action.hasPrefix(row.standard(in: state)), "\(row.event) in \(Cell.name(state))")
    }
  }

  /// Sta1 is the end: whatever happens, nothing is sent and nothing follows.
  @Test func nothingFollowsSta1() throws {
    for sample in Row.all.flatMap(\.samples) {
      let cell = try #require(Cell(sample, in: .idle))
      #expect(cell.reply.isEmpty && cell.state == .idle)
    }
  }

  private static let preamble = """
    # The acceptor's state machine

    PS3.8 Table 9-10 as this program has it, found by letting every event happen in every state.
    Written by `UPDATE_GOLDEN=1 swift test --disable-xctest --filter TableTests`; not to be edited.

    A cell names the actions, what is sent, and the next state; an empty one is an event that
    changes nothing. A connection begins in Sta2 (AE-5) and is closed by this side in Sta1. Sta3
    (AE-7, AE-8) and Sta8 (AR-4) begin and end within one event, so Evt7, Evt8 and Evt14 have no
    row; Evt1, Evt2, Evt5, Evt9 and Evt11 and the states Sta4, Sta5, Sta7 and Sta9 to Sta12 belong
    to a requestor, or to one that asks for a release.


    """
}
