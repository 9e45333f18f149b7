import Linux
import Log
import Probe
import Requestor
import UpperLayer

/// How an operation or its association failed.
enum Failure: Equatable {
  /// The operating system reported this errno.
  case system(Int32)
  /// The peer closed the connection.
  case closed
  /// No answer came in time.
  case timeout
  /// A-ASSOCIATE-RJ.
  case rejected(AssociateReject)
  /// A-ABORT.
  case aborted
  /// A wrong answer.
  case wrong(AnswerFault)

  /// The kind under which the failure is counted.
  var kind: ErrorKind {
    switch self {
    case .system(let number): ErrorKind(errno: number)
    case .closed: .closed
    case .timeout: .timeout
    case .rejected: .rejected
    case .aborted: .aborted
    case .wrong: .wrongAnswer
    }
  }

  /// What the kind does not say, or `nil` if there is nothing to add.
  var remark: String? {
    switch self {
    case .system(let number):
      switch kind {
      case .addressNotAvailable, .addressInUse:
        "no local port is left; use --sources to spread the connections over more addresses"
      case .tooManyDescriptors: "raise the limit of open files (ulimit -n)"
      case .system: Self.text(of: number)
      case .refused, .unreachable, .reset, .closed, .timeout, .rejected, .aborted, .wrongAnswer: nil
      }
    case .rejected(let rejection):
      "result \(rejection.result), source \(rejection.source), reason \(rejection.reason)"
        + " (PS3.8 Table 9-21)"
    case .wrong(let objection): objection.text
    case .closed, .timeout, .aborted: nil
    }
  }

  private static func text(of number: Int32) -> String {
    do throws(SystemError) {
      return "\(try check("connection", -number))"
    } catch {
      return error.text
    }
  }
}
