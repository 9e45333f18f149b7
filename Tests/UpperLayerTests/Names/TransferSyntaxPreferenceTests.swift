import TestKit
import Testing
import UpperLayer

/// The acceptor's order of transfer syntaxes decides, not the requestor's. Tests each of the five
/// orders in full.
struct TransferSyntaxPreferenceTests {
  /// The transfer syntaxes in the default order.
  static let uids = [
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.92",
    "1.2.840.10008.1.2.4.93", "1.2.840.10008.1.2.5",
  ]

  /// Each preference, and the indices in ``uids`` of the transfer syntaxes it accepts, best first.
  static let orders: [(TransferSyntaxPreference, [Int])] = [
    (.none, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
    (.uncompressed, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0]),
    (.little, [1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
    (.big, [3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
    (.implicit, [0]),
  ]

  /// The result for a context that proposes these transfer syntaxes.
  static func result(
    of proposed: [String], _ preference: TransferSyntaxPreference
  ) -> String? {
    var peer = Peer(preference: preference)
    let contexts = Wire.context(1, Wire.verification, proposed)
    return Acceptance(peer.send(Wire.associateRequest(contexts: contexts)))?.results.first
  }

  /// The expected ``result(of:_:)``: the acceptance of the best of `places` in `order`, or a refusal.
  static func best(of places: [Int], in order: [Int]) -> String {
    guard let chosen = order.first(where: places.contains) else {
      return "1:4 1.2.840.10008.1.2"
    }
    return "1:0 \(uids[chosen])"
  }

  @Test(arguments: orders)
  func eachTransferSyntaxAlone(_ preference: TransferSyntaxPreference, _ order: [Int]) {
    for place in Self.uids.indices {
      let result = Self.result(of: [Self.uids[place]], preference)
      #expect(result == Self.best(of: [place], in: order))
    }
  }

  /// Every pair of transfer syntaxes, proposed in either order; together the pairs fix the whole order.
  @Test(arguments: orders)
  func eachPair(_ preference: TransferSyntaxPreference, _ order: [Int]) {
    for first in Self.uids.indices {
      for second in Self.uids.indices where second != first {
        let result = Self.result(of: [Self.uids[first], Self.uids[second]], preference)
        #expect(result == Self.best(of: [first, second], in: order))
      }
    }
  }

  /// All transfer syntaxes, then all but the best, and so on until none is left.
  @Test(arguments: orders)
  func theWholeOrder(_ preference: TransferSyntaxPreference, _ order: [Int]) {
    var places = Array(Self.uids.indices.reversed())
    while true {
      let result = Self.result(of: places.map { Self.uids[$0] }, preference)
      #expect(result == Self.best(of: places, in: order))
      guard let best = order.first(where: places.contains) else { break }
      places.removeAll { $0 == best }
    }
  }

  @Test(arguments: orders)
  func unknownTransferSyntaxesAreNotChosen(
    _ preference: TransferSyntaxPreference, _ order: [Int]
  ) {
    let unknown = ["1.2.840.10008.1.2.4.110", "1.2.840.113619.5.2", "1.2.840.10008.1.2.1.98"]
    #expect(Self.result(of: unknown, preference) == "1:4 1.2.840.10008.1.2")
    #expect(
      Self.result(of: unknown + ["1.2.840.10008.1.2"] + unknown, preference)
        == "1:0 1.2.840.10008.1.2")
  }

  @Test func everyPreferenceIsInTheTable() {
    #expect(Self.orders.map(\.0) == TransferSyntaxPreference.allCases)
  }
}
