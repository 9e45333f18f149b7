import TestKit
import UpperLayer

/// A row of PS3.8 Table 9-10 for an acceptor: the name of an event, and samples of it. The first sample fills the
/// cells; any other sample with a different result becomes a footnote.
struct Row: Sendable {
  let event: String
  /// The standard's cells for Sta2, Sta6 and Sta13; empty where it has none.
  let standard: [String]
  let samples: [Sample]

  private static let pdv = Wire.pdv(1, 3, Wire.echoCommand(messageID: 7))
  private static var firstHalf: Sample.Kind {
    .fragment(isPending: false, Wire.pdv(1, 1, Array(Wire.echoCommand(messageID: 7).prefix(40))))
  }
  private static let once =
    "AA-7 happens once, so that a peer that does not stop is not answered endlessly"
  private static let user = "DT-2, and at once the service user's A-ABORT request (Evt15)"

  /// Returns the first action that the standard has in `state`, or empty if it has none.
  func standard(in state: AcceptorState) -> String {
    switch state {
    case .idle: ""
    case .awaitingRequest: standard[0]
    case .established: standard[1]
    case .awaitingClose: standard[2]
    }
  }

  /// All rows for an acceptor, in the order of the standard. Created on each call, since LeakSanitizer does not
  /// recognize a global's pointers inside an enumeration.
  static var all: [Row] {
    [
      Row(
        event: "Evt3: A-ASSOCIATE-AC", standard: ["AA-1", "AA-8", "AA-6"],
        samples: [Sample(name: "", kind: .unexpected(.associateAccept))]),
      Row(
        event: "Evt4: A-ASSOCIATE-RJ", standard: ["AA-1", "AA-8", "AA-6"],
        samples: [Sample(name: "", kind: .unexpected(.associateReject))]),
      Row(
        event: "Evt6: A-ASSOCIATE-RQ", standard: ["AE-6", "AA-8", "AA-7"],
        samples: [
          Sample(name: "", kind: .request(Wire.associateRequest())),
          Sample(
            name: "no common protocol version",
            kind: .request(Wire.associateRequest(fixed: Wire.fixedFields(version: 2)))),
          Sample(
            name: "another application context",
            kind: .request(Wire.associateRequest(application: Wire.applicationContext("1.2.3")))),
          Sample(
            name: "another called AE title",
            kind: .request(
              Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title("OTHER"))))),
          Sample(
            name: "one association more than allowed", kind: .request(Wire.associateRequest()),
            room: 0,
            why: "without AE-8, since the service provider rejects it"),
          Sample(
            name: "the second since the association ended",
            kind: .unexpected(.associateRequest), before: [.unexpected(.associateRequest)],
            why: once),
        ]),
      Row(
        event: "Evt10: P-DATA-TF", standard: ["AA-1", "DT-2", "AA-6"],
        samples: [
          Sample(name: "", kind: .fragment(isPending: false, pdv)),
          Sample(
            name: "only the header of a PDV", kind: .fragment(isPending: true, pdv),
            why: "its fragment is still to come"),
          Sample(
            name: "a context that was not accepted",
            kind: .fragment(isPending: false, Wire.pdv(3, 3, Wire.echoCommand(messageID: 7))),
            why: user),
          Sample(
            name: "the header of a PDV that is too long",
            kind: .fragment(isPending: true, Wire.pdv(1, 3, [], length: 1 << 20)),
            why: "the acceptor does not wait for its fragment"),
          Sample(
            name: "a command other than C-ECHO-RQ",
            kind: .fragment(
              isPending: false,
              Wire.pdv(
                1, 3,
                Wire.commandSet(
                  Wire.element(0x0100, Wire.le16(1)), Wire.element(0x0110, Wire.le16(7)),
                  Wire.element(0x0800, Wire.le16(1))))),
            why: user),
        ]),
      Row(
        event: "Evt12: A-RELEASE-RQ", standard: ["AA-1", "AR-2", "AA-6"],
        samples: [
          Sample(name: "", kind: .releaseRequest),
          Sample(name: "inside a message", kind: .releaseRequest, before: [firstHalf]),
        ]),
      Row(
        event: "Evt13: A-RELEASE-RP", standard: ["AA-1", "AA-8", "AA-6"],
        samples: [Sample(name: "", kind: .unexpected(.releaseReply))]),
      Row(
        event: "Evt15: A-ABORT request, our own", standard: ["", "AA-1", ""],
        samples: [
          Sample(
            name: "", kind: .abortWanted(.draining),
            why: "the acceptor is stopping; it answers as at any other end before an association"),
          Sample(
            name: "network timeout", kind: .abortWanted(.idleAssociation(milliseconds: 60_000))),
          Sample(
            name: "DIMSE timeout", kind: .abortWanted(.stalledMessage(milliseconds: 30_000)),
            before: [firstHalf]),
          Sample(
            name: "no memory for a partial PDU", kind: .abortWanted(.outOfMemory),
            why: "a transient rejection, so that the requestor may try again"),
        ]),
      Row(
        event: "Evt16: A-ABORT", standard: ["AA-2", "AA-3", "AA-2"],
        samples: [
          Sample(name: "", kind: .abort(.serviceUser)),
          Sample(name: "of wrong length", kind: .abort(nil)),
        ]),
      Row(
        event: "Evt17: transport connection closed", standard: ["AA-5", "AA-4", "AR-5"],
        samples: [Sample(name: "", kind: .transportClosed)]),
      Row(
        event: "Evt18: ARTIM expired", standard: ["AA-2", "", "AA-2"],
        samples: [Sample(name: "", kind: .artimExpired)]),
      Row(
        event: "Evt19: unrecognized or invalid PDU", standard: ["AA-1", "AA-8", "AA-7"],
        samples: [
          Sample(name: "", kind: .invalid(.unrecognizedPDU(type: 0x2A))),
          Sample(
            name: "malformed",
            kind: .invalid(
              .malformedPDU(.associateRequest, Malformed(item: 0x10, offset: 74, .reachesBeyond)))),
          Sample(
            name: "too long", kind: .invalid(.pduTooLong(.dataTransfer, length: 99, limit: 16))),
          Sample(
            name: "the second since the association ended",
            kind: .invalid(.unrecognizedPDU(type: 0x2A)),
            before: [.invalid(.unrecognizedPDU(type: 0x2A))], why: once),
          Sample(
            name: "another protocol", kind: .invalid(.foreignProtocol(.http)),
            states: [.awaitingRequest]),
        ]),
    ]
  }
}
