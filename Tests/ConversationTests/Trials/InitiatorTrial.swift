import Log
import Probe
import Requestor
import TestKit
import UpperLayer
import Verification

/// Trials of the initiator: the conformance statement's claims about its behavior are results of trials, not just
/// words.
enum InitiatorTrial {
  /// Returns the default proposal, with the transfer syntaxes of `preference`.
  static func proposal(_ preference: TransferSyntaxPreference = .none) -> EchoProposal {
    EchoProposal(
      called: .named("ANY-SCP"), calling: .named("ECHOSCPD"),
      transferSyntaxes: EchoProposal.transferSyntaxes(by: preference), maximumLength: 16382,
      implementation: ImplementationItems(
        classUID: Implementation.classUID, versionName: Implementation.versionName))
  }

  /// Returns the bytes that the initiator sends last when `pdus` arrive.
  static func answer(to pdus: [UInt8]...) -> [UInt8] {
    var scu = EchoSCU(proposal())
    var sent = scu.takeOutput()
    for pdu in pdus {
      _ = scu.receive(pdu.span)
      sent = scu.takeOutput()
    }
    return sent
  }

  /// The command set of the initiator's C-ECHO-RQ.
  static var request: [UInt8] { Array(answer(to: Wire.associateAccept()).dropFirst(12)) }

  /// Returns the PDU that the initiator sends for a command without a data set where it awaits the C-ECHO-RSP.
  static func answer(toCommand field: UInt16) -> String { answer(field, status: 0) }

  /// Returns the PDU that the initiator sends for a C-ECHO-RSP with this status.
  static func answer(toStatus status: UInt16) -> String {
    answer(CommandField.echoResponse, status: status)
  }

  private static func answer(_ field: UInt16, status: UInt16) -> String {
    let commandSet = Wire.commandSet(
      Wire.element(0x0002, Array(Wire.verification.utf8) + [0]),
      Wire.element(0x0100, Wire.le16(Int(field))), Wire.element(0x0110, Wire.le16(1)),
      Wire.element(0x0120, Wire.le16(1)), Wire.element(0x0800, Wire.le16(0x0101)),
      Wire.element(0x0900, Wire.le16(Int(status))))
    let sent = answer(to: Wire.associateAccept(), Wire.data(Wire.pdv(1, 3, commandSet)))
    return RequestorCell.title(sent)
  }

  typealias Timer = (name: String, key: String, end: String)

  /// The timers, each with the setting for its length and the PDU sent when it expires.
  static var timers: [Timer] {
    let phases: [(ProbePhase, before: [UInt8]?)] = [
      (.connect, nil), (.associate, []), (.echo, Wire.associateAccept()),
      (.release, Wire.associateAccept() + RequestorRow.response),
    ]
    return phases.map { phase, before in
      ("\(phase)", key(of: phase), before.map(end) ?? "no PDU")
    }
  }

  /// Returns the setting that limits the time of a phase, recognized by its value.
  private static func key(of phase: ProbePhase) -> String {
    let question = ProbeQuestion(
      host: "", port: 0, proposal: proposal(), acseTimeout: 1,
      dimseTimeout: 2, networkTimeout: 3)
    let keys = ["none", "acse-timeout", "dimse-timeout", "network-timeout"]
    return keys[Int(question.timeout(of: phase))]
  }

  private static func end(after bytes: [UInt8]) -> String {
    var scu = EchoSCU(proposal())
    _ = scu.receive(bytes.span)
    _ = scu.takeOutput()
    scu.abort()
    return RequestorCell.title(scu.takeOutput())
  }
}
