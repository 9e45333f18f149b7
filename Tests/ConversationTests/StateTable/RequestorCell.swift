import Requestor
import TestKit
import UpperLayer
import Verification

/// A requestor's reaction to an event: observed, then named as in PS3.8 Tables 9-6 to 9-9.
struct RequestorCell: Equatable {
  /// The actions, or empty if there were none.
  let action: String
  /// The PDU that was sent, or empty if there was none.
  let sent: String
  /// The next state.
  let state: String

  /// The proposal in every trial.
  private static let proposal = EchoProposal(
    called: .named("ANY-SCP"), calling: .named("ECHOSCPD"),
    transferSyntaxes: [.implicitVRLittleEndian], maximumLength: 16382,
    implementation: ImplementationItems(
      classUID: Implementation.classUID, versionName: Implementation.versionName))

  /// Makes `kind` happen in `start`; `nil` if the PDUs before it do not lead there.
  init?(_ kind: RequestorSample.Kind, in start: EchoSCU.State) {
    var scu = EchoSCU(Self.proposal)
    _ = scu.receive(Self.way(to: start).span)
    guard scu.state == start else { return nil }
    _ = scu.takeOutput()
    let events =
      switch kind {
      case .bytes(let bytes): scu.receive(bytes.span)
      case .abortWanted:
        { () -> [EchoSCU.Event] in
          scu.abort()
          return []
        }()
      case .transportClosed: [scu.end()].compactMap { $0 }
      }
    let output = scu.takeOutput()
    sent = Self.title(output)
    // Sta1 and Sta13 differ in which side closes the connection first.
    state = scu.state == .closed ? (output.isEmpty ? "Sta1" : "Sta13") : Self.name(scu.state)
    action = Self.action(start, output, scu.state, events)
  }

  /// The text of the cell in the table.
  var text: String { "\(action)\(sent.isEmpty ? "" : ": ")\(sent) → \(state)" }

  /// Returns the standard's name of `state`.
  static func name(_ state: EchoSCU.State) -> String {
    switch state {
    case .awaitingAccept: "Sta5"
    case .awaitingEcho: "Sta6"
    case .awaitingRelease: "Sta7"
    case .awaitingReleaseInCollision: "Sta11"
    case .closed: "Sta13"
    }
  }

  private static func way(to state: EchoSCU.State) -> [UInt8] {
    switch state {
    case .awaitingAccept: []
    case .awaitingEcho: Wire.associateAccept()
    case .awaitingRelease: Wire.associateAccept() + RequestorRow.response
    case .awaitingReleaseInCollision:
      Wire.associateAccept() + RequestorRow.response + Wire.releaseRequest
    case .closed: Wire.reject(1, 1, 1)
    }
  }

  /// Returns the name of the PDU `bytes`, with the fields that state a reason.
  static func title(_ bytes: [UInt8]) -> String {
    guard let first = bytes.first else { return "" }
    return switch PDUType(rawValue: first) {
    case .dataTransfer: "P-DATA-TF"
    case .releaseRequest: "A-RELEASE-RQ"
    case .releaseReply: "A-RELEASE-RP"
    case .abort: "A-ABORT \(bytes[8])/\(bytes[9])"
    case .associateRequest, .associateAccept, .associateReject, nil: "in no table"
    }
  }

  /// Returns the actions, as recognized by the PDU that was sent, the last event, and the next state.
  private static func action(
    _ start: EchoSCU.State, _ output: [UInt8], _ next: EchoSCU.State, _ events: [EchoSCU.Event]
  ) -> String {
    let sent = title(output)
    return switch (events.last, sent, next) {
    case (.accepted?, "P-DATA-TF", .awaitingEcho): "AE-3, DT-1"
    case (.failed(.rejected)?, "", .closed): "AE-4"
    case (.echoed?, "A-RELEASE-RQ", .awaitingRelease): "DT-2, AR-1"
    case (nil, "", .awaitingEcho): "DT-2"
    case (nil, "", .awaitingRelease): "AR-6"
    case (nil, "A-RELEASE-RP", .awaitingReleaseInCollision): "AR-8, AR-9"
    case (.failed(.releaseRequested)?, "A-RELEASE-RP", .closed): "AR-2, AR-4"
    case (.released?, "", .closed): "AR-3"
    case (.failed(.aborted)?, "", .closed): "AA-3"
    case (.failed(.closed)?, "", .closed): "AA-4"
    case (nil, "A-ABORT 0/0", .closed): "AA-1"
    case (.failed(.wrong)?, "A-ABORT 0/0", .closed):
      start == .awaitingAccept ? "AE-3, AA-1" : "DT-2, AA-1"
    case (.failed?, "A-ABORT 2/1", .closed), (.failed?, "A-ABORT 2/2", .closed),
      (.failed?, "A-ABORT 2/6", .closed):
      "AA-8"
    default: "in no table"
    }
  }
}
