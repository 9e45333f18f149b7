import TLS
import Testing

/// The facts about a certificate, and what follows from them.
@Suite struct CertificateFactsTests {
  private static let day: Int64 = 86_400

  private static func facts(notAfter: Int64) -> CertificateFacts {
    var facts = CertificateFacts()
    facts.notAfter = notAfter
    return facts
  }

  @Test(
    arguments: [
      (0, 0), (1, 0), (86_399, 0), (86_400, 1), (10 * 86_400 + 5, 10), (-1, -1), (-86_400, -1),
      (-86_401, -2), (-10 * 86_400 - 5, -11),
    ] as [(Int64, Int)])
  func daysAreCountedDownwards(_ seconds: Int64, _ days: Int) {
    let now: Int64 = 1_700_000_000
    #expect(Self.facts(notAfter: now + seconds).daysLeft(at: now) == days)
  }

  /// A peer's certificate may say anything, and so may the clock.
  @Test func noTimeIsTooFarAway() {
    for end in [Int64.min, .min + 1, -1, 0, 1, .max] {
      for now in [Int64.min, -1, 0, 1, 1_700_000_000, .max] {
        let days = Self.facts(notAfter: end).daysLeft(at: now)
        #expect((days < 0) == (end < now), "\(end) at \(now): \(days)")
      }
    }
  }

  @Test func aFingerprintHasTwoDigitsForEachByte() {
    var facts = CertificateFacts()
    #expect(facts.fingerprintText == "")
    facts.fingerprint = [0x00, 0x0A, 0xFF, 0x10]
    #expect(facts.fingerprintText == "000aff10")
  }

  @Test func theFirstCertificateIsThePeers() {
    var (own, ca) = (CertificateFacts(), CertificateFacts())
    (own.subject, ca.subject) = ("CN=CT1", "CN=CA")
    #expect(SessionFacts(chain: [own, ca]).certificate == own)
    #expect(SessionFacts().certificate == nil)
    #expect(!SessionFacts().isComplete && SessionFacts(version: "TLSv1.3").isComplete)
  }
}
