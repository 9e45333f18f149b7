import Linux
import Settings
import TLS
import TestKit
import Testing
import UpperLayer

@testable import Log
@testable import Server

/// The rules on which addresses may connect: a denied address takes precedence over an allowed one.
@Suite struct AddressRulesTests {
  @Test(
    "An address is refused if it is denied, or not among those allowed",
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

  @Test("A connection from a denied address is closed, and logged")
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
        "W: 127.0.0.1:PORT: connection closed unread: the address is in deny-addresses"
      ])
  }
}

/// The rules that bind AE titles to addresses.
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
    "A title with a section is bound to its addresses; other titles are not bound",
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
    let objection = rules.objection(to: address, nil, of: try #require(AETitle(title)))
    #expect(objection?.text.lines == bound.map { [$0] })
  }

  private static let peer = NetworkAddress(bytes: InlineArray(repeating: 1), port: 104)

  /// The objection to `CT1` if its rules for certificates are `rules`, and its certificate has these names.
  private static func isAdmitted(
    _ rules: String, faults: CertificateFaults = [], isSecure: Bool = true
  ) -> Bool {
    var certificate = CertificateFacts()
    certificate.commonNames = [Array("CT 1".utf8), Array("bad\u{0}ct9".utf8)]
    certificate.dnsNames = [Array("CT1.Example".utf8)]
    certificate.uris = [Array("urn:ct:1".utf8)]
    certificate.fingerprint = [UInt8](repeating: 0xAB, count: 32)
    var configuration = Configuration()
    configuration.read(
      ConfigurationFile(path: "a", bytes: Array("[device CT1]\ncertificate = \(rules)\n".utf8)))
    let security = SessionFacts(chain: [certificate], faults: faults)
    let objection = DeviceRules(configuration.settings).objection(
      to: peer, isSecure ? security : nil, of: AETitle(literal: "CT1"))
    if let objection, case .certificateOfAnother = objection.event { return false }
    return objection == nil
  }

  private static let fingerprint = "sha256:" + String(repeating: "ab", count: 32)

  @Test(
    "A title is bound to a certificate by its names or its hash",
    arguments: [
      ("\"cn:CT 1\"", true), ("cn:CT1", false), ("cn:ct9", false), ("dns:ct1.example", true),
      ("dns:example", false), ("uri:urn:ct:1", true), ("uri:urn:CT:1", false), (fingerprint, true),
      ("sha256:" + String(repeating: "ac", count: 32), false), ("cn:CT1, uri:urn:ct:1", true),
    ])
  func certificate(rules: String, isAdmitted: Bool) {
    #expect(Self.isAdmitted(rules) == isAdmitted)
    #expect(!Self.isAdmitted(rules, isSecure: false))
  }

  @Test("In a certificate that was not verified, only the hash counts")
  func unverified() {
    #expect(!Self.isAdmitted("dns:ct1.example", faults: .untrusted))
    #expect(!Self.isAdmitted("\"cn:CT 1\"", faults: .expired))
    #expect(Self.isAdmitted(Self.fingerprint, faults: [.untrusted, .expired]))
  }

  @Test("Without a device section, there are no rules")
  func isEmpty() throws {
    #expect(DeviceRules(Settings()).isEmpty)
  }

  @Test("A bound title from another address is rejected; the next peer's reason is its own")
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

  @Test("A reload binds titles, and unbinds them")
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
