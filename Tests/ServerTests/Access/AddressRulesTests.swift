import Linux
import Settings
import TestKit
import Testing

@testable import Log
@testable import Server

/// Who may connect: what is denied counts more than what is allowed, and nothing is read of others.
@Suite struct AddressRulesTests {
  @Test(
    "An address is refused when it is denied, or not among those allowed",
    arguments: [
      ("all", "none", "192.0.2.7", nil),
      ("192.0.2.0/24", "none", "192.0.2.7", nil),
      ("192.0.2.0/24", "none", "192.0.3.7", false),
      ("192.0.2.0/24", "192.0.2.7", "192.0.2.7", true),
      ("all", "192.0.2.0/24", "192.0.2.7", true),
      ("all", "::/0", "192.0.2.7", nil),
      ("::1, 192.0.2.7", "none", "192.0.2.7", nil),
    ] as [(String, String, String, Bool?)])
  func refusal(allow: String, deny: String, peer: String, isAmongDenied: Bool?) throws {
    var settings = Settings()
    try #require(Setting.named("allow-addresses")).set(allow, &settings)
    try #require(Setting.named("deny-addresses")).set(deny, &settings)
    let parts = peer.split(separator: ".").compactMap { UInt8($0) }
    let address = NetworkAddress(
      bytes: [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, parts[0], parts[1], parts[2], parts[3],
      ], port: 104)
    switch AddressRules(settings).refusal(of: address) {
    case nil: #expect(isAmongDenied == nil)
    case .addressDenied(let found): #expect(found == isAmongDenied)
    case let other?: Issue.record("\(other)")
    }
  }

  @Test("A connection from an address that is denied is closed, and told of")
  func isClosed() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let writer = try LogWriter(queueCount: 1, level: .info)
      try writer.start()
      let crew = try Crew(writer: writer) { settings in
        try? Setting.named("deny-addresses")?.set("127.0.0.0/8", &settings)
      }
      try crew.start()
      let client = try crew.client()
      client.send(Wire.associateRequest())
      #expect(client.receiveAll().bytes.isEmpty)
      crew.stop(.stopping)
      #expect(crew.associations == 0)
      writer.stop()
    }
    #expect(
      lines(ofStandardError: process?.standardErrorContent).map(withoutPorts) == [
        "W: 127.0.0.1:PORT: connection closed unread: the address is among deny-addresses"
      ])
  }
}
