import TLS
import Testing

/// The kinds of failed handshakes.
@Suite struct HandshakeFaultTests {
  /// RFC 8446 §6.2: bad_certificate to unknown_ca but illegal_parameter, and access_denied.
  @Test func onlyAlertsAboutACertificateRefuseOurs() {
    let refusing = (0...255).filter { HandshakeFault.alert(UInt8($0)).refusesOurCertificate }
    #expect(refusing == [42, 43, 44, 45, 46, 48, 49])
  }

  @Test(arguments: [
    HandshakeFault.certificate(.expired, code: 10), .chainTooLong, .noCommonCipher, .closed,
    .versionTooOld, .notTLS, .other(OpenSSLError(reason: 1042)),
  ])
  func nothingElseDoes(_ fault: HandshakeFault) { #expect(!fault.refusesOurCertificate) }
}
