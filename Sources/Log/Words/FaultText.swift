public import UpperLayer
import Verification

/// Why an association is aborted, in words.
extension AbortReason {
  /// What there is to say of it.
  struct Words {
    /// What came, and what was expected.
    let text: String
    /// What was expected instead, where that depends on the stage.
    let expectation: String
    /// Whether something did not come whole, so that it is told how much has come.
    let isOfAnIncompletePDU: Bool

    init(_ text: String, expectation: String = "", isOfAnIncompletePDU: Bool = false) {
      self.text = text
      self.expectation = expectation
      self.isOfAnIncompletePDU = isOfAnIncompletePDU
    }
  }

  /// The fault in words, where it came in `stage`.
  ///
  /// - Parameter opening: The first bytes of what is not DICOM, as they are shown.
  func words(_ command: CommandFault?, in stage: Stage, opening: String? = nil) -> Words {
    switch self {
    case .foreignProtocol(let foreign):
      Words(
        foreign.text + (opening.map { ": it begins \($0)" } ?? ""),
        expectation: foreign == .tls
          ? "; expected an A-ASSOCIATE-RQ: switch TLS off on the device" : stage.expectation)
    case .unrecognizedPDU(let type):
      Words("PDU type \(hex(type)) is unknown; expected 01H to 07H")
    case .unexpectedPDU(let type):
      Words("\(type.name) has no place here", expectation: stage.expectation)
    case .malformedPDU(let type, let malformed):
      Words("malformed \(type.name): \(malformed.text)")
    case .pduTooLong(let type, let length, let limit):
      Words("\(type.name) of \(Counted.text(length, "byte")); at most \(limit) are taken")
    case .unknownPresentationContext(let id):
      Words("message on presentation context \(id), which was not accepted")
    case .presentationContextChanged(let old, let new):
      Words("presentation context \(new) inside a message on \(old)")
    case .dataSetFragment: Words("a data set fragment; a C-ECHO-RQ has no data set")
    case .commandTooLong(let length):
      Words(
        "command set of \(Counted.text(length, "byte")); at most "
          + "\(Association.maximumCommandLength) are taken")
    case .maximumLengthTooSmall(let length):
      Words("its maximum length \(length) has no room for an answer; expected 0 or at least 8")
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
        "the memory for partial PDUs is used up, and its own one held "
          + "\(Counted.text(size, "byte")) of it, the most")
    case .madeRoom(let all, let own):
      Words(
        "ended to make room: all places for associations (\(all)) were taken, \(own) of them by its "
          + "address, and this one was idle longest")
    }
  }

  /// A time in seconds, as a setting has it: `30 s`, `0.5 s`.
  private static func seconds(_ milliseconds: UInt32) -> String {
    if milliseconds % 1000 == 0 { return "\(milliseconds / 1000) s" }
    var decimals = String(milliseconds % 1000 + 1000).dropFirst()
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(milliseconds / 1000).\(decimals) s"
  }
}

extension Stage {
  /// The PDUs that are expected in it.
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
  /// The fault in words: which item, where, what.
  public var text: String {
    let place =
      item > 0
      ? "item \(hex(item))H at byte \(offset)" : offset > 0 ? "what begins at byte \(offset)" : "it"
    return switch problem {
    case .endsEarly: "\(place) ends before a field that it must have"
    case .reachesBeyond: "\(place) is longer than what encloses it"
    case .wrongLength: "\(place) has a wrong length"
    case .doesNotAddUp: "\(place) has lengths that do not add up"
    }
  }
}

extension CommandFault {
  /// The fault in words: what came, and what was expected.
  var text: String {
    switch self {
    case .elementMissing(let element):
      "malformed command set: no \(CommandElementNames.text(element))"
    case .elementTwice(let element, let offset):
      "malformed command set: \(CommandElementNames.text(element)) twice, again at byte \(offset)"
    case .elementLength(let element, let length, let expected, let offset):
      "malformed command set: \(CommandElementNames.text(element)) at byte \(offset) has "
        + "\(Counted.text(length, "byte")); expected \(expected)"
    case .elementTooLong(let element, let length, let left, let offset):
      "malformed command set: \(CommandElementNames.text(element)) at byte \(offset) has "
        + "\(Counted.text(length, "byte")), but only \(left) of them came"
    case .endsInHeader(let left, let offset):
      "malformed command set: it ends with \(Counted.text(left, "byte")) at byte \(offset), where an "
        + "element has at least \(EchoRequest.elementHeaderSize)"
    case .foreignGroup(let group):
      "malformed command set: group \(hex(group)); expected only group 0000"
    case .notAnEcho(let command):
      "\(CommandNames.text(command)); only C-ECHO-RQ is answered here, and nothing is stored or found"
    case .dataSetAnnounced(let type):
      "C-ECHO-RQ announces a data set: \(CommandElementNames.text(CommandElement.commandDataSetType)) "
        + "is \(hex(type))H; expected 0101H"
    case .otherSOPClass(let uid):
      "C-ECHO-RQ for \(uid.isEmpty ? "an empty name" : UIDNames.name(of: uid)); expected "
        + "Verification (1.2.840.10008.1.1)"
    }
  }
}
