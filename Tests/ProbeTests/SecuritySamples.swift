import Linux
import Requestor
import TLS
import TestKit
import UpperLayer

@testable import Probe

/// Facts about TLS sessions, made by hand. The time of all of them is 2026-04-11 08:05 UTC.
enum SecuritySamples {
  static let now: Int64 = 1_775_894_700
  static let day: Int64 = 86_400

  /// The context of a client without a certificate, and of one that presents the certificate of CT1.
  static let (nobody, device) = (
    Result { try Party(nil).client() }, Result { try Party(.ct1).client() }
  )

  /// A certificate with so many days left.
  static func certificate(
    _ name: String, by issuer: String = "CN=CA", days: Int64 = 300,
    _ change: (inout CertificateFacts) -> Void = { _ in }
  ) -> CertificateFacts {
    var facts = CertificateFacts()
    facts.subject = "CN=\(name)"
    facts.issuer = issuer
    facts.isSelfSigned = facts.subject == issuer
    facts.fingerprint = [0xAB, 0x01]
    facts.commonNames = [Array(name.utf8)]
    (facts.notBefore, facts.notAfter) = (now - 30 * day, now + days * day + day / 2)
    (facts.keyType, facts.keyBits) = ("EC", 256)
    change(&facts)
    return facts
  }

  /// A session whose handshake is complete.
  static func session(
    _ chain: [CertificateFacts] = [certificate("archive")], accepted: [String]? = nil
  ) -> ProbeSecurity {
    ProbeSecurity(
      SessionFacts(
        version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384", group: "x25519",
        applicationProtocol: "dicom", chain: chain, acceptedCAs: accepted ?? [],
        asksForCertificate: accepted != nil, received: 1000), at: now)
  }

  /// A session whose handshake is not complete.
  static func beginning(
    _ chain: [CertificateFacts] = [], accepted: [String]? = nil, received: UInt32 = 0,
    expected: UInt32 = 0, opening: [UInt8] = []
  ) -> ProbeSecurity {
    ProbeSecurity(
      SessionFacts(
        chain: chain, acceptedCAs: accepted ?? [], asksForCertificate: accepted != nil,
        received: received, expected: expected), at: now, opening: opening)
  }

  /// A question over TLS.
  static func question(
    _ trust: ProbeTLS.Trust = .system, name: String? = "pacs", hasCertificate: Bool = false
  ) throws -> ProbeQuestion {
    .sample(
      tls: ProbeTLS(
        context: try (hasCertificate ? device : nobody).get(), serverName: name, trust: trust))
  }

  /// The explanation of a failure in the phase of the handshake.
  static func explanation(
    _ fault: HandshakeFault, _ security: ProbeSecurity, _ question: ProbeQuestion
  ) -> Explanation {
    ProbeProblem(
      address: nil, phase: .tls, failure: .handshake(fault), question: question,
      security: security
    ).explanation
  }

  /// The result of a probe whose only attempt has this session: it is answered, or fails with a fault.
  static func result(
    _ security: ProbeSecurity?, _ question: ProbeQuestion, _ fault: HandshakeFault? = nil
  ) -> ProbeResult {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    (bytes[10], bytes[11], bytes[12], bytes[14], bytes[15]) = (255, 255, 192, 2, 1)
    var attempt = ProbeAttempt(address: NetworkAddress(bytes: bytes, port: 104))
    attempt.security = security
    attempt.times = [.connect: 1_000]
    if let fault {
      (attempt.phase, attempt.failure) = (.tls, .handshake(fault))
    } else {
      for phase in [ProbePhase.tls, .associate, .echo, .release] { attempt.times[phase] = 1_000 }
    }
    return ProbeResult(question: question, resolveTime: 0, attempts: [attempt])
  }
}

extension Result where Failure == any Error {
  /// The result of `body`, for a value that several tests share.
  init(_ body: () throws -> Success) { self.init(catching: body) }
}
