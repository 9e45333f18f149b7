import TestKit
import UpperLayer
import Verification

/// An acceptor's reaction to an event: observed, then named as in PS3.8 Tables 9-6 to 9-9.
struct Cell: Equatable {
  /// The actions, or empty if there were none.
  let action: String
  /// The PDU that was sent, or empty if there was none.
  let reply: String
  /// The next state.
  let state: AcceptorState

  /// Makes `sample` happen in `start`; `nil` if the events before it do not end in that state.
  init?(_ sample: Sample, in start: AcceptorState) {
    let user = EchoSCP<Recorder>(
      aeTitle: .named("ECHOSCP"), requiresCalledAETitle: true, preference: .none,
      maximumLength: 16382)
    var acceptor = Acceptor.awaitingRequest
    var host = Recorder()
    _ = [UInt8](capacity: 64 << 10) { output in
      for kind in Self.way(to: start) + sample.before {
        Sample.handle(kind, &acceptor, user, &host, &output)
      }
    }
    guard acceptor.state == start else { return nil }
    host = Recorder()
    host.room = sample.room
    let bytes = [UInt8](capacity: Connection.replyReserve) { output in
      sample.happen(to: &acceptor, user, &host, &output)
    }
    state = acceptor.state
    guard let pdus = try? AcceptorPDUDecoder.decode(bytes), pdus.count < 2 else {
      (action, reply) = ("in no table", "not one PDU")
      return
    }
    reply = pdus.first.map(\.title) ?? ""
    action = Self.action(sample, start, pdus.first, state, host.lines.last ?? "")
  }

  /// The text of the cell in the table.
  var text: String {
    guard !action.isEmpty else { return "" }
    return "\(action)\(reply.isEmpty ? "" : ": ")\(reply) → \(Self.name(state))"
  }

  /// Returns the standard's name of `state`.
  static func name(_ state: AcceptorState) -> String { "Sta\(state.rawValue)" }

  private static func way(to state: AcceptorState) -> [Sample.Kind] {
    switch state {
    case .awaitingRequest: []
    case .established: [.request(Wire.associateRequest())]
    case .awaitingClose: [.request(Wire.associateRequest()), .releaseRequest]
    case .idle: [.transportClosed]
    }
  }

  /// Returns the actions, as recognized by the PDU that was sent, the last report to the host, and the next state.
  private static func action(
    _ sample: Sample, _ start: AcceptorState, _ reply: AcceptorPDU?, _ next: AcceptorState,
    _ told: String
  ) -> String {
    switch (start, reply, next) {
    case (.awaitingRequest, .associateAccept?, .established): "AE-6, AE-7"
    case (.awaitingRequest, .associateReject(_, 1, _)?, .awaitingClose): "AE-6, AE-8"
    case (.awaitingRequest, .associateReject?, .awaitingClose): "AE-6"
    case (.awaitingRequest, .abort(0, 0)?, .awaitingClose): "AA-1"
    case (.awaitingRequest, nil, .idle): told.hasPrefix("transport closed") ? "AA-5" : "AA-2"
    case (.established, .data?, .established): "DT-2"
    case (.established, nil, .established): told.isEmpty && sample.isData ? "DT-2" : ""
    case (.established, .releaseReply?, .awaitingClose): "AR-2, AR-4"
    case (.established, .abort(0, 0)?, .awaitingClose): "AA-1"
    case (.established, .abort(2, _)?, .awaitingClose): "AA-8"
    case (.established, nil, .idle): told.hasPrefix("transport closed") ? "AA-4" : "AA-3"
    case (.awaitingClose, .abort?, .awaitingClose): "AA-7"
    case (.awaitingClose, nil, .awaitingClose): sample.isPDU ? "AA-6" : ""
    case (.awaitingClose, nil, .idle): told.hasPrefix("transport closed") ? "AR-5" : "AA-2"
    case (.idle, nil, .idle): ""
    default: "in no table"
    }
  }
}

extension Sample {
  /// Whether the event is Evt10.
  var isData: Bool { if case .fragment = kind { true } else { false } }

  /// Whether the event is a PDU of the peer, if it leaves the connection open.
  var isPDU: Bool { if case .abortWanted = kind { false } else { true } }
}
