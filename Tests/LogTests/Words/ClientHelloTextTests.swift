import Testing

@testable import Log
@testable import TLS

/// What a client offers, and what is accepted here instead.
@Suite struct ClientHelloTextTests {
  private static let accepted =
    "; accepted here: ECDHE with AES-GCM (TLS 1.2) or TLS 1.3; enable the BCP 195 TLS profile on the device"

  private static func text(_ suites: [UInt16]) -> String {
    SessionExamples.hello(suites).textOfCipherSuites
  }

  @Test("The suites are named, with the profile that they stand for")
  func profiles() {
    let (des, aes) = ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA")
    #expect(
      Self.text([0x002F, 0x000A])
        == "offers only \(aes) and \(des): the AES TLS profile, retired\(Self.accepted)")
    #expect(
      Self.text([0x000A]) == "offers only \(des): the Basic TLS profile, retired\(Self.accepted)")
    #expect(
      Self.text([0x0002])
        == "offers only TLS_RSA_WITH_NULL_SHA: authentication without encryption, as in IHE ATNA, retired"
        + Self.accepted)
    #expect(
      Self.text([0x0035, 0x002F, 0x000A])
        == "offers only TLS_RSA_WITH_AES_256_CBC_SHA, \(aes) and \(des)\(Self.accepted)")
    #expect(Self.text([0x1234]) == "offers only 0x1234\(Self.accepted)")
    #expect(Self.text([]) == "offers no cipher suite\(Self.accepted)")
  }

  @Test("A long list is cut off, with the number of the rest")
  func manySuites() {
    let text = Self.text((0x0040...0x00A0).map { $0 })
    #expect(text.hasPrefix("offers only TLS_DHE_DSS_WITH_AES_128_CBC_SHA256, TLS_RSA_"))
    #expect(text.contains(" and 9") && text.contains(" more; accepted here"))
    #expect(text.count < 400)
  }

  @Test("Suites for another type of key are told apart from suites that are not accepted")
  func typeOfKey() {
    #expect(
      Self.text([0xC02F, 0xC030, 0x002F])
        == "offers ECDHE with AES-GCM only for certificates with an RSA key, which the one in "
        + "tls-certificate does not have; enable the ECDHE_ECDSA suites on the device, or set "
        + "tls-certificate to one with such a key")
    #expect(
      Self.text([0xC02B])
        == "offers ECDHE with AES-GCM only for certificates with an EC key, which the one in "
        + "tls-certificate does not have; enable the ECDHE_RSA suites on the device, or set "
        + "tls-certificate to one with such a key")
  }

  @Test("The profiles of DICOM are recognized by the suites that DCMTK offers for each")
  func everyProfile() {
    let tls13: [UInt16] = [0x1302, 0x1303, 0x1301]
    let dhe: [UInt16] = [0xC02F, 0x009E, 0xC030, 0x009F]
    let rows: [(suites: [UInt16], profile: SecurityProfile?)] = [
      ([0x000A], .basic), ([0x002F, 0x000A], .aes), ([0x002F], .aes), ([0x0002], .null),
      (tls13 + dhe + [0x002F, 0x000A], .bcp195), (tls13 + dhe + [0x002F], .bcp195),
      (tls13 + dhe, .nonDowngrading), (dhe + [0xC02C, 0xC02B], .extended),
      (tls13 + [0xC030, 0xC02C, 0xC02F, 0xC02B], .rfc8996), (tls13, .rfc8996),
      (tls13 + [0xC030, 0xC02F, 0xCCA8, 0xCCA9], .modified),
      ([0xC013, 0xC014], nil), ([0x009E, 0x009F], nil), ([], nil), ([0x0005], nil),
    ]
    for (suites, profile) in rows { #expect(SecurityProfile(suites) == profile, "\(suites)") }
    #expect(Set(rows.compactMap(\.profile)) == Set(SecurityProfile.allCases))
    let texts = SecurityProfile.allCases.map(\.text)
    #expect(Set(texts).count == texts.count && texts.allSatisfy { !$0.isEmpty })
  }

  @Test("An old version is named, with what is accepted whatever tls-min-version is")
  func versions() {
    func text(_ version: UInt16, _ versions: [UInt16] = []) -> String {
      SessionExamples.hello(version: version, [0x0035], versions: versions).textOfVersions
    }
    let accepted =
      "accepted here: TLS 1.3, and TLS 1.2 unless tls-min-version is 1.3; enable TLS 1.2 or 1.3 on the "
      + "device"
    #expect(text(0x0301) == "offers TLS 1.0 at most, retired; \(accepted)")
    #expect(text(0x0300) == "offers SSL 3.0 at most, retired; \(accepted)")
    #expect(text(0x0303, [0x0301, 0x0302]) == "offers TLS 1.1 at most, retired; \(accepted)")
    #expect(text(0x0002) == "offers SSL 2.0 at most, retired; \(accepted)")
    #expect(
      SessionExamples.hello(version: 0x0301, [0x002F, 0x000A]).textOfVersions
        == "offers TLS 1.0 at most, with the AES TLS profile, retired; \(accepted)")
    #expect(
      text(0x0303)
        == "offers TLS 1.2 at most, and tls-min-version is 1.3 here; enable TLS 1.3 on the device, or set "
        + "tls-min-version to 1.2")
    #expect(SessionExamples.hello(version: 0x0303).isOfTLS12AtMost)
    #expect(!SessionExamples.hello(versions: [0x0303, 0x0304]).isOfTLS12AtMost)
  }

  @Test("Groups are named, without the reserved numbers")
  func groups() {
    func text(_ groups: [UInt16]) -> String { SessionExamples.hello(groups: groups).textOfGroups }
    let accepted =
      "; accepted here: secp256r1 (P-256), secp384r1 (P-384), x25519 and others; enable secp256r1 on the "
      + "device"
    #expect(
      text([0x2A2A, 19, 21])
        == "offers only the groups secp192r1 and secp224r1 for the key exchange\(accepted)")
    #expect(text([26]) == "offers only the group brainpoolP256r1 for the key exchange\(accepted)")
    #expect(text([0x7777]) == "offers only the group 0x7777 for the key exchange\(accepted)")
    #expect(text([]) == "offers no group for the key exchange\(accepted)")
  }

  @Test("Signature algorithms are named")
  func signatureAlgorithms() {
    func text(_ all: [UInt16]) -> String {
      SessionExamples.hello(signatures: all).textOfSignatureAlgorithms
    }
    #expect(
      text([0x0201, 0x0203])
        == "offers only the signature algorithms rsa_pkcs1_sha1 and ecdsa_sha1; accepted here: those with "
        + "SHA-256 or a longer hash that suit the key in tls-private-key; enable rsa_pss_rsae_sha256 and "
        + "ecdsa_secp256r1_sha256 on the device, or set tls-certificate and tls-private-key to a key of "
        + "another type")
    #expect(text([0x0101]).hasPrefix("offers only the signature algorithm rsa_md5; "))
    #expect(text([]).hasPrefix("offers no signature algorithm, which stands for SHA-1; "))
  }

  @Test("Application protocols are named, and those of the web stand for a browser or a scanner")
  func applicationProtocols() {
    func text(_ all: [String]) -> String {
      SessionExamples.hello(alpn: all).textOfApplicationProtocols
    }
    let accepted =
      "; accepted here: dicom, or no ALPN; if this is a DICOM device, set its ALPN to dicom, or switch it "
      + "off"
    #expect(
      text(["h2", "http/1.1"])
        == "offers h2 and http/1.1 (ALPN), as a browser or a scanner does\(accepted)")
    #expect(text(["DICOM"]) == "offers DICOM (ALPN)\(accepted)")
    #expect(text(["a b", "\u{1B}\"x"]) == "offers \"a b\" and \"\\x1b\\x22x\" (ALPN)\(accepted)")
    #expect(text(["x: 1\nW: forged"]) == "offers \"x: 1\\x0aW: forged\" (ALPN)\(accepted)")
    #expect(text((0..<100).map { "protocol-\($0)" }).count < 450)
  }
}

