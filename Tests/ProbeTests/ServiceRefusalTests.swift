import Glibc
import Linux
import Requestor
import Settings
import TLS
import Testing
import UpperLayer

@testable import Probe

/// What a probe says if the service on this machine refuses it: which setting of that service to change.
@Suite struct ServiceRefusalTests {
  /// A refusal by a service with these settings, and beginnings of the text and the remedy.
  struct Refusal: CustomTestStringConvertible, Sendable {
    let settings: [(key: String, value: String)]
    /// The address of a device with the calling AE title of the probe.
    var device: String?
    /// What that device's section says instead.
    var rule: String?
    var isTLS = false
    var failure = ProbeFailure.peer(.rejected(Rejection.callingAETitle.pdu))
    var text = "rejected "
    let remedy: String

    var testDescription: String {
      "\(settings.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")): \(remedy)"
    }

    /// The service's settings, read from a file.
    var service: Settings {
      var lines = settings.map { setting in
        "[\(Setting.named(setting.key)!.section.rawValue)]\n\(setting.key) = \(setting.value)\n"
      }
      if let device { lines.append("[device CT\"1]\naddress = \(device)\n") }
      if let rule { lines.append("[device CT\"1]\n\(rule)\n") }
      var configuration = Configuration()
      configuration.read(ConfigurationFile(path: "f", bytes: Array(lines.joined().utf8)))
      #expect(configuration.diagnostics.isEmpty)
      return configuration.settings
    }
  }

  static let closes = "the service closes connections from 127.0.0.1: "

  /// Computed each time: LeakSanitizer does not see the array inside such an enum from a global.
  static var refusals: [Refusal] {
    [
      Refusal(
        settings: [("allow-addresses", "192.0.2.0/24")], failure: .peer(.closed),
        text: closes + "allow-addresses does not include it",
        remedy: "add 127.0.0.1 to allow-addresses"),
      Refusal(
        settings: [("allow-addresses", "192.0.2.0/24")], failure: .system(ECONNRESET),
        text: closes + "allow-addresses does not include it",
        remedy: "add 127.0.0.1 to allow-addresses"),
      Refusal(
        settings: [("allow-addresses", "127.0.0.1"), ("deny-addresses", "192.0.2.1, 127.0.0.0/8")],
        failure: .peer(.closed), text: closes + "deny-addresses includes 127.0.0.0/8",
        remedy: "remove 127.0.0.0/8 from deny-addresses"),
      Refusal(
        settings: [("allow-addresses", "127.0.0.0/8")], failure: .peer(.closed),
        text: "the peer closed", remedy: "see the service's log, or reload the service"),
      Refusal(
        settings: [("max-connection-rate", "1"), ("max-pending-per-address", "2")],
        failure: .peer(.closed), text: "the peer closed",
        remedy:
          "see the service's log; raise max-pending-per-address (2) or max-connection-rate (1)"),
      Refusal(
        settings: [("allow-calling-ae-titles", "MR*")],
        remedy: "add \"CT\"\"1\" to allow-calling-ae-titles"),
      Refusal(
        settings: [], device: "192.0.2.7",
        remedy: "add 127.0.0.1 to address in [device "),
      Refusal(settings: [], device: "127.0.0.0/8", remedy: "reload the service"),
      Refusal(settings: [], remedy: "reload the service"),
      Refusal(
        settings: [("ae-title", "ARCHIVE"), ("require-called-ae-title", "yes")],
        failure: .peer(.rejected(Rejection.calledAETitle.pdu)), remedy: "reload the service"),
      Refusal(
        settings: [("ae-title", "OTHER"), ("require-called-ae-title", "yes")],
        failure: .peer(.rejected(Rejection.calledAETitle.pdu)),
        remedy: "use --called-ae-title to give the SCP's own AE title"),
      Refusal(
        settings: [("max-associations", "5"), ("max-associations-per-address", "1")],
        failure: .peer(.rejected(Rejection.localLimitExceeded.pdu)),
        remedy: "raise max-associations-per-address (1) or max-associations (5)"),
      Refusal(
        settings: [], failure: .peer(.rejected(Rejection.localLimitExceeded.pdu)),
        remedy: "raise max-associations, or try again later"),
      Refusal(
        settings: [], failure: .peer(.rejected(Rejection.temporaryCongestion.pdu)),
        remedy: "raise partial-pdu-memory"),
      Refusal(
        settings: [], rule: "certificate = cn:CT1",
        remedy: "use --tls, --tls-certificate and --tls-private-key to present a certificate that "
          + "matches certificate in [device "),
      Refusal(
        settings: [], rule: "certificate = cn:CT1\naddress = 192.0.2.7", isTLS: true,
        remedy: "add 127.0.0.1 to address in [device "),
      Refusal(
        settings: [("max-tls-associations", "5")], isTLS: true,
        failure: .peer(.rejected(Rejection.localLimitExceeded.pdu)),
        remedy: "raise max-tls-associations (5) or max-associations"),
      Refusal(
        settings: [("deny-addresses", "127.0.0.1")], isTLS: true, failure: .handshake(.closed),
        text: closes + "deny-addresses includes 127.0.0.1",
        remedy: "remove 127.0.0.1 from deny-addresses"),
      Refusal(
        settings: [], isTLS: true, failure: .handshake(.closed), text: "the peer closed",
        remedy: "see the service's log; check its files for TLS (echoscpd --check-config)"),
    ]
  }

  @Test("The settings of the service tell why it refuses the probe", arguments: refusals)
  func remedies(refusal: Refusal) throws {
    let address = try #require(try NetworkAddress.resolve("127.0.0.1", port: 104).first)
    let context = try refusal.isTLS ? SecuritySamples.nobody.get() : nil
    let phase: ProbePhase = if case .handshake = refusal.failure { .tls } else { .associate }
    let found = ProbeProblem(
      address: nil, source: address, phase: phase, failure: refusal.failure,
      question: .sample(
        service: refusal.service, tls: context.map { ProbeTLS(context: $0, serverName: nil) })
    ).explanation
    #expect(found.text.hasPrefix(refusal.text) && found.remedy.hasPrefix(refusal.remedy))
  }

  @Test("They say nothing about another phase, another failure, or an SCP on another host")
  func others() throws {
    let address = try #require(try NetworkAddress.resolve("127.0.0.1", port: 104).first)
    let service = Refusal(settings: [("deny-addresses", "127.0.0.1")], remedy: "").service
    let closed = ProbeFailure.peer(.closed)
    for (phase, failure, service) in [
      (ProbePhase.echo, closed, service), (.associate, .timeout, service),
      (.associate, closed, nil),
      (.associate, .peer(.rejected(AssociateReject(result: 9, source: 9, reason: 9))), service),
    ] as [(ProbePhase, ProbeFailure, Settings?)] {
      func explanation(_ service: Settings?) -> Explanation {
        ProbeProblem(
          address: nil, source: address, phase: phase, failure: failure,
          question: .sample(service: service)
        ).explanation
      }
      #expect(explanation(service).text == explanation(nil).text)
      #expect(explanation(service).remedy == explanation(nil).remedy)
    }
  }
}
