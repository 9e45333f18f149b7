import TestKit
import UpperLayer
import Verification

/// A rejection, found by making an acceptor reject.
struct RejectionTrial: Sendable {
  let result: UInt8
  let source: UInt8
  let reason: UInt8
  /// Words that only its row in the conformance statement has.
  let subject: String

  /// The fields as shown after the name of the PDU: `1/1/7`.
  var text: String { "\(result)/\(source)/\(reason)" }

  /// Every rejection that the acceptor sends.
  static var all: [RejectionTrial] {
    [
      trial("protocol version") {
        $0.receive(Wire.associateRequest(fixed: Wire.fixedFields(version: 2)))
      },
      trial("application context name") {
        $0.receive(Wire.associateRequest(application: Wire.applicationContext("1.2.3")))
      },
      trial("`require-called-ae-title`", Trial.acceptor(requiresCalledAETitle: true)) {
        $0.receive(Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title("OTHER"))))
      },
      trial("`allow-calling-ae-titles`", Trial.acceptor(callingAETitles: ["CT*"])) {
        $0.receive(Wire.associateRequest())
      },
      trial("`[device]`", isElsewhere: true) { $0.receive(Wire.associateRequest()) },
      trial("`max-associations`", room: 0) { $0.receive(Wire.associateRequest()) },
      trial("`partial-pdu-memory`") { $0.abort(because: .outOfMemory) },
    ].compactMap { $0 }
  }

  private static func trial(
    _ subject: String, _ acceptor: EchoSCP<Recorder> = Trial.acceptor(), room: Int = 1,
    isElsewhere: Bool = false,
    _ act: (inout VirtualLoop<Recorder>) -> [UInt8]
  ) -> RejectionTrial? {
    var host = Recorder()
    host.room = room
    if isElsewhere { host.titlesElsewhere = [.named("MODALITY1")] }
    guard
      case .associateReject(let result, let source, let reason)? =
        Trial.answer(acceptor, host: host, act).first
    else { return nil }
    return RejectionTrial(result: result, source: source, reason: reason, subject: subject)
  }
}
