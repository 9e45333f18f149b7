import TestKit
import Testing

@testable import Log

/// An A-ASSOCIATE-RQ at debug, line by line as pynetdicom shows it, and what is never shown of it.
@Suite struct RequestDumpTests {
  private static let ct = "1.2.840.10008.5.1.4.1.1.2"
  private static let explicit = "1.2.840.10008.1.2.1"

  @Test("The least that a request may have")
  func minimal() {
    let request = Wire.pdu(1, Wire.fixedFields())
    expect(
      request,
      """
      Request Parameters:
      ======================= INCOMING A-ASSOCIATE-RQ PDU ========================
      Their Implementation Class UID:      unknown
      Their Implementation Version Name:   unknown
      Application Context Name:    None
      Calling Application Name:    MODALITY1
      Called Application Name:     ECHOSCP
      Their Max PDU Receive Size:  None
      Presentation Contexts:
      Requested Extended Negotiation: None
      Requested Common Extended Negotiation: None
      Requested Asynchronous Operations Window Negotiation: None
      Requested User Identity Negotiation: None
      ========================== END A-ASSOCIATE-RQ PDU ==========================
      """)
  }

  @Test("What an echo requests")
  func echo() {
    expect(
      Wire.associateRequest(),
      """
      Request Parameters:
      ======================= INCOMING A-ASSOCIATE-RQ PDU ========================
      Their Implementation Class UID:      1.2.3.4
      Their Implementation Version Name:   REQUESTOR_1
      Application Context Name:    1.2.840.10008.3.1.1.1
      Calling Application Name:    MODALITY1
      Called Application Name:     ECHOSCP
      Their Max PDU Receive Size:  16382
      Presentation Context:
        Context ID:        1 (Proposed)
          Abstract Syntax: =Verification SOP Class
          Proposed SCP/SCU Role: Default
          Proposed Transfer Syntax:
            =Implicit VR Little Endian
      Requested Extended Negotiation: None
      Requested Common Extended Negotiation: None
      Requested Asynchronous Operations Window Negotiation: None
      Requested User Identity Negotiation: None
      ========================== END A-ASSOCIATE-RQ PDU ==========================
      """)
  }

  @Test("Everything that can be negotiated")
  func everything() {
    let contexts =
      Wire.context(5, "1.2.3.4.5", [])
      + Wire.context(3, Self.ct, [Self.explicit, "1.2.840.10008.1.2.4.50", "1.2.3"])
      + Wire.context(1, Wire.verification, [Wire.implicitLittle])
    let roles = [Self.ct, "1.2.3.4.5"].map { Association.field($0.utf8) }
    let common =
      Association.field(Self.ct.utf8) + Association.field("1.2.840.10008.4.2".utf8)
    let related =
      Association.field("1.2.840.10008.5.1.4.1.1.4".utf8) + Association.field("1.2".utf8)
    let user = Wire.userInformation(
      maximumLength: 0xFFFF_FFFF,
      extra: Association.userIdentity(2, response: 1, Array("jörg".utf8), Array("secret".utf8))
        + Wire.item(0x57, common + Wire.be16(related.count) + related)
        + Wire.item(0x56, Association.field(Self.ct.utf8) + [1, 0, 0xAB])
        + Wire.item(0x53, [0, 0, 0xFF, 0xFF]) + Wire.item(0x54, roles[0] + [1, 1])
        + Wire.item(0x57, common + Wire.be16(0)) + Wire.item(0x54, roles[1] + [0, 1])
        + Wire.item(0x56, Association.field("1.2".utf8)))
    expect(
      Wire.associateRequest(contexts: contexts, user: user),
      """
      Request Parameters:
      ======================= INCOMING A-ASSOCIATE-RQ PDU ========================
      Their Implementation Class UID:      1.2.3.4
      Their Implementation Version Name:   REQUESTOR_1
      Application Context Name:    1.2.840.10008.3.1.1.1
      Calling Application Name:    MODALITY1
      Called Application Name:     ECHOSCP
      Their Max PDU Receive Size:  4294967295
      Presentation Contexts:
        Context ID:        1 (Proposed)
          Abstract Syntax: =Verification SOP Class
          Proposed SCP/SCU Role: Default
          Proposed Transfer Syntax:
            =Implicit VR Little Endian
        Context ID:        3 (Proposed)
          Abstract Syntax: =CT Image Storage
          Proposed SCP/SCU Role: SCP/SCU
          Proposed Transfer Syntaxes:
            =Explicit VR Little Endian
            =JPEG Baseline (Process 1)
            =1.2.3
        Context ID:        5 (Proposed)
          Abstract Syntax: =1.2.3.4.5
          Proposed SCP/SCU Role: SCP
          Proposed Transfer Syntaxes:
      Requested Extended Negotiation:
        SOP Class: =1.2.840.10008.5.1.4.1.1.2
          01  00  ab
        SOP Class: =1.2
      Requested Common Extended Negotiation:
        SOP Class: =CT Image Storage
          Service Class: =Storage Service Class
          Related General SOP Class(es):
            =MR Image Storage
            =1.2
        SOP Class: =CT Image Storage
          Service Class: =Storage Service Class
          Related General SOP Classes: None
      Requested Asynchronous Operations Window Negotiation:
        Maximum Invoked Operations:     0
        Maximum Performed Operations:   65535
      Requested User Identity Negotiation:
        Authentication Mode: 2 - Username/Password
        Username: [jörg]
        Password: (not dumped)
        Positive Response Requested: Yes
      ========================== END A-ASSOCIATE-RQ PDU ==========================
      """)
  }

