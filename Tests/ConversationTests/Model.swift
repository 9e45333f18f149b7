import TestKit
import UpperLayer

/// The expected behavior of the acceptor: Table 9-10, and the few rules that this acceptor adds.
struct Model: Hashable {
  /// The state of Table 9-10.
  private(set) var state = StandardTable.State.sta2
  /// Whether the start of the next PDU is unknown, so that nothing more is read.
  private var isFramingLost = false
  /// Whether A-ABORT was repeated in Sta13: only once, so that a peer that does not stop is not
  /// answered endlessly.
  private var isAbortRepeated = false
  /// The fragments of an incomplete message.
  private var message: [UInt8] = []

  /// Lets `event` happen, and returns the bytes to send.
  mutating func handle(_ event: ModelEvent) -> [UInt8] {
    if case .bytes = event.kind, isFramingLost { return [] }
    let column: Int
    switch state {
    case .sta1: return []
    case .sta2: column = 0
    case .sta6: column = 1
    case .sta13: column = 2
    }
    let reply: [UInt8]
    if let cell = StandardTable.cell(event.events[column], in: state) {
      reply = act(cell, event, reason: event.reasons[max(0, column - 1)])
    } else {
      reply = actAlone(event)
    }
    if state != .sta6 { message = [] }
    if event.losesFraming[column], state == .sta13 { isFramingLost = true }
    // The end: the rest of the state no longer matters.
    if state == .sta1 { (isFramingLost, isAbortRepeated) = (false, false) }
    return reply
  }

  private mutating func act(
    _ cell: (action: StandardTable.Action, next: StandardTable.State), _ event: ModelEvent,
    reason: Int
  ) -> [UInt8] {
    state = cell.next
    switch cell.action {
    case .ae6:
      guard case .rejected(let result, let source, let diagnostic) = event.detail else {
        return Self.accept
      }
      state = .sta13
      return Wire.reject(result, source, diagnostic)
    case .dt2: return deliver(event)
    case .ar2: return Wire.releaseReply
    case .aa1: return Wire.abort(0, 0)
    case .aa8: return Wire.abort(2, reason)
    case .aa7:
      if isAbortRepeated { return [] }
      isAbortRepeated = true
      return Wire.abort(2, reason)
    case .ar5, .aa2, .aa3, .aa4, .aa5, .aa6: return []
    }
  }

  /// Handles the events without a cell in the standard: a stop or lack of memory before there is an
  /// association.
  private mutating func actAlone(_ event: ModelEvent) -> [UInt8] {
    guard case .abortWanted = event.kind, state == .sta2 else { return [] }
    state = .sta13
    if case .congestion = event.detail { return Wire.reject(2, 3, 1) }
    return Wire.abort(0, 0)
  }

  /// Performs DT-2 and the service user's reaction: a C-ECHO-RSP, or an A-ABORT request (AA-1).
  private mutating func deliver(_ event: ModelEvent) -> [UInt8] {
    if case .fragment(let bytes, let isLast) = event.detail {
      message += bytes
      if !isLast { return [] }
      let command = message
      message = []
      if command == ModelEvent.command {
        return Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 7)))
      }
    }
    state = .sta13
    return Wire.abort(0, 0)
  }

  /// The A-ASSOCIATE-AC for the usual request, taken from the program: other tests check it.
  static let accept: [UInt8] = {
    var peer = Peer(requiresCalledAETitle: true)
    return peer.send(Wire.associateRequest())
  }()
}
