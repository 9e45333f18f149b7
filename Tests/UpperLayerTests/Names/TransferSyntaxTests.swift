import Testing
import UpperLayer

/// The known transfer syntaxes of PS3.6 Table A-1.
struct TransferSyntaxTests {
  @Test(arguments: TransferSyntax.allCases) func theUIDLeadsBack(_ syntax: TransferSyntax) {
    #expect(TransferSyntax(uid: syntax.uid) == syntax)
  }

  @Test func theUIDsInTheDefaultOrder() {
    let uids = TransferSyntax.allCases.map { syntax in
      let bytes = [UInt8](capacity: 64) { $0.append(syntax.uid) }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(uids == TransferSyntaxPreferenceTests.uids)
  }

  @Test(arguments: [
    "1.2.840.10008.1.1", "1.2.840.10008.1.2.0", "1.2.840.10008.1.2.3", "1.2.840.10008.1.2.1.98",
    "1.2.840.10008.1.2.4", "1.2.840.10008.1.2.4.52", "1.2.840.10008.1.2.4.94",
    "1.2.840.10008.1.2.4.5", "1.2.840.10008.1.2.4.500", "1.2.840.10008.1.2.6.1",
  ])
  func otherUIDsAreNoneOfThem(_ text: String) {
    let value = Array(text.utf8)
    let syntax = StandardUID(value.span).flatMap(TransferSyntax.init(uid:))
    #expect(syntax == nil)
  }
}
