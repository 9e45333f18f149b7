import Requestor
import Testing

/// Makes every event happen in every state of the requestor, and compares the reaction with PS3.8 Table 9-10. The
/// conformance statement shows the result in Annex F.
@Suite struct RequestorTableTests {
  @Test(arguments: RequestorRow.all.indices) func agreesWithTheStandard(_ index: Int) throws {
    let row = RequestorRow.all[index]
    for (state, standard) in zip(RequestorTable.columns, row.standard) {
      let cell = try #require(RequestorCell(row.samples[0].kind, in: state))
      let actions = cell.action.split(separator: ", ").map(String.init)
      #expect(actions.first == standard, "\(row.event) in \(RequestorCell.name(state)): \(cell)")
    }
  }

  @Test("Every reaction is in the standard's tables and ends in the state that they give")
  func everySample() throws {
    let ends = ["AA-1": "Sta13", "AA-8": "Sta13", "AR-4": "Sta13", "AR-9": "Sta11", "AR-6": "Sta7"]
    for sample in RequestorRow.all.flatMap(\.samples) {
      for state in RequestorTable.columns {
        let cell = try #require(RequestorCell(sample.kind, in: state))
        #expect(!cell.text.contains("in no table"), "\(sample) in \(RequestorCell.name(state))")
        let last = String(cell.action.split(separator: " ").last ?? "")
        if let end = ends[last] { #expect(cell.state == end, "\(cell)") }
      }
    }
  }

  @Test("After the end, nothing more is sent and the state stays the same")
  func nothingFollows() throws {
    for sample in RequestorRow.all.flatMap(\.samples) {
      let cell = try #require(RequestorCell(sample.kind, in: .closed))
      #expect(cell.sent.isEmpty && cell.state == "Sta1")
    }
  }
}
