import COpenSSL
import Linux
import TestKit
import Testing

@testable import TLS

/// Files of certificates, keys and revocation lists (RFC 7468).
@Suite struct PEMFileTests {
  private static func readLists(_ bytes: [UInt8]) -> PEMFile.Items {
    // Safe because the body does nothing with a list.
    let items = unsafe PEMFile.readLists(bytes) { _ in }
    #expect(ERR_peek_error() == 0)
    return items
  }

  private static func hasKey(_ text: String) -> Bool {
    // Safe because the key is only compared with `nil`.
    let hasKey = unsafe PEMFile.withKey(Array(text.utf8)) { unsafe $0 != nil }
    #expect(ERR_peek_error() == 0)
    return hasKey
  }

  private static func read(_ bytes: [UInt8]) -> (items: PEMFile.Items, subjects: [String]) {
    var subjects: [String] = []
    let items = PEMFile.readCertificates(bytes) { subjects.append($0.facts.subject) }
    #expect(items.count == subjects.count && ERR_peek_error() == 0)
    return (items, subjects)
  }

  @Test func certificatesAreReadInTheirOrder() {
    let (items, subjects) = Self.read(
      Array((Identity.ct1.pem + Identity.ca.pem + Identity.issuing.pem).utf8))
    #expect(
      subjects == [
        "CN=CT1,O=Hospital", "CN=Hospital CA,O=Hospital", "CN=Hospital Issuing CA,O=Hospital",
      ])
    #expect(!items.isDamaged)
  }

  @Test func otherTextIsSkipped() {
    let text =
      "Subject: CT1\r\n" + Identity.ct1.pem + Identity.ct1.key
      + Identity.ca.revocationList(of: []) + "\n\n" + Identity.ca.pem + "the end"
    let (items, subjects) = Self.read(Array(text.utf8))
    #expect(subjects.count == 2 && !items.isDamaged)
  }

  @Test func linesMayEndAsOnWindows() {
    let text = Identity.ct1.pem.replacing("\n", with: "\r\n")
    #expect(Self.read(Array(text.utf8)).subjects == ["CN=CT1,O=Hospital"])
  }

  @Test func derIsOneCertificate() {
    #expect(Self.read(Identity.ct1.der).subjects == ["CN=CT1,O=Hospital"])
    #expect(Self.read(Identity.ct1.der + Identity.ca.der).subjects.count == 1)
    #expect(Self.read(Array(Identity.ct1.der.dropLast())).subjects == [])
  }

  @Test func textThatBeginsWithZeroIsNotDER() {
    #expect(Self.read(Array("0 s:CN = CT1\n\(Identity.ct1.pem)".utf8)).subjects.count == 1)
  }

  @Test(
    arguments: [[], [0x30], [0x30, 0x82], [0], Array("-----BEGIN".utf8), [0xEF, 0xBB, 0xBF]]
      as [[UInt8]])
  func nothingIsInOtherBytes(_ bytes: [UInt8]) {
    #expect(Self.read(bytes).items.count == 0)
    #expect(Self.readLists(bytes).count == 0)
    #expect(!Self.hasKey(String(decoding: bytes, as: UTF8.self)))
  }

  /// Wherever a file is cut off, what is left is read or found to be damaged.
  @Test func aFileThatIsCutOffIsNoticed() {
    let bytes = Array((Identity.ct1.pem + Identity.ca.pem).utf8)
    let first = Identity.ct1.pem.utf8.count
    let header = "-----BEGIN CERTIFICATE-----\n".utf8.count
    for size in 0..<bytes.count {
      let items = Self.read(Array(bytes[..<size])).items
      // The line end behind the last line may be missing.
      #expect(items.count == (size < first - 1 ? 0 : size < bytes.count - 1 ? 1 : 2), "\(size)")
      let rest = size < first - 1 ? size : size - first
      if rest >= header, size < bytes.count - 1 { #expect(items.isDamaged, "\(size)") }
    }
  }

  @Test func aKeyIsReadOrIsNot() {
    #expect(Self.hasKey(Identity.ct1.key))
    #expect(Self.hasKey(Identity.ct1.pem + Identity.ct1.key))
    #expect(!Self.hasKey(Identity.ct1.encryptedKey))
    #expect(!Self.hasKey(Identity.ct1.traditionallyEncryptedKey))
    #expect(!Self.hasKey(Identity.ct1.pem))
  }

  @Test func listsAreRead() {
    let text = Identity.ca.revocationList(of: [.revoked]) + Identity.issuing.revocationList(of: [])
    let items = Self.readLists(Array(text.utf8))
    #expect(items.count == 2 && !items.isDamaged)
    let cut = Self.readLists(Array(text.utf8.dropLast(40)))
    #expect(cut.count == 1 && cut.isDamaged)
    #expect(Self.readLists(Array(Identity.ca.pem.utf8)).count == 0)
  }

  /// A test that runs as root has no file that it may not read.
  @Test func aFileThatMayNotBeReadHasARemedy() {
    let problem = FileProblem("/etc/key.pem", SystemError(call: "open", number: 13))
    #expect(
      problem.text
        == #""/etc/key.pem": Permission denied; make it readable by the user of this service"#)
  }

  @Test func aPathIsQuotedInALine() {
    #expect(FileProblem("a\nb\u{1B}", "is bad", "fix it").text == #""a?b?": is bad; fix it"#)
  }
}