/// The names of the numbers in a handshake.
@Suite struct TLSNamesTests {
  @Test("Each suite has one name, and the retired ones have theirs")
  func suites() {
    let numbers = CipherSuites.numbers
    #expect(numbers.count > 120)
    let names = numbers.map(CipherSuites.name)
    #expect(Set(names).count == numbers.count)
    for name in names {
      #expect(name.wholeMatch(of: /TLS_[A-Za-z0-9_]+/) != nil, "\(name)")
    }
    let known: [(UInt16, String)] = [
      (0x0004, "TLS_RSA_WITH_RC4_128_MD5"), (0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
      (0x0009, "TLS_RSA_WITH_DES_CBC_SHA"), (0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
      (0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"), (0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
      (0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256"), (0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
      (0x1301, "TLS_AES_128_GCM_SHA256"), (0x1305, "TLS_AES_128_CCM_8_SHA256"),
      (0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
      (0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"),
      (0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
      (0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
      (0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"), (0x1234, "0x1234"),
    ]
    for (number, name) in known { #expect(CipherSuites.name(of: number) == name) }
  }

  @Test("Versions, groups and algorithms have their names in the standards, or their numbers")
  func others() {
    #expect(
      [0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0xFEFD].map(TLSNames.version) == [
        "SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3", "0xFEFD",
      ])
    #expect(
      [23, 29, 4588, 256, 999].map(TLSNames.group) == [
        "secp256r1", "x25519", "X25519MLKEM768", "ffdhe2048", "0x03E7",
      ])
    #expect(
      [0x0401, 0x0807, 0x9999].map(TLSNames.signatureAlgorithm) == [
        "rsa_pkcs1_sha256", "ed25519", "0x9999",
      ])
    #expect([0x0A0A, 0x1A1A, 0xFAFA].allSatisfy(TLSNames.isReserved))
    #expect(![0x0A1A, 0x0A0B, 29].contains(where: TLSNames.isReserved))
  }

  @Test("An error of the verification has words and its number")
  func verificationErrors() {
    #expect(VerificationErrors.text(7) == "a signature in its chain is wrong (OpenSSL's error 7)")
    #expect(VerificationErrors.text(50) == "OpenSSL's error 50")
  }
}
