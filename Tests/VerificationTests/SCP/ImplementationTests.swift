import TestKit
import Testing
import Verification

/// The implementation class UID and version name of the program must fit into their fields.
@Suite struct ImplementationTests {
  /// PS3.5 §9.1 and annex B.2: a UUID as one decimal number below 2.25.
  @Test func classUID() {
    let uid = Implementation.classUID
    #expect(AcceptorPDUDecoder.isUID(uid))
    #expect(uid.hasPrefix("2.25."))
    let number = uid.dropFirst(5)
    #expect(!number.contains(".") && !number.hasPrefix("0"))
    #expect(UInt128(number) != nil)
  }

  /// Prevents a release whose version name exceeds 16 characters (PS3.7 annex D.3.3.2).
  @Test func versionName() {
    let version = Implementation.version
    #expect(version.wholeMatch(of: /(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)/) != nil)
    let name = Implementation.versionName
    #expect(name == "ECHOSCPD_\(version)")
    #expect(name.utf8.count <= 16)
  }
}
