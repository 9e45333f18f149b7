import UpperLayer
import Verification

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
