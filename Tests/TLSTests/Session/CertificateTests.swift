import COpenSSL
import TestKit
import Testing

@testable import TLS

/// What is read of a certificate (RFC 5280 §4), however strange it is.
@Suite struct CertificateTests {
  /// A text that a terminal would obey if the log of a test had it as it is.
  struct Shown: CustomTestStringConvertible, ExpressibleByStringLiteral, Sendable {
    let text: String
    var testDescription: String { text.debugDescription }

    init(stringLiteral text: String) { self.text = text }
  }

  private static func facts(_ profile: CertificateProfile) -> CertificateFacts {
    Identity(profile).facts
  }

  @Test func aServersCertificateIsRead() {
    let facts = Identity.server.facts
    #expect(facts.subject == "CN=archive,O=Hospital")
    #expect(facts.issuer == "CN=Hospital Issuing CA,O=Hospital")
    #expect(facts.commonNames == [Array("archive".utf8)])
    #expect(
      facts.dnsNames.map { String(decoding: $0, as: UTF8.self) } == [
        "localhost", "archive.hospital.example",
      ])
    #expect(facts.uris == [])
    #expect(facts.fingerprint.count == 32)
    #expect(facts.keyType == "EC" && facts.keyBits == 256)
    #expect(facts.isForServers && !facts.isForClients && !facts.isSelfSigned)
    // The times of a second certificate are in the same minute.
    let other = Self.facts(.server("other"))
    #expect(abs(facts.notBefore - other.notBefore) < 3600)
    #expect(facts.notAfter - facts.notBefore == 330 * 86_400 + 43_200)
  }

  @Test func aDevicesCertificateIsRead() {
    let facts = Self.facts(
      CertificateProfile("CT 1").with {
        $0.alternativeNames =
          "DNS:ct1.hospital.example,URI:urn:dicom:ct1,IP:192.0.2.1,email:a@b.example,URI:urn:x"
        $0.key = .rsa(2048)
      })
    #expect(facts.dnsNames == [Array("ct1.hospital.example".utf8)])
    #expect(facts.uris == [Array("urn:dicom:ct1".utf8), Array("urn:x".utf8)])
    #expect(facts.keyType == "RSA" && facts.keyBits == 2048)
    #expect(facts.isForClients && !facts.isForServers && facts.isSelfSigned)
  }

  @Test func purposes() {
    #expect(Identity.anyUse.facts.isForClients && Identity.anyUse.facts.isForServers)
    #expect(!Identity.serverOnly.facts.isForClients && Identity.serverOnly.facts.isForServers)
    let both = Self.facts(CertificateProfile("both").with { $0.usage = "clientAuth,serverAuth" })
    #expect(both.isForClients && both.isForServers)
    let neither = Self.facts(CertificateProfile("code").with { $0.usage = "codeSigning" })
    #expect(!neither.isForClients && !neither.isForServers)
  }

  @Test func onlyItsOwnKeyMakesItSelfSigned() {
    #expect(Identity.ca.facts.isSelfSigned && Identity.device.facts.isSelfSigned)
    #expect(!Identity.ct1.facts.isSelfSigned && !Identity.issuing.facts.isSelfSigned)
  }

  /// Names with every byte that the certificate has: a rule must not match up to a NUL.
  @Test(
    arguments: [
      ("CT1\0.evil.example", #"CN=CT1\00.evil.example,O=Hospital"#),
      ("CT1\n\u{1B}[2JMR1", #"CN=CT1\0A\1B[2JMR1,O=Hospital"#),
      ("Röntgen 1", "CN=Röntgen 1,O=Hospital"),
      ("a,b+c=\"d\"", #"CN=a\,b\+c=\"d\",O=Hospital"#),
      (" CT1 ", #"CN=\ CT1\ ,O=Hospital"#),
      ("", "CN=,O=Hospital"),
    ] as [(Shown, String)])
  func aNameIsReadWithEveryByte(_ name: Shown, _ subject: String) {
    let facts = Self.facts(CertificateProfile(name.text))
    #expect(facts.commonNames == [Array(name.text.utf8)])
    #expect(facts.subject == subject)
  }

  /// OpenSSL reads no certificate with a name that is not what its type says; no test can make one but by hand.
  @Test func aNameIsOfTheTypeThatItHas() throws {
    var der = Identity(CertificateProfile("CTxx")).der
    let name: [UInt8] = [0x0C, 4, 0x43, 0x54, 0x78, 0x78]
    let place = try #require(
      (0..<der.count - 6).first { Array(der[$0..<$0 + 6]) == name })
    // Issuer and subject are the same; the second one is enough.
    let second = try #require(
      (place + 6..<der.count - 6).first { Array(der[$0..<$0 + 6]) == name })
    der[second + 4] = 0xFF
    #expect(PEMFile.readCertificates(der) { _ in }.count == 0)
    // A TeletexString is in Latin 1.
    (der[second], der[second + 4]) = (0x14, 0xE4)
    var names: [[UInt8]] = []
    _ = PEMFile.readCertificates(der) { names = $0.facts.commonNames }
    #expect(names == [Array("CTäx".utf8)])
    #expect(ERR_peek_error() == 0)
  }

  @Test func namesAreBounded() {
    let facts = Self.facts(
      CertificateProfile("x").with {
        $0.commonNames = (0..<200).map { Array("CT\($0)".utf8) }
        $0.alternativeNames = (0..<200).map { "DNS:d\($0)" }.joined(separator: ",")
      })
    #expect(!facts.commonNames.isEmpty && facts.commonNames.count <= 64)
    #expect(facts.dnsNames.count == 64)
  }

  /// The object identifier of subjectAltName, and values that are not one.
  @Test(
    arguments: [[], [0x30], [0x30, 0x80], [0x02, 0x01, 0x05], [0x30, 0x03, 0x82, 0x7F, 0x41]]
      as [[UInt8]])
  func alternativeNamesThatAreDamagedAreLeftOut(_ value: [UInt8]) {
    let facts = Self.facts(
      CertificateProfile("CT1").with { $0.extensions = [.init("2.5.29.17", value)] })
    #expect(facts.dnsNames == [] && facts.uris == [])
    #expect(facts.commonNames == [Array("CT1".utf8)])
  }

  @Test func anEmptyListOfAlternativeNamesHasNone() {
    let facts = Self.facts(
      CertificateProfile("CT1").with { $0.extensions = [.init("2.5.29.17", [0x30, 0x00])] })
    #expect(facts.dnsNames == [] && facts.uris == [])
  }

  /// Whatever a certificate says about its end, the days that are left can be counted.
  @Test(
    arguments: ["tomorrow noon", "", "991231235959Z", "000101000000Z", "9912312359", "\0"]
      as [Shown])
  func anEndMayBeAnyText(_ end: Shown) {
    let facts = Self.facts(CertificateProfile("CT1").with { $0.endText = end.text })
    for now in [Int64.min, 0, 1_800_000_000, Int64.max] { _ = facts.daysLeft(at: now) }
    // A UTCTime from 50 on is in the last century (RFC 5280 §4.1.2.5.1).
    let seconds: Int64 =
      switch end.text {
      case "991231235959Z": 946_684_799
      case "000101000000Z": 946_684_800
      default: 0
      }
    #expect(facts.notAfter == seconds)
  }
}
