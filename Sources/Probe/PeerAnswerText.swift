import Log
import UpperLayer

/// Descriptions of PDUs that a peer sent instead of the answer, and their remedies.
extension AssociateReject {
  /// Who rejected the association, how, and why (PS3.8 Table 9-21).
  var sentence: String {
    let how =
      switch result {
      case 1: "permanently"
      case 2: "temporarily"
      default: "with an undefined result"
      }
    return
      "rejected \(how) by \(words.source): \(words.reason) (A-ASSOCIATE-RJ \(result)/\(source)/\(reason))"
  }

  /// The remedy for this answer to `question`.
  func remedy(_ question: ProbeQuestion) -> String {
    switch (source, reason) {
    case (1, 3):
      "add the calling AE title \"\(question.calling)\" to the SCP's settings, or use --calling-ae-title to "
        + "give one that it knows"
    case (1, 7): question.remedyForTitle
    case (1, 2), (2, 2): "see the SCP's log; it may speak another version of DICOM"
    case (3, 1): "try again later; the SCP is busy"
    case (3, 2):
      "try again later, or raise the SCP's limit on associations"
    default:
      "see the SCP's log; many SCPs answer this way to AE titles they do not know"
    }
  }
}

extension Abort {
  /// Who aborted the association, and why (PS3.8 Table 9-26).
  var sentence: String {
    let fields = "(A-ABORT \(source)/\(reason))"
    return switch source {
    case 0: "aborted by the service user \(fields)"
    case 2: "aborted by the service provider: \(reasonWords) \(fields)"
    default: "aborted by an undefined source \(fields)"
    }
  }

  /// The remedy for an A-ABORT in `phase`; `isTLS` is whether the SCP was asked over TLS. The standard allows an
  /// A-ABORT at any time (PS3.8 §7.3, Table 9-10), so neither side is at fault, and the SCP's log tells why.
  func remedy(in phase: ProbePhase, isTLS: Bool) -> String {
    switch (phase, source) {
    case (.release, _):
      "see the SCP's log for the reason; C-ECHO works, and the standard allows an A-ABORT at any "
        + "time"
    case (.associate, 0) where !isTLS:
      "see the SCP's log; it may refuse associations, expect TLS (--tls), or be shutting down"
    case (_, 0): "see the SCP's log; it may be refusing associations or shutting down"
    default:
      "see the SCP's log for what it does not accept; the standard allows an A-ABORT at any time"
    }
  }
}

extension ForeignProtocol {
  /// The explanation of an answer to `question` in another protocol, whose first bytes are `bytes`.
  func explanation(_ bytes: [UInt8], _ question: ProbeQuestion) -> Explanation {
    let what =
      self == .other ? "the answer is not DICOM" : "\(name) instead of an A-ASSOCIATE-AC"
    let remedy =
      self == .tls && question.tls == nil
      ? "add --tls, or use the host's port without TLS" : remedy(isTLS: question.tls != nil)
    return Explanation(.notDICOM, "\(what): \(Self.beginning(bytes))", remedy)
  }

  /// What to do about another service on the port.
  func remedy(isTLS: Bool) -> String {
    let port = isTLS ? "port for DICOM TLS, often 2762" : "DICOM port, often 104 or 11112"
    return
      "use the host's \(port); \(self == .http ? "a web server" : "another service") listens on "
      + "this one"
  }

  /// The first line of `bytes` in words.
  static func beginning(_ bytes: [UInt8]) -> String {
    let line = bytes.prefix { $0 != 0x0D && $0 != 0x0A }
    return "it begins with \"\(Escaping.ascii(Array(line).span))\""
  }
}
