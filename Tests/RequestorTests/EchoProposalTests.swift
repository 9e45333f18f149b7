import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// The A-ASSOCIATE-RQ of a requestor, as PS3.8 §9.3.2 specifies it.
@Suite struct EchoProposalTests {
  static let syntaxes: [(TransferSyntax, String)] = [
    (.implicitVRLittleEndian, "1.2.840.10008.1.2"),
    (.explicitVRLittleEndian, "1.2.840.10008.1.2.1"),
    (.explicitVRBigEndian, "1.2.840.10008.1.2.2"),
  ]

  @Test("It has the titles, the transfer syntaxes in order, and the implementation")
  func associateRequest() {
    let proposal = EchoProposal(
      called: AETitle("ARCHIVE")!, calling: AETitle("A B")!,
      transferSyntaxes: Self.syntaxes.map(\.0), maximumLength: 65536,
      implementation: ImplementationItems(classUID: "1.2.3.4", versionName: "REQUESTOR_1"))
    let expected = Wire.associateRequest(
      fixed: Wire.fixedFields(called: Wire.title("ARCHIVE"), calling: Wire.title("A B")),
      contexts: Wire.context(1, Wire.verification, Self.syntaxes.map(\.1)),
      user: Wire.userInformation(maximumLength: 65536))
    #expect(proposal.associateRequest == expected)
  }

  @Test("The largest possible proposal has room")
  func largest() {
    let proposal = EchoProposal(
      called: AETitle("0123456789ABCDEF")!, calling: AETitle("0123456789ABCDEF")!,
      transferSyntaxes: TransferSyntax.allCases, maximumLength: .max,
      implementation: ImplementationItems(
        classUID: String(repeating: "1", count: 64), versionName: "0123456789ABCDEF"))
    #expect(proposal.associateRequest.count < 1024)
  }
}
