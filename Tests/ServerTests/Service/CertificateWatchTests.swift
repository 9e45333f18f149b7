import Linux
import TLS
import Testing

@testable import Log
@testable import Server

/// When a running service warns of the end of its certificate.
@Suite struct CertificateWatchTests {
  private static let day = WallTime.day
  private static let end: Int64 = 1_000 * day

  private static func time(_ days: Int64, _ seconds: Int64 = 0) -> WallTime {
    WallTime(seconds: end - days * day + seconds)
  }

  private static var certificate: CertificateFacts {
    var facts = CertificateFacts()
    facts.subject = "CN=echoscp"
    facts.notAfter = end
    return facts
  }

  private static func remark(_ record: Record?) -> CertificateRemark? {
    guard case .certificateRemark(let remark)? = record?.event else { return nil }
    #expect(record?.lines == ["CN=echoscp"])
    return remark
  }

  @Test("Without a certificate, it never looks and never warns")
  func none() {
    var watch = CertificateWatch(nil, at: .now)
    #expect(watch.next == .never)
    #expect(watch.due(at: .now) == nil)
  }

  @Test("It warns 30, 7 and 1 days before the end and at the end, each once")
  func milestones() {
    var watch = CertificateWatch(Self.certificate, at: Self.time(100))
    #expect(Self.remark(watch.due(at: Self.time(30))) == nil)
    #expect(Self.remark(watch.due(at: Self.time(30, 1))) == .expires(days: 29))
    #expect(Self.remark(watch.due(at: Self.time(20))) == nil)
    #expect(Self.remark(watch.due(at: Self.time(7, 1))) == .expires(days: 6))
    #expect(Self.remark(watch.due(at: Self.time(6))) == nil)
    #expect(Self.remark(watch.due(at: Self.time(1, 1))) == .expires(days: 0))
    #expect(Self.remark(watch.due(at: Self.time(0))) == nil)
    #expect(Self.remark(watch.due(at: Self.time(0, 1))) == .expired(daysAgo: 0))
    #expect(Self.remark(watch.due(at: Self.time(-5))) == nil)
  }

  @Test("What the start or reload has warned of is not said again")
  func alreadySaid() {
    var watch = CertificateWatch(Self.certificate, at: Self.time(20))
    #expect(Self.remark(watch.due(at: Self.time(8))) == nil)
    #expect(Self.remark(watch.due(at: Self.time(6))) == .expires(days: 6))
    watch.watch(Self.certificate, at: Self.time(5))
    #expect(Self.remark(watch.due(at: Self.time(4))) == nil)
  }

  @Test("It looks at the next milestone, and at least once a day")
  func next() {
    let hour: UInt32 = 3_600_000
    let watch = CertificateWatch(Self.certificate, at: Self.time(7, -3_600))
    #expect(watch.next <= .now + hour + 1000 && .now + hour <= watch.next + 1000)
    let other = CertificateWatch(Self.certificate, at: Self.time(500))
    #expect(other.next <= .now + 24 * hour && .now + 23 * hour < other.next)
  }
}