  @Test("Contexts come in the order of their IDs, and of one ID in the order in which they came")
  func orderOfContexts() {
    let ids = [255, 9, 7, 9, 0, 7, 9]
    let contexts = ids.enumerated().flatMap { Wire.context($1, "1.2.\($0)", []) }
    let lines = Association.requestLines(Wire.associateRequest(contexts: contexts))
    #expect(
      lines.filter { $0.hasPrefix("  Context ID:") }.map { $0.split(separator: " ")[2] }
        == ["0", "7", "7", "9", "9", "9", "255"])
    #expect(
      lines.filter { $0.hasPrefix("    Abstract Syntax: =") }.compactMap {
        $0.split(separator: ".").last
      }
        == ["4", "2", "5", "1", "3", "6", "0"])
    #expect(lines.contains("Presentation Contexts:"))
  }

  @Test(
    "A role is proposed, or it is the default one",
    arguments: [
      ([(1, 0)], "SCU"), ([(0, 1)], "SCP"), ([(1, 1)], "SCP/SCU"), ([(255, 2)], "SCP/SCU"),
      ([(0, 0)], ""), ([], "Default"), ([(1, 0), (0, 1)], "SCP"),
    ] as [([(scu: UInt8, scp: UInt8)], String)])
  func roles(selections: [(scu: UInt8, scp: UInt8)], role: String) {
    let items = selections.flatMap {
      Wire.item(0x54, Association.field("\(Wire.verification)\0".utf8) + [$0.scu, $0.scp])
    }
    let lines = Association.requestLines(Association.request(negotiating: items))
    #expect(lines.contains("    Proposed SCP/SCU Role: \(role)"))
  }

  @Test(
    "Of what extends a SOP class 512 bytes are shown, sixteen a line",
    arguments: [0, 1, 15, 16, 17, 32, 511, 512, 513, 5000])
  func extendedNegotiation(size: Int) {
    let information = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    let item = Wire.item(0x56, Association.field(Self.ct.utf8) + information)
    let lines = Association.requestLines(Association.request(negotiating: item))
    var expected = ["Requested Extended Negotiation:", "  SOP Class: =\(Self.ct)"]
    if size > 512 { expected.append("    Only dumping 512 bytes.") }
    for start in stride(from: 0, to: min(size, 512), by: 16) {
      let digits = information[start..<min(start + 16, min(size, 512))].map { byte in
        [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined()
      }
      expected.append("    " + digits.joined(separator: "  "))
    }
    let found = lines.drop { $0 != expected[0] }.prefix { !$0.hasPrefix("Requested Common") }
    #expect(Array(found) == expected)
  }

  @Test(
    "Who the user is is shown, what proves it is not",
    arguments: [
      (1, 0, ["1 - Username", "Username: [PRIMARY]", none]),
      (1, 1, ["1 - Username", "Username: [PRIMARY]", yes]),
      (2, 0, ["2 - Username/Password", "Username: [PRIMARY]", "Password: (not dumped)", none]),
      (3, 1, ["3 - Kerberos", "Kerberos Service Ticket (not dumped) length: 7", yes]),
      (4, 255, ["4 - SAML", "SAML Assertion (not dumped) length: 7", yes]),
      (5, 0, ["5 - JSON Web Token", "JSON Web Token (not dumped) length: 7", none]),
      (9, 1, ["9 - (no value available)", yes]), (0, 0, ["0 - (no value available)", none]),
      (255, 0, ["255 - (no value available)", none]),
    ])
  func userIdentity(type: Int, response: Int, expected: [String]) {
    let item = Association.userIdentity(
      type, response: response, Array("PRIMARY".utf8), Array("SECRET".utf8))
    let lines = Association.requestLines(Association.request(negotiating: item))
    let found = lines.drop { $0 != "Requested User Identity Negotiation:" }.dropFirst().dropLast()
    #expect(
      Array(found) == ["  Authentication Mode: \(expected[0])"]
        + expected.dropFirst().map { "  \($0)" })
    let text = lines.joined(separator: "\n")
    #expect(!text.contains("SECRET"))
    #expect(text.contains("PRIMARY") == (type == 1 || type == 2))
  }

  @Test("No passcode, ticket or token is shown in any form, whatever its bytes are")
  func secrets() {
    for type in [2, 3, 4, 5, 6, 9] {
      for secret in [Array("hunter22".utf8), [0xDE, 0xAD, 0xBE, 0xEF, 0xFE, 0xED, 0x0A, 0x1B]] {
        // The user name of type 2 is told; what proves it comes second there, and first elsewhere.
        let item = Association.userIdentity(type, type == 2 ? Array("u".utf8) : secret, secret)
        let pdus = Association.pdus(Association.request(negotiating: item))
        let record = Record(
          .associationAccepted(outcome(accepted: 1)), about: modality,
          attachment: pdus.map { .pdus($0) })
        let text = TerminalLines(level: .debug).lines(of: record)
        #expect(text.contains("  Authentication Mode: \(type) - "))
        for start in 0..<secret.count - 3 {
          let part = secret[start..<start + 4]
          let digits = part.map { Escaping.hexadecimal($0) }
          for form in [
            String(decoding: part, as: UTF8.self), Association.escaped(Array(part)),
            digits.joined(), digits.joined(separator: " "), digits.joined(separator: "  "),
          ] { #expect(!text.contains(form), "type \(type): \(form)") }
        }
      }
    }
  }

  @Test(
    "Of another protocol version what can be read is shown, and where it cannot be read any more")
  func anotherVersion() {
    let user = Wire.item(0x50, Wire.item(0x58, [1]))
    let request = Wire.associateRequest(fixed: Wire.fixedFields(version: 2), user: user)
    #expect(
      Association.requestLines(request).dropFirst(2).dropLast(5) == [
        "Their Implementation Class UID:      unknown",
        "Their Implementation Version Name:   unknown",
        "Application Context Name:    1.2.840.10008.3.1.1.1",
        "Calling Application Name:    MODALITY1", "Called Application Name:     ECHOSCP",
        "Their Max PDU Receive Size:  None",
        "item 58H at byte \(request.count - 5) has lengths that do not add up",
      ])
    let garbage = Wire.pdu(1, Wire.fixedFields(version: 2) + [0x10, 0, 0, 9])
    #expect(
      Association.requestLines(garbage).dropFirst(2).dropLast(5)
        == ["item 10H at byte 74 is longer than what encloses it"])
  }

  private static let none = "Positive Response Requested: None"
  private static let yes = "Positive Response Requested: Yes"

  private func expect(_ request: [UInt8], _ text: String) {
    #expect(Association.requestLines(request).joined(separator: "\n") == text)
  }
}
