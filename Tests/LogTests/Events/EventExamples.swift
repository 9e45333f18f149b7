import Linux
import ProxyProtocol
import TestKit

@testable import Log
@testable import TLS
@testable import UpperLayer

/// An example of each text that a record may have, by the record's ID. The examples come from the tables that
/// test the texts, so that they are complete.
enum EventExamples {
  /// Returns the examples of one ID, the most severe first, without repeating a text.
  static func examples(of id: CatalogID) -> [EventExample] {
    var texts: Set<String> = []
    return (all[id] ?? []).filter { texts.insert($0.text).inserted }
  }

  private static let all: [CatalogID: [EventExample]] = Dictionary(
    grouping: events.map { EventExample($0) }.enumerated()
      .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
      .map(\.element), by: \.event.catalogID)

  private static var events: [Event] {
    let reasons = FaultTextTests.reasons.map(\.reason).filter { !isIncomplete($0) }
    return AssociationSummaryTests.stories.map(\.event) + EventTable.rows.map(\.event)
      + FaultTextTests.foreign.map {
        Event.aborting(.foreignProtocol($0.protocol), nil, .serviceUser, .awaitingRequest)
      } + reasons.map { Event.aborting($0, nil, $0.abort, stage(of: $0)) }
      + FaultTextTests.commandFaults.map {
        Event.aborting(.refusedByServiceUser, $0.fault, .serviceUser, .established)
      }
  }

  /// Whether `reason` occurs only with a command fault, or has its own table.
  private static func isIncomplete(_ reason: AbortReason) -> Bool {
    if case .foreignProtocol = reason { return true }
    return reason == .refusedByServiceUser
  }

  private static func stage(of reason: AbortReason) -> Stage {
    switch reason {
    case .malformedPDU(.associateRequest, _), .pduTooLong(.associateRequest, _, _): .awaitingRequest
    default: .established
    }
  }

  // An event that the next three functions do not name happens after an A-ASSOCIATE-RQ and without an echo. Most
  // do, so a new event need not be entered here.

  /// Whether the event happens to a device of which only the address is known.
  static func isBeforeTheRequest(_ event: Event) -> Bool {
    switch event {
    case .addressDenied, .connectionRefused, .connectionEvicted, .connectionsEvicted, .connected,
      .requestRefusedMemory, .healthCheck, .secured, .handshakeFailed, .connectionWithoutTLS,
      .requestIncomplete, .requestTimedOut, .proxyNotTrusted, .proxyHeaderMissing,
      .proxyHeaderInvalid, .proxyHeaderIncomplete, .addressShared,
      .abortReceived(_, .awaitingRequest),
      .aborting(_, _, _, .awaitingRequest), .peerVanished(.awaitingRequest),
      .peerReset(.awaitingRequest):
      true
    default: false
    }
  }

  /// Whether the AE titles of a malformed or incomplete request have arrived.
  static func hasTitles(_ event: Event) -> Bool {
    switch event {
    case .requestIncomplete(let progress), .requestTimedOut(let progress):
      progress.pdu.firstByte == 1 && progress.pdu.received >= 42
    case .aborting(let reason, _, _, .awaitingRequest): stage(of: reason) == .awaitingRequest
    case .peerReset(.awaitingRequest): true
    default: false
    }
  }

  /// Whether a C-ECHO-RQ was answered before the event.
  static func hasEchoed(_ event: Event) -> Bool {
    switch event {
    case .associationReleased(_, .echoed, _), .abortReceived(_, .echoed),
      .aborting(_, _, _, .echoed),
      .peerVanished(.echoed), .peerReset(.echoed):
      true
    default: false
    }
  }

  /// The facts about a service with the installed configuration.
  static let facts = ServiceFacts(
    level: .info, aeTitle: "MYPACS",
    listeners: [NetworkAddress(bytes: InlineArray(repeating: 0), port: 11112)], arePassed: true,
    tls: ServiceFacts.TLS(subject: "CN=mypacs.example", days: 312),
    tlsListeners: [NetworkAddress(bytes: InlineArray(repeating: 0), port: 2762)],
    proxyListeners: [NetworkAddress(bytes: InlineArray(repeating: 0), port: 11113)])

  /// Returns the attachment of the record.
  static func attachment(of event: Event) -> Attachment {
    if event.describesService { return .service(facts) }
    return request(of: event).map { .request($0) } ?? .text(AttachedText(lines(of: event)))
  }

  /// Returns what the load balancer told, if the event is about that.
  static func relay(of event: Event) -> Relay? {
    switch event {
    case .proxyHealthCheck, .aborting(.foreignProtocol(.secondProxy), _, _, _):
      let header = ProxyWire.header(ProxyWire.ipv4 + ProxyWire.tlv(5, Array("dicom-7".utf8)))
      guard case .header(let header) = ProxyHeader.read(header.span) else { return nil }
      return Relay(
        header,
        from: NetworkAddress(
          bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1], port: 50000))
    default: return nil
    }
  }

  /// Returns the excerpt of the refused request.
  private static func request(of event: Event) -> RequestExcerpt? {
    var bytes: [UInt8]
    switch event {
    case .associationRejected(.protocolVersion, _):
      bytes = Wire.associateRequest()
      bytes.replaceSubrange(6..<8, with: Wire.be16(2))
    case .associationRejected(.applicationContext, _):
      bytes = Wire.associateRequest(application: Wire.applicationContext("1.2.3.4"))
    case .noUsableContext(let outcome) where outcome.transferSyntaxesNotSupported > 0:
      bytes = Wire.associateRequest(
        contexts: Wire.context(1, Wire.verification, ["1.2.840.10008.1.2.1", "1.2.3.4"]))
    case .noUsableContext(let outcome) where outcome.abstractSyntaxNotSupported > 0:
      bytes = Wire.associateRequest(
        contexts: Wire.context(1, "1.2.840.10008.5.1.4.1.1.2", [Wire.implicitLittle])
          + Wire.context(3, "1.2.3.4", [Wire.implicitLittle]))
    default: return nil
    }
    let body = Array(bytes.dropFirst(6))
    guard let request = try? AssociateRequest(body.span) else { return nil }
    return RequestExcerpt(request, pdus: nil)
  }

  /// Returns the refused bytes: those with which a client of another protocol begins, or else any request.
  static func refused(_ event: Event) -> [UInt8] {
    guard case .aborting(.foreignProtocol(let foreign), _, _, _) = event else {
      return Array(Wire.associateRequest().dropFirst(6))
    }
    return foreign.example
  }

  /// Returns the lines of the record.
  private static func lines(of event: Event) -> [String] {
    switch event {
    case .configurationRefused, .reloadRefused:
      ["/etc/echoscp.conf:41: port: \"70000\" is not a port: expected 1 to 65535"]
    case .reloadFailed: ["/etc/echoscp.conf: Too many open files"]
    case .listenFailed:
      ["cannot listen on port 104: ports below 1024 need CAP_NET_BIND_SERVICE; 11112 does not"]
    case .restartNeeded: ["workers"]
    case .socketsOverride: ["[::]:104", "[::]:11112"]
    case .associationFromElsewhere: ["192.0.2.9"]
    case .certificateOfAnother: ["cn:MR1, dns:mr1.hospital.example"]
    case .certificateRemark: ["CN=mypacs.example"]
    case .handshakeFailed(.alert(_)): ["CN=Hospital CA"]
    case .tlsUnavailable:
      ["/etc/echoscpd/tls.key: the key does not belong to the certificate in /etc/echoscpd/tls.pem"]
    default: []
    }
  }
}
