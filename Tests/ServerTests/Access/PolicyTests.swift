import Settings
import TestKit
import Testing

@testable import Server

/// The policy under which connections are accepted, and its replacement by another one.
@Suite struct PolicyTests {
  private static func policy(_ change: (inout Settings) -> Void) throws -> Policy {
    var settings = Settings()
    change(&settings)
    return Policy(settings)
  }

  @Test(
    "New connections get the new policy; existing ones keep their timers", arguments: [1, 2])
  func takesEffect(workers: Int) throws {
    let crew = try Crew.running(workers: workers)
    let old = try crew.client()
    old.send(Wire.associateRequest())
    #expect(old.receivePDU().first == 0x02)

    crew.put(
      try Self.policy {
        $0.networkTimeout = 200
        $0.maxPdu = 1234
      })
    let new = try crew.client()
    new.send(Wire.associateRequest())
    #expect(new.receivePDU() == Wire.associateAccept(maximumLength: 1234))
    #expect(new.receivePDU() == Wire.abort(0, 0))
    old.send(Wire.echoRequest(1))
    #expect(old.receivePDU().first == 0x04)
    #expect(old.isSilent(for: 300))
  }

  @Test("The access rules change, too")
  func access() throws {
    let crew = try Crew.running()
    crew.put(
      try Self.policy { settings in
        try? Setting.named("deny-addresses")?.set("127.0.0.0/8", &settings)
      })
    let denied = try crew.client()
    #expect(denied.receiveAll().bytes == [])
    crew.put(
      try Self.policy {
        $0.requireCalledAeTitle = true
        $0.aeTitle = .named("OTHER")
      })
    let stranger = try crew.client()
    stranger.send(Wire.associateRequest())
    #expect(stranger.receivePDU() == Wire.reject(1, 1, 7))
  }

  @Test("A limit below the number of open associations does not end them")
  func maxAssociations() throws {
    let crew = try Crew.running()
    let first = try crew.client()
    first.send(Wire.associateRequest())
    #expect(first.receivePDU().first == 0x02)
    crew.put(try Self.policy { _ in }, maxAssociations: 1)
    let second = try crew.client()
    second.send(Wire.associateRequest())
    #expect(second.receivePDU() == Wire.reject(2, 3, 2))
    first.send(Wire.echoRequest(1))
    #expect(first.receivePDU().first == 0x04)
    crew.put(try Self.policy { _ in }, maxAssociations: 2)
    let third = try crew.client()
    third.send(Wire.associateRequest())
    #expect(third.receivePDU().first == 0x02)
  }
}
