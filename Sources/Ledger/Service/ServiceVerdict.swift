import Linux
import Log
import Systemd

/// What a report says of the service first: the verdict, and each problem with what to do about it.
public struct ServiceVerdict: Sendable, Equatable {
  /// A problem, or the absence of any.
  public struct Finding: Sendable, Equatable {
    /// How bad it is.
    public let verdict: Verdict
    /// What there is, in a sentence without a full stop.
    public let text: String
    /// The failure in the journal; `nil` if it is not from there.
    public let failure: Failure?
  }

  /// The findings, the worst first.
  public let findings: [Finding]

  /// The verdict: that of the worst finding.
  public var verdict: Verdict { findings.map(\.verdict).max() ?? .ok }

  /// The days before the end of a certificate at which it needs attention.
  static let daysOfWarning = 30

  /// The verdict on `report`.
  public init(_ report: ServiceReport, by clock: Clock) {
    var all = [Self.answering(report, by: clock)]
    let certificate = Self.certificate(report, by: clock)
    if let certificate { all.append(certificate) }
    // A record about the days says the same as the finding; one about something else in the certificate does not.
    let isTold = certificate != nil
    all += report.ownProblems.filter { !isTold || $0.catalogID != .certificateExpires }.map {
      Finding(
        verdict: .warning, text: "\(clock.ago($0.time)): \($0.cause): \($0.message)", failure: $0)
    }
    findings = all.enumerated().sorted {
      $0.element.verdict != $1.element.verdict
        ? $0.element.verdict > $1.element.verdict : $0.offset < $1.offset
    }.map(\.element)
  }

  private static func answering(_ report: ServiceReport, by clock: Clock) -> Finding {
    func since(_ time: UInt64) -> String {
      time > 0 ? " since \(clock.text(time)) (\(Clock.span(clock.now - min(time, clock.now))))" : ""
    }
    let title = report.start?.service.aeTitle.map { " as \(PeerWords.name($0))" } ?? ""
    guard let unit = report.serviceUnit else {
      let (verdict, text) = accordingToTheJournal(report, title, since)
      if report.journal.source == .elsewhere {
        return Finding(verdict: verdict, text: text, failure: nil)
      }
      return Finding(
        verdict: .unknown,
        text: "the service manager cannot be asked, or does not know the service; \(text)",
        failure: nil)
    }
    if unit.state.isActive {
      return Finding(
        verdict: .ok, text: "echoscpd answers\(title)\(since(unit.state.since))", failure: nil)
    }
    let sockets = report.socketUnits.filter(\.state.isActive)
    if unit.state.active != "failed", let socket = sockets.first {
      let names = sockets.map(\.name).joined(separator: ", ")
      let verb = sockets.count == 1 ? "listens" : "listen"
      return Finding(
        verdict: .ok,
        text:
          "echoscpd starts at the next connection: \(names) \(verb)\(since(socket.state.since))",
        failure: nil)
    }
    let state = "\(unit.name) is \(unit.state.active)\(since(unit.state.since))"
    let step =
      sockets.isEmpty
      ? "and no socket of it listens; systemctl start echoscpd.socket"
      : "although a socket of it listens; systemctl restart \(unit.name)"
    return Finding(
      verdict: .critical, text: "echoscpd does not answer: \(state), \(step)", failure: nil)
  }

  /// What the records of starts and ends tell, without the service manager.
  private static func accordingToTheJournal(
    _ report: ServiceReport, _ title: String, _ since: (UInt64) -> String
  ) -> (Verdict, String) {
    guard let start = report.start else {
      return (.warning, "the journal has no start of echoscpd")
    }
    if let end = report.endTime {
      return (.critical, "according to the journal, echoscpd has not run\(since(end))")
    }
    return (.ok, "according to the journal, echoscpd answers\(title)\(since(start.time))")
  }

  private static func certificate(_ report: ServiceReport, by clock: Clock) -> Finding? {
    guard let days = report.certificateDays(by: clock), let service = report.start?.service,
      days <= daysOfWarning
    else { return nil }
    let name = service.certificate.map { PeerWords.name($0) } ?? "of this service"
    let when = ServiceReport.text(ofDays: days)
    return Finding(
      verdict: days < 0 ? .critical : .warning,
      text:
        "the certificate \(name) \(when); renew tls-certificate, and run systemctl reload echoscpd",
      failure: nil)
  }
}

extension ServiceReport {
  /// The days until the service's certificate expires, counted from now; `nil` without TLS.
  public func certificateDays(by clock: Clock) -> Int? {
    guard let start, let days = start.service.certificateDays else { return nil }
    let passed = clock.now - min(start.time, clock.now)
    return days - Int(passed / (UInt64(WallTime.day) * Clock.second))
  }

  /// The end of a certificate in words, such as `expires in 7 days`.
  static func text(ofDays days: Int) -> String {
    switch days {
    case ..<0: "expired \(Counted.text(-days, "day")) ago"
    case 0: "expires within a day"
    default: "expires in \(Counted.text(days, "day"))"
    }
  }
}
