import Log
import TestKit
import Testing

@testable import Ledger

/// The table of devices: which rows there are, and how many.
@Suite struct PeerTableTests {
  private static func table(_ titles: [String] = [], _ records: JournalRecord...) -> PeerTable {
    var table = PeerTable(configured: titles)
    for record in records { table.add(record) }
    return table
  }

  @Test("There is a row for each title and address, also without a title")
  func rows() {
    let table = Self.table(
      ["CT1"], Samples.released("CT1", "192.0.2.7"), Samples.released("CT1", "192.0.2.8"),
      Samples.released("CT2", "192.0.2.7"), Samples.failed(.silentPeer, nil, "192.0.2.7"),
      Samples.released("CT1", "192.0.2.7"))
    let rows = table.sorted(by: .title)
    #expect(rows.map(\.key.title) == ["CT1", "CT1", "CT2", nil])
    #expect(rows.map(\.key.address) == ["192.0.2.7", "192.0.2.8", "192.0.2.7", "192.0.2.7"])
    #expect(rows.map(\.isConfigured) == [true, true, false, false])
    #expect(rows[0].echoes == 2)
  }

  @Test("A record about the service or about many addresses belongs to no row")
  func noRow() {
    let sum = ["ECHOSCP_ADDRESSES=12", "ECHOSCP_REPEATED=1990"]
    let table = Self.table(
      [], Samples.service(.started), Samples.failed(.configInvalid),
      Samples.failed(.malformedPDU, nil, nil, sum[0], sum[1]),
      Samples.failed(.malformedPDU, "CT1", "192.0.2.7", sum[0]),
      Samples.service(.associationReleased, sum[0], sum[1], "DICOM_ECHOES=5"))
    #expect(table.sorted(by: .state).isEmpty)
    #expect(table.summedUp == 1991)
  }

  @Test("A section without a record has a row, with what its last record before the period says")
  func absent() {
    var table = Self.table(
      ["CT1", "CT10", "CT2", "US1"], Samples.released("CT1", "192.0.2.7"),
      Samples.failed(.silentPeer, nil, "192.0.2.9"))
    #expect(table.absentTitles == ["CT10", "CT2", "US1"])
    table.addAbsent("CT2", earlier: nil)
    table.addAbsent("CT10", earlier: Samples.released("CT10", "192.0.2.10", ago: Samples.day))
    table.addAbsent("US1", earlier: Samples.failed(.silentPeer, "US1", "192.0.2.11", ago: 5))
    #expect(table.absentTitles == [])
    let rows = table.sorted(by: .title)
    #expect(rows.map(\.key.title) == ["CT1", "CT2", "CT10", "US1", nil])
    #expect(rows.map(\.state) == [.ok, .absent, .absent, .absent, .failing])
    #expect(rows.map(\.isConfigured) == [true, true, true, true, false])
    let before = Samples.now - Samples.day
    #expect(rows.map(\.lastSeen) == [Samples.now, nil, before, Samples.now - 5, Samples.now])
    #expect(rows.map(\.lastEcho) == [Samples.now, nil, before, nil, nil])
    #expect(rows[1].key.address == nil && rows[2].key.address == "192.0.2.10")
    #expect(rows[2].echoes == 0 && rows[2].firstSeen == nil)
  }

  @Test("However many titles a peer makes up, rows are bounded; those of sections stay")
  func madeUp() {
    // With the capacity of the program, a debug build would take a minute for this.
    var table = PeerTable(configured: ["CT1"], capacity: 400)
    let count = 20_000
    table.add(Samples.released("CT1", "192.0.2.7", ago: Samples.day))
    for number in 0..<count {
      table.add(
        Samples.failed(.callingAETitle, "T\(number)", "192.0.2.66", ago: UInt64(count - number)))
      if number % 1000 == 0 { #expect(table.sorted(by: .title).count <= 400) }
    }
    let rows = table.sorted(by: .title)
    #expect(rows.count <= 400 && rows.count > 300)
    #expect(table.forgotten == UInt64(count + 1 - rows.count))
    #expect(rows.first?.key.title == "CT1")
    // The rest are the ones seen last.
    let numbers = rows.dropFirst().compactMap { $0.key.title.flatMap { Int($0.dropFirst()) } }
    #expect(numbers == Array(count - numbers.count..<count))
  }

  @Test("A device that comes again and again stays, whoever else makes up titles")
  func regular() {
    var table = PeerTable(configured: [], capacity: 100)
    for number in 0..<2000 {
      let ago = UInt64(4000 - number)
      if number % 10 == 0 { table.add(Samples.released("MR1", "192.0.2.5", ago: ago)) }
      table.add(Samples.failed(.callingAETitle, "T\(number)", "192.0.2.66", ago: ago))
    }
    #expect(table.sorted(by: .title).first { $0.key.title == "MR1" }?.echoes == 200)
  }

  @Test(
    "If the titles of sections come from too many addresses, their oldest rows go after all others")
  func manyAddresses() {
    var table = PeerTable(configured: ["CT1"], capacity: 100)
    table.add(Samples.released("MR1", "192.0.2.5"))
    for number in 0..<1000 {
      table.add(Samples.failed(.callingAETitle, "CT1", "a\(number)", ago: UInt64(1000 - number)))
    }
    let rows = table.sorted(by: .address)
    #expect(rows.count <= 100 && rows.count > 75 && table.forgotten == UInt64(1001 - rows.count))
    #expect(rows.allSatisfy { $0.key.title == "CT1" } && rows.last?.key.address == "a999")
  }

  @Test("The table of the program has room for the devices of any hospital")
  func capacity() { #expect(PeerTable.capacity >= 10_000) }
}
