import Linux
import Log
import Probe
import Requestor
import UpperLayer

/// How an operation or its association has failed.
enum Failure: Equatable {
  /// The operating system says so, by this errno.
  case system(Int32)
  /// The peer has closed the connection.
  case closed
  /// No answer came in time.
  case timeout
  /// A-ASSOCIATE-RJ.
  case rejected(AssociateReject)
  /// A-ABORT.
  case aborted
  /// A wrong answer.
  case wrong(AnswerFault)

  /// The kind that it is counted as.
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

  /// What there is to say about it that its kind does not say; `nil` when there is nothing.
  var remark: String? {
    switch self {
    case .system(let number):
      switch kind {
      case .addressNotAvailable, .addressInUse:
        "no port is left to connect from; --sources spreads the connections over more addresses"
      case .tooManyDescriptors: "raise the limit of open files, ulimit -n"
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
