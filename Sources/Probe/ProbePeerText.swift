import Log
import Requestor
import UpperLayer

/// What a peer has done instead of answering, in words, with what to do about it.
extension EchoSCU.Failure {
  /// A word for it that stays the same.
  var cause: ProbeCause {
    switch self {
    case .rejected: .rejected
    case .aborted: .aborted
    case .foreign: .notDICOM
    case .releaseRequested: .released
    case .closed: .closed
    case .wrong(.contextRefused): .contextRefused
    case .wrong(.status): .status
    case .wrong: .wrongAnswer
    }
  }

  /// What it has done.
  var text: String {
    switch self {
    case .rejected(let rejection): rejection.sentence
    case .aborted(let abort): abort.sentence
    case .foreign(let foreign, let bytes): foreign.sentence(bytes)
    case .releaseRequested: "the peer has asked for a release instead of answering (A-RELEASE-RQ)"
    case .closed: "the peer has closed the connection without an answer"
    case .wrong(.status(let status)):
      "C-ECHO-RSP with status \(hex(status))H\(AnswerFault.meaning(ofStatus: status))"
    case .wrong(.contextRefused(let result)): AnswerFault.contextRefused(result).text
    case .wrong(let objection):
      switch objection.ground {
      case .clause: "a wrong answer: \(objection.text)"
      case .leftToSCP: "an answer that this program cannot use: \(objection.text)"
      }
    }
  }

  /// What to do, where this came in `phase` of `question`.
  func remedy(_ question: ProbeQuestion, in phase: ProbePhase) -> String {
    switch self {
    case .rejected(let rejection): rejection.remedy(question)
    case .aborted(let abort): abort.remedy(in: phase)
    case .foreign(let foreign, _): foreign.remedy
    case .releaseRequested: "the SCP is about to stop, or has no use for an echo: look at its log"
    case .closed: "look at the log of the SCP"
    case .wrong(let objection): objection.remedy
    }
  }
}

extension ForeignProtocol {
  /// What has come in place of an answer, and how it begins.
  fileprivate func sentence(_ bytes: [UInt8]) -> String {
    let line = bytes.prefix { $0 != 0x0D && $0 != 0x0A }
    let what =
      self == .other ? "the answer is not DICOM" : "\(name) in place of an A-ASSOCIATE-AC"
    return "\(what): it begins \"\(Escaping.ascii(Array(line).span))\""
  }

  /// What to do about it.
  fileprivate var remedy: String {
    switch self {
    case .http: "a web server listens there; name the DICOM port of the host, often 104 or 11112"
    case .tls:
      "the port wants TLS, which this program does not speak; name one without, or ask through a "
        + "tunnel such as stunnel"
    default:
      "another service listens there; name the DICOM port of the host, often 104 or 11112"
    }
  }
}
