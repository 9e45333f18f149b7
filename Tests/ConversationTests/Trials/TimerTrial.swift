import TestKit

/// A timer of the acceptor and the PDUs sent when it expires, in the order of the conformance statement's table.
struct TimerTrial: Sendable {
  /// The setting for the length of the timer.
  let key: String
  /// The PDUs that are sent, or `no PDU`.
  let end: String

  static var all: [TimerTrial] {
    let half = Array(Wire.echoCommand(messageID: Trial.messageID).prefix(40))
    return [
      TimerTrial("acse-timeout") { $0.receive([0x01]) },
      TimerTrial("acse-timeout") { $0.receive(Wire.associateRequest() + Wire.releaseRequest) },
      TimerTrial("dimse-timeout") {
        $0.receive(Wire.associateRequest() + Wire.data(Wire.pdv(1, 1, half)))
      },
      TimerTrial("network-timeout") { $0.receive(Wire.associateRequest()) },
    ]
  }

  /// Makes the timer expire in the state that `act` leads to.
  private init(_ key: String, _ act: (inout VirtualLoop<Recorder>) -> [UInt8]) {
    self.key = key
    let pdus = Trial.answer { loop in
      _ = act(&loop)
      return loop.pass(milliseconds: 30_000)
    }
    end = pdus.isEmpty ? "no PDU" : pdus.map(\.title).joined(separator: ", ")
  }
}
