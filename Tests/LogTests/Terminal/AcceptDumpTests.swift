import TestKit
import Testing
import UpperLayer
import Verification

@testable import Log

/// An A-ASSOCIATE-AC at debug, line by line as pynetdicom shows it, made of what was really sent.
@Suite struct AcceptDumpTests {
  private static let ct = "1.2.840.10008.5.1.4.1.1.2"
  private static let explicit = "1.2.840.10008.1.2.1"

  @Test("The answer to an echo")
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

  @Test("An answer without a context, of another maximum length")
  func noContexts() {
    for length: UInt32 in [0, 16, .max] {
      expect(
        Association.acceptLines(Wire.associateRequest(contexts: []), maximumLength: length),
        maximumLength: length, "Presentation Contexts: None")
    }
  }

  @Test("Contexts that are accepted and refused, in the order of their IDs")
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

  @Test("Of two contexts with one ID the first is answered, and named")
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

  @Test("What is negotiated is not granted, and its secrets are no part of the answer")
  func negotiation() {
    let items =
      Wire.item(0x53, [0, 5, 0, 5]) + Association.userIdentity(2, [0x75], Array("hunter22".utf8))
    let lines = Association.acceptLines(Association.request(negotiating: items))
    #expect(lines == Association.acceptLines(Wire.associateRequest()))
    #expect(!lines.joined().contains("hunter22"))
  }

  @Test("A rejected request has no answer to show, and neither has one that was not copied")
  func rejected() {
    let request = Wire.associateRequest(application: [])
    #expect(Association.pdus(request)?.accept.isEmpty == true)
    #expect(Association.requestLines(request).count > 10)
    #expect(Association.acceptLines(request) == [])
    #expect(DumpText.request(nil) == [] && DumpText.accept(nil) == [])
  }

  @Test("An answer that cannot be read is told to be so, and shown no further")
  func unreadable() throws {
    let body = Array(Wire.associateRequest().dropFirst(6))
    let request = try AssociateRequest(body.span)
    let accept = Wire.pdu(2, Wire.fixedFields() + Wire.item(0x21, [1, 0, 0]))
    let lines = DumpText.accept(PDUCopies(PDUCopies(request), accept: accept.span))
    #expect(lines.count == 12)
    #expect(lines[7] == "item 21H at byte 74 ends before a field that it must have")
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
