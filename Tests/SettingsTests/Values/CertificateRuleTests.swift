import TestKit
import Testing

@testable import Settings

/// The rules for the certificate of a device: reading, writing, and the messages about wrong ones.
@Suite struct CertificateRuleTests {
  private static let bytes = (0..<32).map { UInt8($0 * 8 + 7) }
  private static let digits = "070f171f272f373f474f575f676f777f878f979fa7afb7bfc7cfd7dfe7eff7ff"
  private static let colons =
    "07:0F:17:1F:27:2F:37:3F:47:4F:57:5F:67:6F:77:7F:87:8F:97:9F:A7:AF:B7:BF:C7:CF:D7:DF:E7:EF:F7:FF"

  @Test(
    "A rule is a word, a colon, and a name or a fingerprint",
    arguments: [
      ("cn:CT1", .commonName("CT1")), ("CN:CT1", .commonName("CT1")),
      ("cn:a:b", .commonName("a:b")),
      ("cn:CT Scanner, Raum 1", .commonName("CT Scanner, Raum 1")),
      ("cn:Größe", .commonName("Größe")), ("cn:*", .commonName("*")), ("cn: A", .commonName(" A")),
      ("dns:ct1.example", .dnsName("ct1.example")), ("DNS:CT_1", .dnsName("CT_1")),
      ("uri:urn:oid:1.2.840", .uri("urn:oid:1.2.840")),
      ("URI:https://ct1.example/a,b?c=d", .uri("https://ct1.example/a,b?c=d")),
      ("sha256:\(digits)", .sha256(bytes)), ("SHA256:\(colons)", .sha256(bytes)),
      ("sha256:\(digits.uppercased())", .sha256(bytes)),
    ] as [(String, CertificateRule)])
  func isRight(text: String, rule: CertificateRule) throws {
    #expect(try CertificateRule(text) == rule)
    #expect(try CertificateRule(rule.text) == rule)
  }

  @Test("A rule is written with a small word, and a fingerprint without colons")
  func isWritten() throws {
    #expect(CertificateRule.sha256(Self.bytes).text == "sha256:\(Self.digits)")
    #expect(CertificateRule.dnsName("CT1.Example").text == "dns:CT1.Example")
  }

  @Test(
    "A wrong rule is refused with what is wrong, and what to write",
    arguments: [
      ("CT1", "\"CT1\" is not a certificate rule: \(anyRule)"),
      ("ip:192.0.2.1", "\"ip:192.0.2.1\" is not a certificate rule: \(anyRule)"),
      (":", "\":\" is not a certificate rule: \(anyRule)"),
      ("", "\"\" is not a certificate rule: \(anyRule)"),
      ("CN=CT1", "\"CN=CT1\" is not a certificate rule; write cn:CT1"),
      ("DNS=a.example", "\"DNS=a.example\" is not a certificate rule; write dns:a.example"),
      ("sha256=ab", "\"sha256=ab\" is not a certificate rule: \(anyRule)"),
      ("cn:", "\"cn:\" has nothing after the colon; write no space there, as in cn:CT1"),
      ("sha256:", "\"sha256:\" has nothing after the colon; write no space there, as in cn:CT1"),
      ("sha256:ab12", "\"sha256:ab12\" has 4 hexadecimal digits: \(fingerprint)"),
      ("sha256:A:B:C", "\"sha256:A:B:C\" has 3 hexadecimal digits: \(fingerprint)"),
      (
        "sha256:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "\"sha256:da39a3ee5e6b4b0d3255bfef95601890afd80709\" has 40 hexadecimal digits: \(fingerprint)"
      ),
      (
        "sha256:\(digits)00",
        "\"sha256:\(digits.prefix(53))…\" has 66 hexadecimal digits: \(fingerprint)"
      ),
      (
        "sha256:47DEQpj8",
        "\"sha256:47DEQpj8\" has a character that is not a hexadecimal digit: \(fingerprint)"
      ),
      (digits, "\"\(digits.prefix(60))…\" is not a certificate rule; write sha256: before it"),
      (colons, "\"\(colons.prefix(60))…\" is not a certificate rule; write sha256: before it"),
      ("dns:*.example", "\"dns:*.example\" is not a DNS name: \(dnsName)"),
      ("dns:bücher.example", "\"dns:bücher.example\" is not a DNS name: \(dnsName)"),
      ("uri:ct1", "\"uri:ct1\" is not a URI: \(uri)"),
      ("uri:a: b", "\"uri:a: b\" is not a URI: \(uri)"),
      ("cn:CT1;", "\"cn:CT1;\" is not a common name: \(commonName)"),
      ("cn:a\u{1B}b", "\"cn:a\\u{1B}b\" is not a common name: \(commonName)"),
      ("cn:A–B", "the en dash – U+2013 is not allowed here; type -"),
    ])
  func isWrong(text: String, problem: String) {
    do throws(Mistake) {
      Issue.record("\(text) is \(try CertificateRule(text))")
    } catch {
      #expect(error.text == problem)
    }
  }

