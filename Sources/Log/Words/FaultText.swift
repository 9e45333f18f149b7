public import UpperLayer
import Verification

/// Why an association is aborted, in words.
extension AbortReason {
  /// The parts of the sentence about an abort.
  struct Words {
    /// The fault, and what was expected if that does not depend on the stage.
    let text: String
    /// The PDUs that were expected instead, where that depends on the stage.
    let expectation: String
    /// Whether a PDU or message was incomplete, so that the sentence says how much of it arrived.
    let isOfAnIncompletePDU: Bool

    init(_ text: String, expectation: String = "", isOfAnIncompletePDU: Bool = false) {
      self.text = text
      self.expectation = expectation
      self.isOfAnIncompletePDU = isOfAnIncompletePDU
    }
  }

  /// Returns the reason in words, given that the abort happened in `stage`.
  ///
  /// - Parameter opening: The first bytes of input that is not DICOM, as shown to the reader.
  func words(_ command: CommandFault?, in stage: Stage, opening: String? = nil) -> Words {
    switch self {
    case .foreignProtocol(let foreign):
      Words(
        foreign.text + (foreign == .dicom ? "" : opening.map { ": it begins with \($0)" } ?? ""),
        expectation: foreign.expectation ?? stage.expectation)
    case .unrecognizedPDU(let type):
      Words("unknown PDU type \(hex(type))H; expected 01H to 07H")
    case .unexpectedPDU(let type):
      Words("unexpected \(type.name)", expectation: stage.expectation)
    case .malformedPDU(let type, let malformed):
      Words("malformed \(type.name): \(malformed.text)")
    case .pduTooLong(let type, let length, let limit):
      Words("\(type.name) of \(Counted.text(length, "byte")); at most \(limit) are accepted")
    case .unknownPresentationContext(let id):
      Words("message on presentation context \(id), which was not accepted")
    case .presentationContextChanged(let old, let new):
      Words("presentation context \(new) inside a message on context \(old)")
    case .dataSetFragment: Words("a data set fragment; a C-ECHO-RQ has no data set")
    case .commandTooLong(let length):
      Words(
        "command set of \(Counted.text(length, "byte")); at most "
          + "\(Association.maximumCommandLength) are accepted")
    case .maximumLengthTooSmall(let length):
      Words("its maximum length \(length) is too small for an answer; expected 0 or at least 8")
    case .refusedByServiceUser: Words(command?.text ?? "message refused")
    case .idleAssociation(let time):
      Words("idle for \(Self.seconds(time)): network-timeout", isOfAnIncompletePDU: true)
    case .stalledMessage(let time):
      Words(
        "began a message and did not complete it in \(Self.seconds(time)): dimse-timeout",
        isOfAnIncompletePDU: true)
    case .draining: Words("the service is stopping", isOfAnIncompletePDU: true)
    case .outOfMemory: Words("the memory for partial PDUs is used up")
    case .largestPartialPDU(let size):
      Words(
        "the memory for partial PDUs is used up; its own PDU held the most, "
          + "\(Counted.text(size, "byte"))")
    case .madeRoom(let all, let own):
      Words(
        "ended to make room: all association slots (\(all)) were in use, \(own) of them by its "
          + "address, and this one had been idle longest")
    }
  }

  /// A time in seconds, as it is written in a setting: `30 s`, `0.5 s`.
  private static func seconds(_ milliseconds: UInt32) -> String {
    if milliseconds % 1000 == 0 { return "\(milliseconds / 1000) s" }
    var decimals = String(milliseconds % 1000 + 1000).dropFirst()
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(milliseconds / 1000).\(decimals) s"
  }
}

extension ForeignProtocol {
  /// What was expected instead, with the remedy, if it is not only an A-ASSOCIATE-RQ.
  fileprivate var expectation: String? {
    switch self {
    case .tls:
      "; expected an A-ASSOCIATE-RQ: switch TLS off on the device, or use the port for TLS (tls-port, "
        + "usually 2762)"
    case .dicom: "; enable TLS on the device, or use the port without TLS"
    case .proxy:
      "; expected an A-ASSOCIATE-RQ: have the load balancer use a proxy-port, or send no header"
    case .secondProxy:
      "; if another load balancer comes before the one that is trusted, have that one read its header "
        + "(accept-proxy); otherwise the device, or someone at its address, forges an address"
    case .http, .ssh, .hl7, .smb, .rdp, .socks, .rtsp, .sip, .mqtt, .redis, .ldap,
      .postgreSQL, .sqlServer, .rpc, .telnet, .smtp, .printJob, .printQueue, .analyzer, .xml,
      .json, .dicomFile, .dataSet, .other:
      nil
    }
  }
}

extension Stage {
  /// The PDUs that are expected in this stage.
  fileprivate var expectation: String {
    switch self {
    case .awaitingRequest: "; expected an A-ASSOCIATE-RQ"
    case .established, .begun, .unusable, .echoed:
      "; expected P-DATA-TF, A-RELEASE-RQ or A-ABORT"
    case .awaitingClose: ""
    }
  }
}

extension Malformed {
  /// The fault in words: which item, at which byte, and what is wrong with it.
  public var text: String {
    let place =
      item > 0
      ? "item \(hex(item))H at byte \(offset)" : offset > 0 ? "the part at byte \(offset)" : "it"
    return switch problem {
    case .endsEarly: "\(place) ends before a required field"
    case .reachesBeyond: "\(place) is longer than the item or PDU around it"
    case .wrongLength: "\(place) has the wrong length"
    case .doesNotAddUp: "\(place) has lengths that do not add up"
    }
  }
}

extension CommandFault {
  /// The fault in words: what was received, and what was expected.
  var text: String {
    switch self {
    case .elementMissing(let element):
      "malformed command set: no \(CommandElementNames.text(element))"
    case .elementTwice(let element, let offset):
      "malformed command set: duplicate \(CommandElementNames.text(element)) at byte \(offset)"
    case .elementLength(let element, let length, let expected, let offset):
      "malformed command set: \(CommandElementNames.text(element)) at byte \(offset) has "
        + "\(Counted.text(length, "byte")); expected \(expected)"
    case .elementTooLong(let element, let length, let left, let offset):
      "malformed command set: \(CommandElementNames.text(element)) at byte \(offset) has "
        + "\(Counted.text(length, "byte")), but only \(left) arrived"
    case .endsInHeader(let left, let offset):
      "malformed command set: it ends with \(Counted.text(left, "byte")) at byte \(offset); an "
        + "element has at least \(EchoRequest.elementHeaderSize)"
    case .foreignGroup(let group):
      "malformed command set: group \(hex(group)); expected only group 0000"
    case .notAnEcho(let command):
      "\(CommandNames.text(command)); only C-ECHO-RQ is answered here, and nothing is stored or queried"
    case .dataSetAnnounced(let type):
      "C-ECHO-RQ announces a data set: \(CommandElementNames.text(CommandElement.commandDataSetType)) "
        + "is \(hex(type))H; expected 0101H"
    case .otherSOPClass(let uid):
      "C-ECHO-RQ for \(uid.isEmpty ? "an empty UID" : UIDNames.name(of: uid)); expected "
        + "Verification (1.2.840.10008.1.1)"
    }
  }
}
