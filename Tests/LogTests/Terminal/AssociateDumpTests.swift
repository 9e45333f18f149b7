import TestKit
import Testing
import UpperLayer
import Verification

@testable import Log

/// An A-ASSOCIATE-RQ at debug, line by line as pynetdicom shows it, and the parts that are never shown.
@Suite struct RequestDumpTests {
  private static let ct = "1.2.840.10008.5.1.4.1.1.2"
  private static let explicit = "1.2.840.10008.1.2.1"

  @Test("A minimal request is shown")
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

  @Test("The request of an echo is shown")
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

  @Test("Everything that can be negotiated is shown")
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

  @Test("Contexts are in the order of their IDs; those with the same ID, in the received order")
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
    "A proposed role is shown, or else the default one",
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
    "512 bytes of SOP class extended negotiation are shown, sixteen per line",
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
    "The user name is shown, the credentials are not",
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

  @Test("No passcode, ticket or token is shown in any form, whatever bytes it has")
  func secrets() {
    for type in [2, 3, 4, 5, 6, 9] {
      for secret in [Array("hunter22".utf8), [0xDE, 0xAD, 0xBE, 0xEF, 0xFE, 0xED, 0x0A, 0x1B]] {
        // Type 2 has a user name, which is shown, and then the secret; other types have the secret first.
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
    "A request of another protocol version is shown up to where it becomes unreadable")
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
        == ["item 10H at byte 74 is longer than the item or PDU around it"])
  }

  private static let none = "Positive Response Requested: None"
  private static let yes = "Positive Response Requested: Yes"

  private func expect(_ request: [UInt8], _ text: String) {
    #expect(Association.requestLines(request).joined(separator: "\n") == text)
  }
}

/// An A-ASSOCIATE-AC at debug, line by line as pynetdicom shows it, from an actual answer.
@Suite struct AcceptDumpTests {
  private static let ct = "1.2.840.10008.5.1.4.1.1.2"
  private static let explicit = "1.2.840.10008.1.2.1"

  @Test("The answer to an echo's request is shown")
  func echo() {
    expect(
      Association.acceptLines(Wire.associateRequest()),
      """
      Presentation Contexts:
        Context ID:        1 (Accepted)
          Abstract Syntax: =Verification SOP Class
          Accepted SCP/SCU Role: Default
          Accepted Transfer Syntax: =Implicit VR Little Endian
      """)
  }

  @Test("An answer without contexts and with another maximum length is shown")
  func noContexts() {
    for length: UInt32 in [0, 16, .max] {
      expect(
        Association.acceptLines(Wire.associateRequest(contexts: []), maximumLength: length),
        maximumLength: length, "Presentation Contexts: None")
    }
  }

  @Test("Accepted and refused contexts are in the order of their IDs")
  func manyContexts() {
    let contexts =
      Wire.context(7, Wire.verification, ["1.2.840.10008.1.2.4.50"])
      + Wire.context(5, Self.ct, [Self.explicit])
      + Wire.context(3, Wire.verification, [Self.explicit, Wire.implicitLittle])
      + Wire.context(1, Wire.verification, [Self.explicit])
      + Wire.context(9, "1.2.3", []) + Wire.context(11, subItems: [])
      + Wire.context(13, Wire.verification, ["1.2.3"])
    expect(
      Association.acceptLines(Wire.associateRequest(contexts: contexts)),
      """
      Presentation Contexts:
        Context ID:        1 (Accepted)
          Abstract Syntax: =Verification SOP Class
          Accepted SCP/SCU Role: Default
          Accepted Transfer Syntax: =Explicit VR Little Endian
        Context ID:        3 (Accepted)
          Abstract Syntax: =Verification SOP Class
          Accepted SCP/SCU Role: Default
          Accepted Transfer Syntax: =Implicit VR Little Endian
        Context ID:        5 (Rejected - Abstract Syntax Not Supported)
          Abstract Syntax: =CT Image Storage
        Context ID:        7 (Accepted)
          Abstract Syntax: =Verification SOP Class
          Accepted SCP/SCU Role: Default
          Accepted Transfer Syntax: =JPEG Baseline (Process 1)
        Context ID:        9 (Rejected - Abstract Syntax Not Supported)
          Abstract Syntax: =1.2.3
        Context ID:        11 (Rejected - Abstract Syntax Not Supported)
          Abstract Syntax: =\("")
        Context ID:        13 (Rejected - Transfer Syntax Not Supported)
          Abstract Syntax: =Verification SOP Class
      """)
  }

