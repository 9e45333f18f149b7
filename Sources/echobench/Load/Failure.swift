import Linux
import Log
import Probe
import Requestor
import TLS
import UpperLayer

/// How an operation or its association failed.
enum Failure: Equatable {
  /// The operating system reported this errno.
  case system(Int32)
  /// The peer closed the connection.
  case closed
  /// No answer came in time.
  case timeout
  /// TLS failed.
  case tls(HandshakeFault)
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
    case .tls: .tls
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
      case .refused, .unreachable, .reset, .closed, .timeout, .tls, .rejected, .aborted,
        .wrongAnswer:
        nil
      }
    case .tls(let fault): Self.text(of: fault)
    case .rejected(let rejection):
      "result \(rejection.result), source \(rejection.source), reason \(rejection.reason)"
        + " (PS3.8 Table 9-21)"
    case .wrong(let objection): objection.text
    case .closed, .timeout, .aborted: nil
    }
  }

  private static func text(of fault: HandshakeFault) -> String {
    switch fault {
    case .certificate(let faults, _) where faults.contains(.untrusted):
      "none of the CAs in --tls-ca-certificates has issued the SCP's certificate"
    case .certificate(_, let code): "the SCP's certificate is refused (X509_V_ERR \(code))"
    case .alert(let number) where fault.refusesOurCertificate:
      "the SCP refuses our certificate with alert \(number); see --tls-certificate"
    case .alert(let number): "the SCP sent alert \(number) (RFC 8446 §6)"
    case .notTLS: "the SCP's answer is not TLS"
    case .other(let error): error.text
    case .chainTooLong, .noCommonCipher, .versionTooOld, .noCommonGroup,
      .noCommonSignatureAlgorithm, .noCommonApplicationProtocol, .closed, .reset, .timedOut:
      "\(fault)"
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
