import TestKit
import UpperLayer

/// What an acceptor should do: Table 9-10, and the few rules of its own that this one has beside it.
struct Model: Hashable {
  /// The state of Table 9-10.
  private(set) var state = StandardTable.State.sta2
  /// Whether the next PDU cannot be found, so that nothing more is looked at.
  private var isFramingLost = false
  /// Whether A-ABORT was repeated in Sta13: it is, once, so that a peer which does not stop is not
  /// answered for ever.
  private var isAbortRepeated = false
  /// What there is of a message.
  private var message: [UInt8] = []

  /// Lets `event` happen; the result is what is to be sent.
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
    // Nothing happens any more, whatever there was.
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

  /// What the standard has no cell for: a stop, or lack of memory, before there is an association.
  private mutating func actAlone(_ event: ModelEvent) -> [UInt8] {
    guard case .abortWanted = event.kind, state == .sta2 else { return [] }
    state = .sta13
    if case .congestion = event.detail { return Wire.reject(2, 3, 1) }
    return Wire.abort(0, 0)
  }

  /// DT-2, and what the service user makes of it: a C-ECHO-RSP, or an A-ABORT request (AA-1).
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

  /// What the usual request is accepted with. It has tests of its own; here it is taken as it is.
  static let accept: [UInt8] = {
    var peer = Peer(requiresCalledAETitle: true)
    return peer.send(Wire.associateRequest())
  }()
}