  @Test("Of two contexts with the same ID, the first is answered and named")
  func repeatedContexts() {
    let contexts =
      Wire.context(1, Self.ct, [Wire.implicitLittle])
      + Wire.context(1, Wire.verification, [Wire.implicitLittle])
    expect(
      Association.acceptLines(Wire.associateRequest(contexts: contexts)),
      """
      Presentation Contexts:
        Context ID:        1 (Rejected - Abstract Syntax Not Supported)
          Abstract Syntax: =CT Image Storage
      """)
  }

  @Test("Negotiated extensions are not granted, and their secrets are not in the answer")
  func negotiation() {
    let items =
      Wire.item(0x53, [0, 5, 0, 5]) + Association.userIdentity(2, [0x75], Array("hunter22".utf8))
    let lines = Association.acceptLines(Association.request(negotiating: items))
    #expect(lines == Association.acceptLines(Wire.associateRequest()))
    #expect(!lines.joined().contains("hunter22"))
  }

  @Test("A request that was rejected or not copied has no answer to show")
  func rejected() {
    let request = Wire.associateRequest(application: [])
    #expect(Association.pdus(request)?.accept.isEmpty == true)
    #expect(Association.requestLines(request).count > 10)
    #expect(Association.acceptLines(request) == [])
    #expect(DumpText.request(nil) == [] && DumpText.accept(nil) == [])
  }

  @Test("An unreadable answer is reported as such and shown no further")
  func unreadable() throws {
    let body = Array(Wire.associateRequest().dropFirst(6))
    let request = try AssociateRequest(body.span)
    let accept = Wire.pdu(2, Wire.fixedFields() + Wire.item(0x21, [1, 0, 0]))
    let lines = DumpText.accept(PDUCopies(PDUCopies(request), accept: accept.span))
    #expect(lines.count == 12)
    #expect(lines[7] == "item 21H at byte 74 ends before a required field")
    let short = Array(Wire.associateAccept().prefix(73))
    #expect(DumpText.accept(PDUCopies(PDUCopies(request), accept: short.span)) == [])
  }

  @Test("The copies are as long as the PDUs without their headers")
  func size() throws {
    let request = Wire.associateRequest()
    let pdus = try #require(Association.pdus(request))
    #expect(pdus.request == Array(request.dropFirst(6)))
    #expect(pdus.accept == Array(Wire.associateAccept().dropFirst(6)))
    #expect(pdus.size == request.count - 6 + Wire.associateAccept().count - 6)
  }

  private func expect(_ lines: [String], maximumLength: UInt32 = 16382, _ contexts: String) {
    #expect(
      lines.joined(separator: "\n") == """
        Accept Parameters:
        ======================= OUTGOING A-ASSOCIATE-AC PDU ========================
        Our Implementation Class UID:      \(Implementation.classUID)
        Our Implementation Version Name:   \(Implementation.versionName)
        Application Context Name:    1.2.840.10008.3.1.1.1
        Responding Application Name: resp. AE Title
        Our Max PDU Receive Size:    \(maximumLength)
        \(contexts)
        Accepted Extended Negotiation: None
        Accepted Asynchronous Operations Window Negotiation: None
        User Identity Negotiation Response: None
        ========================== END A-ASSOCIATE-AC PDU ==========================
        """)
  }
}