  private static let anyRule =
    "expected cn:, dns:, uri: or sha256: followed by the name or the fingerprint, as in cn:CT1"
  private static let fingerprint =
    "expected 64, as openssl x509 -noout -fingerprint -sha256 prints them"
  private static let dnsName =
    "expected letters, digits, dots, hyphens and underscores, without a wildcard"
  private static let uri = "expected ASCII characters with a scheme, as in uri:urn:oid:1.2.3"
  private static let commonName =
    "expected text in UTF-8 without control characters, and a comma between two rules"

  @Test("A name of 253 characters is the longest of the DNS")
  func longest() throws {
    let name = String(repeating: "a", count: 253)
    #expect(try CertificateRule("dns:\(name)") == .dnsName(name))
    #expect(throws: Mistake.self) { try CertificateRule("dns:\(name)a") }
  }

  @Test(
    "A list of rules in a file, with the punctuation of other formats corrected",
    arguments: [
      ("cn:A", [.commonName("A")]),
      ("cn:A dns:b.example", [.commonName("A"), .dnsName("b.example")]),
      ("\"cn:A B\", uri:a:b # both", [.commonName("A B"), .uri("a:b")]),
      ("cn:\"A\"", [.commonName("\"A\"")]),
    ] as [(String, [CertificateRule])])
  func lists(text: String, rules: [CertificateRule]) {
    let result = configuration(reading: ("a", "[device CT1]\ncertificate = \(text)"))
    #expect(result.problems == [])
    #expect(result.settings.devices.map(\.certificate) == [rules])
  }

  @Test("The notation of JSON and of OpenSSL is corrected")
  func corrections() {
    for (text, answer) in [
      ("['cn:A', 'cn:B']", "\"['cn:A'\" is not a certificate rule; write cn:A, cn:B"),
      ("cn: A", "\"cn:\" has nothing after the colon; write no space there, as in cn:CT1"),
      (
        "sha256 Fingerprint=\(Self.colons)",
        "\"sha256\" is not a certificate rule: \(Self.anyRule)"
      ),
    ] {
      let result = configuration(reading: ("a", "[device CT1]\ncertificate = \(text)"))
      #expect(result.problems == ["a:2: certificate: \(answer)"])
    }
  }

  @Test("Random rules are read from the dump unchanged")
  func roundTrip() throws {
    var random = Random(seed: 5)
    let scalars: [Unicode.Scalar] = [
      "a", " ", ",", "\"", "#", ";", ":", "=", "'", "ä", "\u{301}", "]",
    ]
    var device = Device(.named("CT1"))
    for _ in 0..<3000 {
      var name = String.UnicodeScalarView()
      for _ in 0..<(1 + random.next(below: 8)) { name.append(scalars[random.next(below: 12)]) }
      let bytes = (0..<32).map { _ in UInt8(random.next(below: 256)) }
      guard let rule = try? CertificateRule("cn:\(String(name))") else { continue }
      device.certificate = [rule, .sha256(bytes), .dnsName("ct1.example"), .uri("a:b,c")]
      var original = Configuration()
      original.settings.devices = [device]
      let again = configuration(reading: ("dump", original.dump))
      #expect(again.problems == [])
      #expect(again.settings.devices == [device], "\(original.dump)")
    }
  }
}
