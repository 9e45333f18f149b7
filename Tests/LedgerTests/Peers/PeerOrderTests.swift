import Log
import TestKit
import Testing

@testable import Ledger

/// The orders of rows.
@Suite struct PeerOrderTests {
  @Test("Numbers in a text count as numbers")
  func natural() {
    for texts in [
      ["", "CT", "CT1", "CT2", "CT10", "CT010A", "CT10B", "CTA", "MR1"],
      ["192.0.2.9", "192.0.2.10", "192.0.10.1", "198.51.100.1", "2001:db8::9", "2001:db8::10"],
      ["1", "01", "2", "18446744073709551616", "18446744073709551617"].sorted {
        PeerRow.Key.comesBefore($0, $1)
      },
      ["A", "AA", "a"], ["0", "1", "A"], ["A 1", "A1"],
    ] {
      for (index, text) in texts.enumerated() {
        #expect(!PeerRow.Key.comesBefore(text, text))
        for later in texts[(index + 1)...] {
          #expect(PeerRow.Key.comesBefore(text, later), "\(text) before \(later)")
          #expect(!PeerRow.Key.comesBefore(later, text), "\(later) not before \(text)")
        }
      }
    }
  }

  @Test("Any texts have one order: of two, one comes first, and of three, the order is the same")
  func strictOrder() {
    var random = Random(seed: 3)
    let pieces = ["0", "00", "1", "01", "9", "10", "A", "B", ".", " ", "é", "e\u{301}", "\u{FFFD}"]
    func text() -> String {
      (0..<random.next(below: 5)).map { _ in pieces[random.next(below: pieces.count)] }.joined()
    }
    func key() -> PeerRow.Key {
      PeerRow.Key(
        title: random.next(below: 4) == 0 ? nil : text(),
        address: random.next(below: 4) == 0 ? nil : text())
    }
    func comesBefore(_ one: String, _ other: String) -> Bool {
      PeerRow.Key.comesBefore(one, other)
    }
    for _ in 0..<3000 {
      let (one, two, three) = (text(), text(), text())
      let isSame = Array(one.utf8) == Array(two.utf8)
      #expect(isSame != (comesBefore(one, two) != comesBefore(two, one)), "\(one), \(two)")
      if comesBefore(one, two), comesBefore(two, three) {
        #expect(comesBefore(one, three), "\(one), \(two), \(three)")
      }
      let keys = [key(), key(), key()]
      #expect(!(keys[0] < keys[1] && keys[1] < keys[0]), "\(keys)")
      if keys[0] < keys[1], keys[1] < keys[2] { #expect(keys[0] < keys[2], "\(keys)") }
    }
  }

  @Test("Rows are in the order that was asked for, whatever the order of their records")
  func orders() {
    let records = [
      Samples.released("CT10", "192.0.2.10", echoes: 3, ago: 10),
      Samples.released("CT2", "192.0.2.9", echoes: 7, ago: 20),
      Samples.failed(.calledAETitle, "MR1", "192.0.2.100", ago: 30, "ECHOSCP_REPEATED=5"),
      Samples.failed(.calledAETitle, "MR2", "192.0.2.7", ago: 5, "ECHOSCP_REPEATED=2"),
      Samples.healthCheck("192.0.2.1", ago: 1), Samples.released("US1", "192.0.2.4", echoes: 0),
    ]
    let expected: [PeerTable.Order: [String]] = [
      .state: ["MR2", "MR1", "US0", "US1", "-", "CT10", "CT2"],
      .title: ["CT2", "CT10", "MR1", "MR2", "US0", "US1", "-"],
      .address: ["US0", "-", "US1", "MR2", "CT2", "CT10", "MR1"],
      .last: ["US1", "-", "MR2", "CT10", "CT2", "MR1", "US0"],
      .echoes: ["CT2", "CT10", "MR1", "MR2", "US0", "US1", "-"],
      .failures: ["MR1", "MR2", "CT2", "CT10", "US0", "US1", "-"],
    ]
    var random = Random(seed: 1)
    for _ in 0..<20 {
      var table = PeerTable(configured: ["US0"])
      for record in records.shuffled(using: &random) { table.add(record) }
      table.addAbsent("US0", earlier: nil)
      for order in PeerTable.Order.allCases {
        let titles = table.sorted(by: order).map { $0.key.title ?? "-" }
        #expect(titles == expected[order], "\(order)")
      }
    }
  }
}
