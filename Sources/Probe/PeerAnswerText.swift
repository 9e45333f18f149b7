import Log
import UpperLayer

/// What a peer has sent in place of the answer, in words, with what to do about it.
extension AssociateReject {
  /// Who has rejected the association, how, and why (PS3.8 Table 9-21).
  var sentence: String {
    let how =
      switch result {
      case 1: "permanently"
      case 2: "for now"
      default: "with a result that the standard does not have"
      }
    return
      "rejected \(how) by \(words.source): \(words.reason) (A-ASSOCIATE-RJ \(result)/\(source)/\(reason))"
  }

  /// What to do, where it is the answer to `question`.
  func remedy(_ question: ProbeQuestion) -> String {
    switch (source, reason) {
    case (1, 3):
      "the SCP does not know \"\(question.calling)\", which called: add it there, or name a title "
        + "that it knows by --calling-ae-title"
    case (1, 7):
      "the SCP is not \"\(question.called)\", which was called: name its AE title by "
        + "--called-ae-title"
    case (1, 2), (2, 2): "the SCP speaks another version of DICOM: look at its log"
    case (3, 1): "the SCP is busy: try again later"
    case (3, 2):
      "the SCP has as many associations as it takes: try again later, or raise its limit"
    default:
      "look at the log of the SCP; many SCPs answer this way to AE titles they do not know"
    }
  }
}

extension Abort {
  /// Who has aborted the association, and why (PS3.8 Table 9-26).
  var sentence: String {
    let fields = "(A-ABORT \(source)/\(reason))"
    return switch source {
    case 0: "aborted by the service user \(fields)"
    case 2: "aborted by the service provider: \(reasonWords) \(fields)"
    default: "aborted by a source that the standard does not have \(fields)"
    }
  }

  /// What to do, where it came in `phase`. The standard allows it at any time (PS3.8 §7.3, Table 9-10),
  /// so it is nobody's fault, and the log of the SCP tells why.
  func remedy(in phase: ProbePhase) -> String {
    switch (phase, source) {
    case (.release, _):
      "C-ECHO works, and the standard allows an A-ABORT at any time; the log of the SCP may tell why it "
        + "sends one"
    case (_, 0): "the SCP wants no association, or is about to stop: look at its log"
    default:
      "look at the log of the SCP for what it does not take; the standard allows an A-ABORT at any time"
    }
  }
}

extension ForeignProtocol {
  /// What another protocol than DICOM means, whose first bytes are `bytes`.
  func explanation(_ bytes: [UInt8]) -> Explanation {
    let line = bytes.prefix { $0 != 0x0D && $0 != 0x0A }
    let what =
      self == .other ? "the answer is not DICOM" : "\(name) in place of an A-ASSOCIATE-AC"
    let remedy =
      switch self {
      case .http: "a web server listens there; name the DICOM port of the host, often 104 or 11112"
      case .tls:
        "the port wants TLS, which this program does not speak; name one without, or ask through a "
          + "tunnel such as stunnel"
      default:
        "another service listens there; name the DICOM port of the host, often 104 or 11112"
      }
    return Explanation(
      .notDICOM, "\(what): it begins \"\(Escaping.ascii(Array(line).span))\"", remedy)
  }
}
