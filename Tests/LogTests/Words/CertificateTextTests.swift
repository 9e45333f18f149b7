import Linux
import Testing
import UpperLayer

@testable import Log
@testable import TLS

/// What is wrong with a peer's certificate: the refusal, and what a strict archive would have refused.
@Suite struct CertificateTextTests {
  private static func refusal(
    _ faults: CertificateFaults, _ chain: [CertificateFacts], code: Int32 = 0
  ) -> String {
    HandshakeTextTests.text(
      .certificate(faults, code: code), SessionExamples.session(chain, version: nil))
  }

  private static let own = SessionExamples.certificate()
  private static let ca = SessionExamples.certificate("CN=Hospital CA", issuer: "CN=Root")

  @Test("A certificate of an unknown CA names its issuer, or the end of its chain")
  func untrusted() {
    #expect(
      Self.refusal(.untrusted, [Self.own])
        == "its certificate CN=CT1 is issued by \"CN=Hospital CA\": tls-ca-certificates has no certificate "
        + "of that issuer; add it there, or give the device a certificate of a CA in it")
    #expect(
      Self.refusal(.untrusted, [Self.own, Self.ca])
        == "its certificate CN=CT1 is issued by \"CN=Hospital CA\" in a chain that ends with CN=Root: "
        + "tls-ca-certificates has no certificate of that CA; add it there, or give the device a "
        + "certificate of a CA in it")
    #expect(
      Self.refusal(.untrusted, [SessionExamples.certificate(selfSigned: true)])
        == "its certificate CN=CT1 is self-signed, and tls-device-certificates does not have it; put it "
        + "there, or give the device one of a CA in tls-ca-certificates")
    var issued = SessionExamples.certificate(issuer: "CN=MR1")
    issued.isIssuedByDevice = true
    #expect(
      Self.refusal(.untrusted, [issued])
        == "its certificate CN=CT1 is issued by CN=MR1, whose certificate in tls-device-certificates "
        + "counts as that of a device and not of a CA; put this one there as well, or that of CN=MR1 into "
        + "tls-ca-certificates, if it is a CA")
    #expect(
      CertificateText(chain: [issued], now: SessionExamples.now).brief(.untrusted)
        == "issued by CN=MR1, a device in tls-device-certificates and no CA")
  }

  @Test("A certificate for servers only says why there are more and more of them")
  func purpose() {
    let remedy =
      "; get one with clientAuth from the site's own CA, since public CAs issue no certificates for "
      + "clients any more since 2026"
    #expect(
      Self.refusal(.purpose, [SessionExamples.certificate(clients: false)])
        == "its certificate CN=CT1 is only for servers: its extended key usage is serverAuth without "
        + "clientAuth\(remedy)")
    #expect(
      Self.refusal(.purpose, [SessionExamples.certificate(clients: false, servers: false)])
        == "its certificate CN=CT1 is not for clients: its extended key usage has no clientAuth\(remedy)"
    )
    #expect(
      Self.refusal(.purpose, [Self.own]).hasPrefix(
        "a CA in the chain of its certificate CN=CT1 may not issue certificates for clients; "))
  }

  @Test("A short key has its size, and the one that is required")
  func weak() {
    let remedy = "give the device one with a longer key"
    #expect(
      Self.refusal(.weak, [SessionExamples.certificate(bits: 1024)], code: 66)
        == "its certificate CN=CT1 has a key of 1024 bits (RSA), and at least 2048 bits are required; "
        + remedy)
    #expect(
      Self.refusal(.weak, [SessionExamples.certificate(bits: 192, type: "EC")])
        == "its certificate CN=CT1 has a key of 192 bits (EC), and at least 224 bits are required; "
        + remedy)
    let weakCA = SessionExamples.certificate("CN=Old", issuer: "CN=Root", bits: 1024)
    #expect(
      Self.refusal(.weak, [Self.own, weakCA], code: 67)
        == "the certificate CN=Old in its chain has a key of 1024 bits (RSA), and at least 2048 bits are "
        + "required; \(remedy)")
    #expect(
      Self.refusal(.weak, [SessionExamples.certificate(bits: 256, type: "EC")], code: 68)
        == "a key or a signature in the chain of its certificate CN=CT1 is too weak: RSA needs at least "
        + "2048 bits, a signature SHA-256; have its CA issue a new one for the device")
  }

  @Test("Dates have the time that has passed or is left, and the date itself")
  func dates() {
    let remedy = "give the device a new one, unless the clock of this host is wrong"
    #expect(
      Self.refusal(.expired, [SessionExamples.certificate(until: -3.5)])
        == "its certificate CN=CT1 expired 3 days ago, on 2026-04-07; \(remedy)")
    #expect(
      Self.refusal(.expired, [Self.own, SessionExamples.certificate("CN=Old", until: -0.25)])
        == "the certificate CN=Old in the chain of its certificate CN=CT1 expired 6 hours ago, on "
        + "2026-04-11; \(remedy)")
    #expect(
      Self.refusal(.expired, [Self.own]).hasPrefix(
        "a certificate in the chain of its certificate CN=CT1 has expired; "))
    #expect(
      Self.refusal(.notYetValid, [SessionExamples.certificate(from: 0.25)])
        == "its certificate CN=CT1 is not valid before 2026-04-11 14:05 UTC, in 6 hours: usually a wrong "
        + "clock; check those of the device, of this host and of the CA")
    #expect(
      Self.refusal(.notYetValid, [Self.own, SessionExamples.certificate("CN=New", from: 3)])
        .hasPrefix(
          "the certificate CN=New in the chain of its certificate CN=CT1 is not valid before "))
    var malformed = SessionExamples.certificate()
    (malformed.notBefore, malformed.notAfter) = (.min, .min)
    #expect(
      Self.refusal(.expired, [malformed]).hasPrefix(
        "a certificate in the chain of its certificate CN=CT1 has expired; "))
    malformed.notAfter = .min + 1
    #expect(Self.refusal(.expired, [malformed]).contains(" days ago, on -9223372036854775807; "))
    malformed.notBefore = .max
    #expect(Self.refusal(.notYetValid, [malformed]).contains(" before 9223372036854775807, in "))
    let durations: [(Int64, String)] = [
      (0, "less than an hour"), (3599, "less than an hour"), (3600, "1 hour"),
      (172_799, "47 hours"),
      (172_800, "2 days"), (86_400 * 400, "400 days"),
    ]
    for (seconds, text) in durations { #expect(CertificateText.duration(seconds) == text) }
  }

  @Test("A revocation list that is not in force is a fault of this host")
  func outdatedList() {
    let begin = "its certificate CN=CT1, issued by \"CN=Hospital CA\", cannot be checked: "
    let end =
      "; get the CA's current list, and reload, or remove tls-crl; the device is not at fault"
    for (code, what) in [
      (12, "a list in tls-crl has expired"), (3, "tls-crl has no list of its CA"),
      (11, "a list in tls-crl is not valid yet, so the clock of this host may be wrong"),
      (36, "a list in tls-crl is missing or not in force"),
    ] as [(Int32, String)] {
      #expect(Self.refusal(.outdatedList, [Self.own], code: code) == begin + what + end)
    }
  }

  @Test("The name of another host is a fault only where a host was asked for")
  func otherHost() {
    #expect(
      Self.refusal(.name, [Self.own], code: 62) == "its certificate CN=CT1 names another host")
    #expect(
      CertificateText(chain: [Self.own], now: SessionExamples.now).brief(.name)
        == "names another host")
  }

  @Test("The gravest fault has its remedy, and the others follow briefly")
  func severalFaults() {
    let text = Self.refusal(
      [.expired, .weak, .untrusted], [SessionExamples.certificate(until: -3.5, bits: 1024)])
    #expect(
      text.hasSuffix("; also: a key of 1024 bits (RSA), expired 3 days ago")
        && text.hasPrefix("its certificate CN=CT1 is issued by "))
    for (index, fault) in CertificateFault.allCases.enumerated() {
      #expect(CertificateFaults.all[index] == fault.faults)
      let both: CertificateFaults = [fault.faults, CertificateFault.allCases.last!.faults]
      #expect(HandshakeFault.certificate(both, code: 0).catalogID == fault.catalogID)
    }
    #expect(HandshakeFault.certificate([], code: 0).catalogID == .certificateInvalid)
  }

  @Test("A certificate without a subject has another name, and a name cannot pass for a sentence")
  func names() {
    var facts = SessionExamples.certificate("")
    #expect(facts.name == "without a subject (SHA-256 \(String(repeating: "3a", count: 32)))")
    facts.uris = [Array("urn:ct1".utf8)]
    #expect(facts.name == "urn:ct1")
    facts.dnsNames = [Array("ct1.hospital.example".utf8)]
    #expect(facts.name == "ct1.hospital.example")
    #expect(
      SessionExamples.certificate("CN=CT1 is trusted; all \"good\"\n").name
        == "\"CN=CT1 is trusted; all \\x22good\\x22\\u{a}\"")
    #expect(SessionExamples.certificate("CN=Röntgen,O=Nord").name == "\"CN=Röntgen,O=Nord\"")
    #expect(SessionExamples.certificate(String(repeating: "x", count: 9000)).name.count == 201)
    #expect(PeerWords.name("") == "\"\"")
  }

  @Test("A list names as many as fit, and at least one")
  func lists() {
    #expect(PeerWords.list(["a"]) == "a")
    #expect(PeerWords.list(["a", "b"]) == "a and b")
    #expect(PeerWords.list(["a", "b", "c"]) == "a, b and c")
    let long = String(repeating: "x", count: 150)
    #expect(PeerWords.list([long, long, "c"]) == "\(long) and 2 more")
    let longer = String(repeating: "x", count: 300)
    #expect(PeerWords.list([longer, "b"]) == "\(longer) and 1 more")
  }
}
