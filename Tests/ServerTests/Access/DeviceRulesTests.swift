import Linux
import Settings
import TestKit
import Testing
import UpperLayer

@testable import Log
@testable import Server

/// Which AE titles are bound to which addresses.
@Suite struct DeviceRulesTests {
  private static let text = """
    [device CT1]
    address = 127.0.0.2, 127.1.0.0/16, ::1
    [device "CT 2"]
    address = 127.0.0.1, ::2, ::3, ::4, ::5, ::6
    """

  private static func change(_ settings: inout Settings) {
    var configuration = Configuration()
    configuration.read(ConfigurationFile(path: "a", bytes: Array(text.utf8)))
    settings.devices = configuration.settings.devices
  }

  @Test(
    "A title of a section belongs to its addresses; others have no place",
    arguments: [
      ("CT1", "127.0.0.1", "127.0.0.2, 127.1.0.0/16, ::1"), ("CT1", "127.0.0.2", nil),
      ("CT1", "127.1.9.9", nil), ("CT1", "::1", nil), ("CT1", "::ffff:127.0.0.2", nil),
      ("  CT1", "127.0.0.1", "127.0.0.2, 127.1.0.0/16, ::1"), ("ct1", "127.0.0.1", nil),
      ("CT10", "127.0.0.1", nil), ("MR1", "127.0.0.1", nil), ("CT 2", "127.0.0.1", nil),
      ("CT 2", "127.0.0.2", "127.0.0.1, ::2, ::3, ::4 and 2 more"), ("CT 2", "::6", nil),
    ] as [(String, String, String?)])
  func objection(title: String, peer: String, bound: String?) throws {
    var settings = Settings()
    Self.change(&settings)
    let rules = DeviceRules(settings)
    #expect(!rules.isEmpty)
    let address = try #require(Listener.place(peer, port: 104))
    let objection = rules.objection(to: address, of: try #require(AETitle(title)))
    #expect(objection?.lines == bound.map { [$0] })
  }

  @Test("Without a section there is no rule")
  func isEmpty() throws {
    #expect(DeviceRules(Settings()).isEmpty)
  }

  @Test("Who comes from elsewhere is rejected and told of; the next one has reasons of its own")
  func isRejected() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let writer = try LogWriter(queueCount: 1, level: .warning)
      try writer.start()
      let crew = try Crew(maxAssociations: 1, writer: writer) { Self.change(&$0) }
      try crew.start()
      func answer(
        _ calling: String, context: String = "1.2.840.10008.3.1.1.1"
      ) throws -> [UInt8] {
        let client = try crew.client()
        client.send(
          Wire.associateRequest(
            fixed: Wire.fixedFields(calling: Wire.title(calling)),
            application: Wire.applicationContext(context)))
        let answer = client.receivePDU()
        client.send(Wire.releaseRequest)
        _ = client.receivePDU()
        return answer
      }
      #expect(try answer("CT1") == Wire.reject(1, 1, 3))
      #expect(try answer("CT1", context: "1") == Wire.reject(1, 1, 2))
      #expect(try answer("CT 2").first == 2)
      #expect(try answer("MR1").first == 2)
      crew.stop(.stopping)
      #expect(crew.associations == 2)
      writer.stop()
    }
    #expect(
      lines(ofStandardError: process?.standardErrorContent).map(withoutPorts) == [
        "W: CT1 at 127.0.0.1:PORT: association rejected: calling AE title \"CT1\" is bound to "
          + "127.0.0.2, 127.1.0.0/16, ::1 by [device CT1]",
        "W: CT1 at 127.0.0.1:PORT: association rejected: application context name 1 not supported; "
          + "expected 1.2.840.10008.3.1.1.1",
      ])
  }

  @Test("A reload binds titles, and frees them")
  func reload() throws {
    let crew = try Crew.running()
    let request = Wire.associateRequest(fixed: Wire.fixedFields(calling: Wire.title("CT1")))
    var settings = Settings()
    for isBound in [false, true, false] {
      if isBound { Self.change(&settings) } else { settings.devices = [] }
      crew.put(Policy(settings))
      let client = try crew.client()
      client.send(request)
      #expect(client.receivePDU().first == (isBound ? 3 : 2))
    }
  }
}
