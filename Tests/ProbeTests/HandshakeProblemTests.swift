import Requestor
import TLS
import TestKit
import Testing
import UpperLayer

@testable import Probe

/// Why a TLS session fails, in words: the cause, the text and the remedy.
@Suite struct HandshakeProblemTests {
  typealias Samples = SecuritySamples

  /// A fault, and what the probe says of it.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let fault: HandshakeFault
    var security = Samples.beginning()
    var hasCertificate = false
    let cause: ProbeCause
    let text: String
    let remedy: String
  }

  static let accepted = ["CN=Hospital CA,O=Hospital", "CN=B"]
  static let issued = "a certificate of \"CN=Hospital CA,O=Hospital\" or of CN=B"

  /// Computed each time: LeakSanitizer does not see the array inside such an enum from a global.
  static var rows: [Row] {
    [
      Row(
        testDescription: "DICOM without TLS", fault: .notTLS,
        security: Samples.beginning(opening: [7, 0, 0, 0, 0, 4, 0, 0, 0, 0]), cause: .notTLS,
        text: "the peer answered in DICOM without TLS (A-ABORT)", remedy: "omit --tls, or use"),
      Row(
        testDescription: "HTTP", fault: .notTLS,
        security: Samples.beginning(opening: Array("HTTP/1.1 400 Bad\r\n".utf8)), cause: .notTLS,
        text: "HTTP instead of TLS: it begins with \"HTTP/1.1 400 Bad\"",
        remedy: "use the host's port for DICOM TLS, often 2762; a web server listens on this one"),
      Row(
        testDescription: "another protocol", fault: .notTLS,
        security: Samples.beginning(opening: [0x99, 0x99, 0x99]), cause: .notTLS,
        text: "the answer is not TLS: it begins with \"\\x99\\x99\\x99\"",
        remedy: "use the host's port for DICOM TLS, often 2762; another service listens on this one"
      ),
      Row(
        testDescription: "a certificate is required in TLS 1.3", fault: .alert(116),
        security: Samples.session(accepted: accepted), cause: .certificateRequired,
        text:
          "it requires a certificate, and this program has none: TLS alert certificate_required (116)",
        remedy: "use --tls-certificate and --tls-private-key to present \(issued)"),
      Row(
        testDescription: "a certificate is required in TLS 1.2", fault: .alert(40),
        security: Samples.beginning(accepted: [], received: 900), cause: .certificateRequired,
        text:
          "it requires a certificate, and this program has none: TLS alert handshake_failure (40)",
        remedy:
          "use --tls-certificate and --tls-private-key to present a certificate that it accepts"),
      Row(
        testDescription: "our CA is not trusted", fault: .alert(48),
        security: Samples.session(accepted: accepted), hasCertificate: true,
        cause: .ownCertificateRefused,
        text:
          "it does not trust the CA of the certificate of this program, CN=CT1,O=Hospital: TLS alert unknown_ca (48)",
        remedy: "let the SCP trust \"CN=Hospital CA,O=Hospital\", or use \(issued)"),
      Row(
        testDescription: "our certificate has expired", fault: .alert(45),
        security: Samples.session(accepted: []), hasCertificate: true,
        cause: .ownCertificateRefused,
        text:
          "it says that the certificate of this program, CN=CT1,O=Hospital, has expired or is not "
          + "valid yet: TLS alert certificate_expired (45)",
        remedy: "correct the clock of the SCP"),
      Row(
        testDescription: "our certificate is refused", fault: .alert(42),
        security: Samples.session(accepted: []), hasCertificate: true,
        cause: .ownCertificateRefused,
        text:
          "it refuses the certificate of this program, CN=CT1,O=Hospital: TLS alert bad_certificate (42)",
        remedy: "see the SCP's log for the reason, or use a certificate that it accepts"),
      Row(
        testDescription: "no common cipher suite", fault: .alert(40), cause: .noCommonCipher,
        text:
          "it accepts no cipher suite, group or signature algorithm of this program: TLS alert handshake_failure (40)",
        remedy: "enable TLS 1.3 in the SCP's settings, or for TLS 1.2 the BCP 195"),
      Row(
        testDescription: "no common version", fault: .alert(70), cause: .tlsTooOld,
        text: "it accepts no version of TLS of this program: TLS alert protocol_version (70)",
        remedy: "enable TLS 1.2 or 1.3 in the SCP's settings"),
      Row(
        testDescription: "an old version", fault: .versionTooOld, cause: .tlsTooOld,
        text: "it chose a version of TLS that is too old",
        remedy: "enable TLS 1.2 or 1.3 in the SCP's settings"),
      Row(
        testDescription: "no common application protocol", fault: .alert(120),
        cause: .noCommonALPN,
        text:
          "it does not speak the application protocol dicom: TLS alert no_application_protocol (120)",
        remedy: "use the host's port for DICOM TLS"),
      Row(
        testDescription: "an unknown name", fault: .alert(112), cause: .tlsAlert,
        text: "it has no certificate for the name pacs: TLS alert unrecognized_name (112)",
        remedy: "use --server-name"),
      Row(
        testDescription: "another alert", fault: .alert(80), cause: .tlsAlert,
        text: "it ended the TLS session: TLS alert internal_error (80)",
        remedy: "see the SCP's log"),
      Row(
        testDescription: "an end without an answer", fault: .closed, cause: .closed,
        text: "the peer closed the connection without an answer to the ClientHello",
        remedy:
          "check the port, the SCP's log, firewalls and load balancers; the listener may refuse "
          + "this machine's address, not speak TLS, or not be an SCP"),
      Row(
        testDescription: "a reset after our certificate was asked for", fault: .reset,
        security: Samples.beginning(accepted: [], received: 1), cause: .reset,
        text: "the peer reset the connection during the TLS handshake, after 1 byte",
        remedy: "see the SCP's log; it may require a certificate: use --tls-certificate"),
      Row(
        testDescription: "silence", fault: .timedOut, cause: .timeout,
        text: "acse-timeout: connected, but no answer to the ClientHello within 30 s",
        remedy: "check the port and the SCP's log; the listener may hang, not speak TLS"),
      Row(
        testDescription: "silence in the middle of a record", fault: .timedOut,
        security: Samples.beginning(received: 1448, expected: 4000), cause: .incompleteAnswer,
        text: "acse-timeout: within 30 s, only 1448 of 4000 bytes of its first TLS record arrived",
        remedy: "see the SCP's log; if it sent the whole answer, look for an MTU problem"),
      Row(
        testDescription: "silence after a flight", fault: .timedOut,
        security: Samples.beginning(received: 1448), cause: .incompleteAnswer,
        text: "acse-timeout: within 30 s, only 1448 bytes of the TLS handshake arrived",
        remedy: "see the SCP's log"),
      Row(
        testDescription: "certificates that are too long", fault: .chainTooLong,
        cause: .certificateInvalid,
        text: "its certificates are longer than 32 KiB, the limit of this program",
        remedy: "let the SCP send only"),
      Row(
        testDescription: "another failure", fault: .other(OpenSSLError(reason: 123)),
        cause: .tlsError,
        text: "TLS failed: bad signature", remedy: "see the SCP's log; openssl s_client -connect"),
    ]
  }

  @Test("Each fault has a cause, a text and a remedy", arguments: rows)
  func explained(row: Row) throws {
    let found = Samples.explanation(
      row.fault, row.security, try Samples.question(hasCertificate: row.hasCertificate))
    #expect(found.cause == row.cause && found.text == row.text)
    #expect(found.remedy.hasPrefix(row.remedy), "\(found.remedy)")
  }

  @Test("Every alert has a text, whatever the server asked for")
  func everyAlert() throws {
    for hasCertificate in [false, true] {
      let question = try Samples.question(hasCertificate: hasCertificate)
      for security in [Samples.session(), Samples.session(accepted: []), Samples.beginning()] {
        for number in UInt8.min...UInt8.max {
          let found = Samples.explanation(.alert(number), security, question)
          #expect(found.text.contains("(\(number))") || found.text.contains("alert \(number)"))
          #expect(!found.remedy.isEmpty)
        }
      }
    }
  }

  @Test("A connection that ends after the handshake may do so because of our certificate")
  func afterTheHandshake() throws {
    func remedy(_ security: ProbeSecurity, hasCertificate: Bool) throws -> String {
      ProbeProblem(
        address: nil, phase: .associate, failure: .peer(.closed),
        question: try Samples.question(hasCertificate: hasCertificate), security: security
      ).explanation.remedy
    }
    #expect(try remedy(Samples.session(), hasCertificate: false).hasPrefix("check the port"))
    let asked = Samples.session(accepted: [])
    #expect(try remedy(asked, hasCertificate: false).contains("it may require a certificate"))
    #expect(try remedy(asked, hasCertificate: true).contains("may not accept the certificate"))
  }

  @Test("A probe without TLS mentions the option where it may be the remedy")
  func hints() throws {
    func remedy(_ failure: ProbeFailure, _ question: ProbeQuestion) -> String {
      ProbeProblem(address: nil, phase: .associate, failure: failure, question: question)
        .explanation.remedy
    }
    let failures: [ProbeFailure] = [
      .timeout, .system(104), .peer(.closed), .peer(.aborted(.serviceUser)),
      .peer(.foreign(.tls, [0x15, 3])),
    ]
    for failure in failures {
      #expect(remedy(failure, .sample()).contains("--tls"), "\(failure)")
      #expect(try !remedy(failure, Samples.question()).contains("--tls"), "\(failure)")
    }
  }

  @Test("A failure of the session in a later phase says what was answered")
  func later() throws {
    let problem = ProbeProblem(
      address: nil, phase: .release, failure: .handshake(.alert(20)),
      question: try Samples.question(), security: Samples.session())
    #expect(
      problem.line == "release: the echo was answered; only the release failed: it ended the TLS "
        + "session: TLS alert bad_record_mac (20)")
  }
}
