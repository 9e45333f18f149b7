import TLS
import TestKit
import Testing

@testable import Probe

/// Why a certificate is not accepted, in words.
@Suite struct CertificateProblemTests {
  typealias Samples = SecuritySamples

  /// A chain with its faults, and what the probe says of it.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let chain: [CertificateFacts]
    let faults: CertificateFaults
    var trust = ProbeTLS.Trust.system
    let cause: ProbeCause
    let text: String
    let remedy: String
  }

  static let good = Samples.certificate("archive", by: "CN=Issuing CA")
  static let issuing = Samples.certificate("Issuing CA", by: "CN=Hospital CA")

  static var rows: [Row] {
    [
      Row(
        testDescription: "a CA that is not known", chain: [good, issuing], faults: .untrusted,
        cause: .certificateUntrusted,
        text: "is from \"CN=Hospital CA\", which is not trusted here",
        remedy: "add the certificate of this CA to a file, and give that with --tls-ca-certificates"
      ),
      Row(
        testDescription: "a chain of one", chain: [good],
        faults: [.untrusted, .outdatedList, .invalid], trust: .authorities("ca.pem"),
        cause: .certificateUntrusted, text: "is from \"CN=Issuing CA\", which is not trusted here",
        remedy:
          "add the certificate of this CA to ca.pem; if it is not a root CA, let the SCP send its "
          + "certificate, too"),
      Row(
        testDescription: "a self-signed one", chain: [Samples.certificate("a", by: "CN=a")],
        faults: .untrusted, trust: .authorities("ca.pem"), cause: .certificateUntrusted,
        text: "is self-signed, and not trusted here",
        remedy: "if its SHA-256 fingerprint is that of the SCP's (ab01), add it to ca.pem"),
      Row(
        testDescription: "another one than that of the service", chain: [good],
        faults: .untrusted, trust: .service("/etc/own.pem"), cause: .certificateUntrusted,
        text: "is not the first one in /etc/own.pem (tls-certificate)",
        remedy: "reload the service"),
      Row(
        testDescription: "expired", chain: [Samples.certificate("archive", days: -11), issuing],
        faults: .expired, cause: .certificateExpired, text: "expired 10 days ago, on 2026-03-31",
        remedy: "give the SCP a new certificate, or correct the clock of this machine"),
      Row(
        testDescription: "a CA that expired",
        chain: [good, Samples.certificate("Issuing CA", days: -2)],
        faults: .expired, cause: .certificateExpired,
        text: "is from \"CN=Issuing CA\", whose certificate expired 1 day ago, on 2026-04-09",
        remedy: "renew the certificate of the CA"),
      Row(
        testDescription: "a root that expired", chain: [good], faults: .expired,
        cause: .certificateExpired, text: "is from a CA whose certificate has expired",
        remedy: "renew the certificate of the CA"),
      Row(
        testDescription: "not yet valid",
        chain: [Samples.certificate("archive") { $0.notBefore = Samples.now + Samples.day }],
        faults: .notYetValid, cause: .certificateNotYetValid,
        text: "is not valid before 2026-04-12", remedy: "correct the clock of this machine"),
      Row(
        testDescription: "for clients",
        chain: [Samples.certificate("archive") { $0.isForServers = false }], faults: .purpose,
        cause: .certificatePurpose, text: "is not for servers",
        remedy: "give the SCP a certificate for servers (serverAuth)"),
      Row(
        testDescription: "a short key",
        chain: [
          Samples.certificate("archive") { ($0.keyType, $0.keyBits) = ("RSA", 1024) }
        ], faults: .weak, cause: .certificateWeak,
        text: "has a key that is too short: RSA with 1024 bits",
        remedy: "give the SCP a certificate with an RSA key of at least 2048 bits"),
      Row(
        testDescription: "a CA with a short key",
        chain: [
          good, Samples.certificate("CA 2") { ($0.keyType, $0.keyBits) = ("RSA", 1024) },
        ], faults: .weak, cause: .certificateWeak,
        text: "is from \"CN=CA 2\", which has a key that is too short: RSA with 1024 bits",
        remedy: "give the SCP a certificate with an RSA key"),
      Row(
        testDescription: "a weak signature", chain: [good], faults: .weak,
        cause: .certificateWeak, text: "has a weak signature, or a CA above it: SHA-1, for example",
        remedy: "give the SCP a certificate with an RSA key"),
      Row(
        testDescription: "another name",
        chain: [
          Samples.certificate("archive") {
            $0.dnsNames = ["a.example", "b"].map { Array($0.utf8) }
          }
        ], faults: .name, cause: .certificateName,
        text: "is not for pacs, but for a.example and b",
        remedy: "if this is the right SCP, use --server-name"),
      Row(
        testDescription: "no name",
        chain: [Samples.certificate("archive") { $0.commonNames = [] }], faults: .name,
        cause: .certificateName, text: "is not for pacs",
        remedy: "give the SCP a certificate with this name"),
      Row(
        testDescription: "revoked", chain: [good], faults: .revoked, cause: .certificateRevoked,
        text: "is revoked by a list in --tls-crl, or that of a CA above it is",
        remedy: "give the SCP a new certificate"),
      Row(
        testDescription: "no list", chain: [good], faults: .outdatedList, cause: .crlOutdated,
        text:
          "cannot be checked: the list of its CA in --tls-crl is missing, not valid yet, or has "
          + "expired", remedy: "give a current list of \"CN=Issuing CA\""),
      Row(
        testDescription: "another fault", chain: [good], faults: .invalid,
        cause: .certificateInvalid, text: "is not valid: ", remedy: "give the SCP a new certificate"
      ),
      Row(
        testDescription: "several faults",
        chain: [Samples.certificate("archive", days: -11) { $0.isForServers = false }],
        faults: [.expired, .purpose, .revoked], cause: .certificateRevoked,
        text:
          "is revoked by a list in --tls-crl, or that of a CA above it is, and is not for servers, "
          + "and expired 10 days ago, on 2026-03-31",
        remedy:
          "give the SCP a new certificate; give the SCP a certificate for servers (serverAuth); "
          + "give the SCP a new certificate, or correct"),
    ]
  }

  @Test("Each fault of a certificate has a cause, a text and a remedy", arguments: rows)
  func explained(row: Row) throws {
    let found = Samples.explanation(
      .certificate(row.faults, code: 34), Samples.beginning(row.chain),
      try Samples.question(row.trust))
    #expect(found.cause == row.cause)
    let beginning = "its certificate \(row.chain[0].subject) \(row.text)"
    #expect(row.text.hasSuffix(": ") ? found.text.hasPrefix(beginning) : found.text == beginning)
    #expect(found.remedy.hasPrefix(row.remedy), "\(found.text), \(found.remedy)")
  }

  @Test("Every combination of faults has a text, with and without a chain")
  func everyFault() throws {
    let question = try Samples.question()
    for bits in UInt16(0)..<1 << 10 {
      for chain in [[], [Self.good]] {
        let found = Samples.explanation(
          .certificate(CertificateFaults(rawValue: bits), code: 0), Samples.beginning(chain),
          question)
        #expect(found.text.hasPrefix("its certificate CN=archive ") || chain.isEmpty)
        #expect(!found.text.isEmpty && !found.remedy.isEmpty)
      }
    }
  }

  @Test("What a certificate says stays on its line")
  func controls() throws {
    let chain = [Samples.certificate("a\n|b") { $0.dnsNames = [Array("x\n|".utf8)] }]
    let result = Samples.result(
      Samples.beginning(chain, accepted: ["CN=\n|"]), try Samples.question(),
      .certificate(.name, code: 62))
    for line in result.lines() {
      #expect(!line.contains { $0 == "|" || $0.isNewline }, "\(line)")
    }
    #expect(!result.json(number: 1).contains("\n"))
  }
}
