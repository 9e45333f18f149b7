import Testing
import UpperLayer

@testable import Log

/// In what an AE title differs from ours.
@Suite struct TitleDifferenceTests {
  @Test(
    "What nearly matches is told in what it differs",
    arguments: [
      ("ECHOSCP1", "it has one \"1\" too many"), ("1ECHOSCP", "it has one \"1\" too many"),
      ("ECHOOSCP", "it has one \"O\" too many"), ("ECHOCP", "it lacks one \"S\""),
      ("ECHOSC", "it lacks one \"P\""), ("ECHOSPC", "it has \"PC\" where \"CP\" belongs"),
      ("ECHOSCU", "it has \"U\" where \"P\" belongs"),
      ("echoscp", "only upper and lower case differ"),
      ("ECHO_SCP", "only spaces, hyphens, underscores or the like differ"),
      ("Echo-Scp", "only spaces, hyphens, underscores or the like differ"),
      ("ECHO SCP", "only spaces, hyphens, underscores or the like differ"),
    ])
  func near(sent: String, difference: String) throws {
    #expect(TitleDifference.text(try #require(AETitle(sent)), acceptor) == difference)
  }

  @Test("What is quite another title is not", arguments: ["ECHOSCP", "ARCHIVE", "ECHO", "SCPECHO"])
  func other(sent: String) throws {
    #expect(TitleDifference.text(try #require(AETitle(sent)), acceptor) == nil)
  }

  @Test("Bytes that are no text are escaped, and a title of one letter is like no other")
  func oddities() throws {
    var bytes = Array("ECHOSCP         ".utf8)
    bytes[6] = 0xC9
    let difference = TitleDifference.text(AETitle(field: bytes.span), acceptor)
    #expect(difference == "it has \"\\xc9\" where \"P\" belongs")
    let (a, b) = (try #require(AETitle("A")), try #require(AETitle("B")))
    #expect(TitleDifference.text(a, b) == nil)
  }
}
