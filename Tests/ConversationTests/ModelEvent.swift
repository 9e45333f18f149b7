import TestKit
import UpperLayer

/// Something that can happen to a connection, bytes or otherwise, and the event of Table 9-10 that it
/// is in each state.
struct ModelEvent: Sendable {
  /// The kinds of events.
  enum Kind: Sendable {
    case bytes([UInt8])
    case transportClosed
    case artimExpired
    case abortWanted(AbortReason)
  }

  /// The details of an event that the standard's action does not determine.
  enum Detail: Sendable {
    case none
    /// An A-ASSOCIATE-RQ that is rejected, with result, source and reason.
    case rejected(Int, Int, Int)
    /// A fragment of a command, and whether it is the last of its message.
    case fragment([UInt8], isLast: Bool)
    /// A PDV that the service user or the association refuses.
    case refusedFragment
    /// Lack of memory, which is transient: the rejection tells a requestor to try again.
    case congestion
  }

  let name: String
  let kind: Kind
  /// The event that it is in Sta2, Sta6 and Sta13.
  let events: [StandardTable.Event]
  var detail = Detail.none
  /// The reason field of an A-ABORT by the service provider in Sta6 and Sta13.
  var reasons = [2, 2]
  /// Whether, in each of the three states, the start of the next PDU is unknown afterward.
  var losesFraming = [false, false, false]

  /// A PDU that is the same event in every state.
  private static func pdu(_ event: StandardTable.Event, _ type: Int, _ length: Int) -> ModelEvent {
    ModelEvent(
      name: "PDU \(type) of \(length) bytes",
      kind: .bytes(Wire.pdu(type, Array(repeating: 0, count: length))),
      events: [event, event, event])
  }

  private static func request(
    _ name: String, _ bytes: [UInt8], _ detail: Detail = .none
  ) -> ModelEvent {
    ModelEvent(name: name, kind: .bytes(bytes), events: [.evt6, .evt6, .evt6], detail: detail)
  }

  private static func data(_ name: String, _ pdv: [UInt8], _ detail: Detail) -> ModelEvent {
    ModelEvent(
      name: name, kind: .bytes(Wire.data(pdv)), events: [.evt10, .evt10, .evt10], detail: detail)
  }

  private static let always = [true, true, true]
  /// The C-ECHO-RQ that is sent whole and in halves.
  static let command = Wire.echoCommand(messageID: 7)
  private static let half = command.count / 2
  private static let wrongContext = Wire.applicationContext("1.2.3")

  /// All the events.
  static let all: [ModelEvent] = [
    request("A-ASSOCIATE-RQ", Wire.associateRequest()),
    request(
      "A-ASSOCIATE-RQ of version 2", Wire.associateRequest(fixed: Wire.fixedFields(version: 2)),
      .rejected(1, 2, 2)),
    request(
      "A-ASSOCIATE-RQ in another context", Wire.associateRequest(application: wrongContext),
      .rejected(1, 1, 2)),
    request(
      "A-ASSOCIATE-RQ to another title",
      Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title("OTHER"))),
      .rejected(1, 1, 7)),
    ModelEvent(
      name: "A-ASSOCIATE-RQ with an item beyond its end",
      kind: .bytes(Wire.pdu(1, Wire.fixedFields() + Wire.item(0x10, [1, 2], length: 99))),
      events: [.evt19, .evt6, .evt6]),
    pdu(.evt3, 2, 70), pdu(.evt4, 3, 4),
    data("a whole command", Wire.pdv(1, 3, command), .fragment(command, isLast: true)),
    data(
      "the first half of a command", Wire.pdv(1, 1, Array(command.prefix(half))),
      .fragment(Array(command.prefix(half)), isLast: false)),
    data(
      "the second half of a command", Wire.pdv(1, 3, Array(command.dropFirst(half))),
      .fragment(Array(command.dropFirst(half)), isLast: true)),
    data("a fragment of a data set", Wire.pdv(1, 2, [1, 2]), .refusedFragment),
    data("a fragment in another context", Wire.pdv(3, 3, command), .refusedFragment),
    ModelEvent(
      name: "P-DATA-TF with a PDV of length 1",
      kind: .bytes(Wire.pdu(4, [0, 0, 0, 1, 1, 3])), events: [.evt10, .evt19, .evt10],
      reasons: [6, 6], losesFraming: [false, true, false]),
    ModelEvent(
      name: "P-DATA-TF above the maximum length",
      kind: .bytes(Wire.pdu(4, Array(repeating: 0, count: 20_000))),
      events: [.evt10, .evt19, .evt10], reasons: [6, 6], losesFraming: [false, true, false]),
    pdu(.evt12, 5, 4),
    ModelEvent(
      name: "A-RELEASE-RQ of 5 bytes", kind: .bytes(Wire.pdu(5, [0, 0, 0, 0, 0])),
      events: [.evt12, .evt19, .evt19], reasons: [6, 6], losesFraming: [false, true, true]),
    pdu(.evt13, 6, 4),
    pdu(.evt16, 7, 4), pdu(.evt16, 7, 9),
    ModelEvent(
      name: "an unknown PDU", kind: .bytes([0x2A, 0, 0, 0, 0, 0]),
      events: [.evt19, .evt19, .evt19], reasons: [1, 1], losesFraming: always),
    ModelEvent(
      name: "HTTP", kind: .bytes(Array("GET / HTTP/1.1\r\n\r\n".utf8)),
      events: [.evt19, .evt19, .evt19], reasons: [1, 1], losesFraming: always),
    ModelEvent(
      name: "the stop of the service", kind: .abortWanted(.draining),
      events: [.evt15, .evt15, .evt15], losesFraming: always),
    ModelEvent(
      name: "lack of memory", kind: .abortWanted(.outOfMemory), events: [.evt15, .evt15, .evt15],
      detail: .congestion, losesFraming: always),
    ModelEvent(
      name: "the close", kind: .transportClosed, events: [.evt17, .evt17, .evt17],
      losesFraming: always),
    ModelEvent(
      name: "the end of ARTIM", kind: .artimExpired, events: [.evt18, .evt18, .evt18]),
  ]
}
