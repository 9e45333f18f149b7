import Linux
import ProxyProtocol
import TestKit
import Testing

@testable import Log

/// Addresses that many devices share.
@Suite struct SharedAddressesTests {
  /// What is told of records with these titles from one address.
  private func told(
    _ titles: [String], from address: String = "192.0.2.7", in addresses: inout SharedAddresses
  ) -> [Int] {
    titles.compactMap { title in
      let record = Occurrence.record(at: 1, from: address, calling: title)
      return record.subject.flatMap { addresses.meet(record, $0) }
    }
  }

  private static let titles = (1...SharedAddresses.manyTitles).map { "CT\($0)" }

  @Test("The eighth title of an address is told, once")
  func many() {
    var addresses = SharedAddresses()
    #expect(told(Self.titles.dropLast() + Self.titles.dropLast(), in: &addresses) == [])
    #expect(told(["CT8", "CT8", "CT9"] + Self.titles, in: &addresses) == [8])
    #expect(told(Self.titles, from: "192.0.2.8", in: &addresses) == [8])
  }

  @Test("Records without a title do not count, nor do those behind a PROXY header")
  func others() throws {
    var addresses = SharedAddresses()
    #expect(told(Self.titles.dropLast() + ["", " "], in: &addresses) == [])
    var relayed = Occurrence.record(at: 1, calling: "CT8")
    let bytes = ProxyWire.header(ProxyWire.ipv4)
    guard case .header(let header) = ProxyHeader.read(bytes.span) else {
      Issue.record("not a header")
      return
    }
    let subject = try #require(relayed.subject)
    relayed.relay = Relay(header, from: subject.peer)
    #expect(addresses.meet(relayed, subject) == nil)
    #expect(relayed.relay?.client?.text == "192.0.2.1:56324")
  }

  @Test("A flood of titles from many addresses is told a few times only")
  func few() {
    var addresses = SharedAddresses()
    let all = (1...20).flatMap { told(Self.titles, from: "192.0.2.\($0)", in: &addresses) }
    #expect(all.count == SharedAddresses.mostTold)
  }

  @Test("A flood of addresses takes bounded memory")
  func bounded() {
    var addresses = SharedAddresses()
    for number in 0..<3 * SharedAddresses.capacity {
      let address = "10.0.\(number / 256).\(number % 256)"
      #expect(told(["CT1", "CT2"], from: address, in: &addresses) == [])
    }
    #expect(addresses.count == SharedAddresses.capacity)
  }
}
