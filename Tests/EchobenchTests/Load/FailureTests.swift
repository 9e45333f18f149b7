import Glibc
import Log
import Probe
import Requestor
import TLS
import Testing
import UpperLayer

@testable import echobench

/// The kinds and the words of failures.
@Suite struct FailureTests {
  static let numbers: [(Int32, ErrorKind)] = [
    (ECONNREFUSED, .refused), (ENETUNREACH, .unreachable), (EHOSTUNREACH, .unreachable),
    (ECONNRESET, .reset), (EPIPE, .reset), (ETIMEDOUT, .timeout), (EADDRINUSE, .addressInUse),
    (EADDRNOTAVAIL, .addressNotAvailable), (EMFILE, .tooManyDescriptors),
    (ENFILE, .tooManyDescriptors), (EINVAL, .system), (ENOMEM, .system),
  ]

  @Test(arguments: numbers) func ofTheSystem(number: Int32, kind: ErrorKind) {
    #expect(Failure.system(number).kind == kind)
  }

  @Test func ofThePeer() {
    #expect(Failure.closed.kind == .closed)
    #expect(Failure.timeout.kind == .timeout)
    #expect(Failure.tls(.noCommonCipher).kind == .tls)
    #expect(Failure.aborted.kind == .aborted)
    #expect(Failure.rejected(Rejection.calledAETitle.pdu).kind == .rejected)
    #expect(Failure.wrong(.contextMissing).kind == .wrongAnswer)
  }

  @Test("A remark says why TLS failed")
  func tls() {
    let remarks: [(HandshakeFault, String)] = [
      (
        .certificate([.untrusted, .expired], code: 20),
        "none of the CAs in --tls-ca-certificates has issued the SCP's certificate"
      ),
      (.certificate(.expired, code: 10), "the SCP's certificate is refused (X509_V_ERR 10)"),
      (.alert(45), "the SCP refuses our certificate with alert 45; see --tls-certificate"),
      (.alert(116), "the SCP sent alert 116 (RFC 8446 §6)"),
      (.notTLS, "the SCP's answer is not TLS"),
      (.other(OpenSSLError(reason: 123)), "bad signature"),
      (.noCommonGroup, "noCommonGroup"),
    ]
    for (fault, remark) in remarks { #expect(Failure.tls(fault).remark == remark) }
  }

  @Test("Every wrong answer has words of its own")
  func objections() {
    let objections: [AnswerFault] = [
      .pdu(type: 0x48), .tooLong(type: 2, length: 1 << 20), .malformed(type: 4),
      .protocolVersion(2), .contextMissing, .contextRefused(3), .transferSyntax,
      .maximumLength(7), .maximumLength(10), .contextID(3), .dataSet, .command, .commandTooLong,
      .elementMissing(0x0120), .commandField(0x8001), .messageID(1, due: 2), .status(0x0110),
      .dataSetType(0), .sopClass,
    ]
    let texts = objections.map(\.text)
    #expect(Set(texts).count == objections.count)
    #expect(
      texts[0]
        == "a PDU of unknown type 48H instead of the expected PDU")
    #expect(texts[13] == "a command set without (0000,0120)")
    #expect(texts[16] == "status 0110H")
  }
}
