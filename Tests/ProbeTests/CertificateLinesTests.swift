import TLS
import TestKit
import Testing

@testable import Probe

/// What a probe tells of a TLS session: the lines, the status and the object.
@Suite struct CertificateLinesTests {
  typealias Samples = SecuritySamples

  @Test("A session is told with its certificates and the CAs that the server accepts")
  func session() throws {
    let chain = [
      Samples.certificate("archive", by: "CN=Issuing CA"),
      Samples.certificate("Issuing CA", by: "CN=Hospital CA", days: 3000),
    ]
    let security = Samples.session(chain, accepted: ["CN=Hospital CA", "CN=B"])
    let lines = Samples.result(security, try Samples.question()).lines()
    #expect(
      lines == [
        "OK: ARCHIVE at pacs:104 answered C-ECHO in 5.000 ms (resolve 0.000, connect 1.000, tls 1.000, "
          + "associate 1.000, echo 1.000, release 1.000)",
        "  address: 192.0.2.1:104",
        "  TLS: TLSv1.3, TLS_AES_256_GCM_SHA384, x25519, ALPN dicom",
        "  certificate: CN=archive, issued by \"CN=Issuing CA\", 300 days left, until 2027-02-05, EC 256",
        "  certificate: \"CN=Issuing CA\", issued by \"CN=Hospital CA\", 3000 days left, until 2034-06-28, "
          + "EC 256",
        "  accepts certificates of: \"CN=Hospital CA\"", "  accepts certificates of: CN=B",
      ])
    #expect(Samples.result(security, try Samples.question()).lines(.withoutPeer).count == 1)
  }

  @Test(
    "What a server asks of clients",
    arguments: [
      (nil, ["asks for no certificate"]), ([], ["asks for a certificate, and names no CA"]),
      (
        (1...22).map { "CN=\($0)" },
        (1...20).map { "accepts certificates of: CN=\($0)" }
          + ["accepts certificates of: 2 more CAs"]
      ),
    ] as [([String]?, [String])])
  func authorities(accepted: [String]?, told: [String]) throws {
    let lines = Samples.session(accepted: accepted).lines(.system)
    #expect(Array(lines.suffix(told.count)) == told)
    #expect(lines.count == 2 + told.count)
    // It has not said anything yet.
    if accepted == nil { #expect(Samples.beginning().lines(.system).isEmpty) }
  }

  @Test("A session without ALPN, and a self-signed certificate of the service on this machine")
  func service() throws {
    let security = ProbeSecurity(
      SessionFacts(version: "TLSv1.2", chain: [Samples.certificate("a", by: "CN=a")]),
      at: Samples.now)
    #expect(
      security.lines(.service("/etc/own.pem")) == [
        "TLS: TLSv1.2, no ALPN",
        "certificate: CN=a, self-signed, 300 days left, until 2027-02-05, EC 256",
        "trusted: it is the first certificate in /etc/own.pem, the tls-certificate of this service",
        "asks for no certificate",
      ])
  }

  @Test("How long a certificate is valid")
  func validity() {
    func line(_ certificate: CertificateFacts) -> String {
      Samples.beginning([certificate]).lines(.system).first ?? ""
    }
    #expect(line(Samples.certificate("a", days: 1)).contains(", 1 day left, until 2026-04-12"))
    #expect(line(Samples.certificate("a", days: 0)).contains(", 0 days left, until 2026-04-11"))
    #expect(line(Samples.certificate("a", days: -1)).contains(", expired on 2026-04-10"))
    let early = Samples.certificate("a") { $0.notBefore = Samples.now + 1 }
    #expect(line(early).contains(", not valid before 2026-04-11"))
  }

  @Test(
    "A certificate that expires within 30 days is a warning",
    arguments: [
      (31, 300, nil), (30, 300, "its certificate CN=a expires in 30 days, on 2026-05-11"),
      (1, 0, "the CA certificate above it, CN=CA, expires within a day, on 2026-04-11"),
      (0, 300, "its certificate CN=a expires within a day, on 2026-04-11"),
      (300, 1, "the CA certificate above it, CN=CA, expires in 1 day, on 2026-04-12"),
    ] as [(Int64, Int64, String?)])
  func expiring(leaf: Int64, authority: Int64, warning: String?) throws {
    let chain = [
      Samples.certificate("a", days: leaf),
      Samples.certificate("CA", by: "CN=Root", days: authority),
    ]
    let result = Samples.result(Samples.session(chain), try Samples.question())
    var summary = ProbeSummary()
    summary.add(result)
    guard let warning else {
      #expect(result.status == .ok && result.lines()[0].hasPrefix("OK: "))
      #expect(summary.line == "OK: 1 probe, 0 failed; min 5.000, avg 5.000, max 5.000 ms")
      return
    }
    #expect(result.status == .warning && result.isOK)
    #expect(
      result.lines()[0].hasPrefix(
        "WARNING: ARCHIVE at pacs:104: \(warning); C-ECHO was answered in 5.000 ms (resolve"))
    #expect(result.lines()[1] == "  to do: renew this certificate before it expires")
    #expect(
      summary.line
        == "WARNING: 1 probe, 0 failed, 1 with a warning; min 5.000, avg 5.000, max 5.000 ms")
    let failed = Samples.result(Samples.session(chain), try Samples.question(), .alert(80))
    #expect(failed.status == .critical)
    summary.add(failed)
    #expect(summary.status == .critical)
    #expect(summary.line.hasPrefix("CRITICAL: 2 probes, 1 failed, 1 with a warning; "))
  }

  @Test("The lines of a failure have the certificates, too")
  func failure() throws {
    let lines = Samples.result(
      Samples.beginning([Samples.certificate("a", days: -11)]), try Samples.question(),
      .certificate(.expired, code: 10)
    ).lines()
    #expect(
      lines == [
        "CRITICAL: ARCHIVE at pacs:104: tls: its certificate CN=a expired 10 days ago, on 2026-03-31",
        "  address: 192.0.2.1:104",
        "  to do: give the SCP a new certificate, or correct the clock of this machine",
        "  certificate: CN=a, issued by CN=CA, expired on 2026-03-31, EC 256",
      ])
  }

  static let object = #"""
    "tls": {"version": "TLSv1.3", "cipher_suite": "TLS_AES_256_GCM_SHA384", "group": "x25519", \#
    "application_protocol": "dicom", "certificates": [{"subject": "CN=archive", "issuer": "CN=CA", \#
    "fingerprint": "ab01", "not_before": "2026-03-12T08:05:00Z", "not_after": "2027-02-05T20:05:00Z", \#
    "days_left": 300}], "accepted_cas": ["CN=\"B\""], "fault": null}, "failures"
    """#

  static let objectOfFailure = #"""
    "tls": {"version": null, "cipher_suite": null, "group": null, "application_protocol": null, \#
    "certificates": [], "accepted_cas": null, "fault": "no-common-cipher"}
    """#

  @Test("The object of a session")
  func objects() throws {
    let question = try Samples.question()
    let good = Samples.result(Samples.session(accepted: ["CN=\"B\""]), question).json(number: 1)
    #expect(good.contains(Self.object))
    let bad = Samples.result(Samples.beginning(), question, .alert(40)).json(number: 1)
    #expect(bad.contains(Self.objectOfFailure))
    let plain = Samples.result(nil, .sample()).json(number: 1)
    #expect(plain.contains("\"tls\": null"))
  }
}
