import UpperLayer

/// A rejection or an abort that was received, in the words of the standard, with what to do.
extension AssociateReject {
  /// Who has rejected the association, how, and why (PS3.8 Table 9-21).
  var sentence: String {
    let how =
      switch result {
      case 1: "permanently"
      case 2: "for now"
      default: "with a result that the standard does not have"
      }
    return "rejected \(how) by \(who): \(why) (A-ASSOCIATE-RJ \(result)/\(source)/\(reason))"
  }

  private var who: String {
    switch source {
    case 1: "the service user"
    case 2: "the service provider (ACSE)"
    case 3: "the service provider (presentation)"
    default: "a source that the standard does not have"
    }
  }

  private var why: String {
    switch (source, reason) {
    case (1, 1), (2, 1): "no reason given"
    case (1, 2): "application context name not supported"
    case (1, 3): "calling AE title not recognized"
    case (1, 7): "called AE title not recognized"
    case (2, 2): "protocol version not supported"
    case (3, 1): "temporary congestion"
    case (3, 2): "local limit exceeded"
    default: "a reason that the standard does not have"
    }
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
    case 2: "aborted by the service provider: \(why) \(fields)"
    default: "aborted by a source that the standard does not have \(fields)"
    }
  }

  /// What to do, where it came in `phase`. The standard allows it at any time (PS3.8 §7.3, Table 9-10),
  /// so it is the SCP's log that tells why, and nobody's fault.
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

  private var why: String {
    switch reason {
    case 0: "reason not specified"
    case 1: "unrecognized PDU"
    case 2: "unexpected PDU"
    case 4: "unrecognized PDU parameter"
    case 5: "unexpected PDU parameter"
    case 6: "invalid PDU parameter value"
    default: "a reason that the standard does not have"
    }
  }
}
