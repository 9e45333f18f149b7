import Requestor
import TestKit
import UpperLayer

/// A row of PS3.8 Table 9-10 for a requestor: the name of an event, and samples of it. The first sample fills
/// the cells; any other sample with a different result becomes a footnote.
struct RequestorRow: Sendable {
  let event: String
  /// The standard's cells for Sta5, Sta6, Sta7 and Sta11.
  let standard: [String]
  let samples: [RequestorSample]

  /// The response that the requestor awaits in Sta6.
  static let response = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 1)))
  private static let half = Wire.data(
    Wire.pdv(1, 1, Array(Wire.echoResponseCommand(messageID: 1).prefix(40))))
  private static let other = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 2)))

  private init(
    _ event: String, _ standard: [String], _ bytes: [UInt8], _ more: [RequestorSample] = []
  ) {
    self.event = event
    self.standard = standard
    samples = [RequestorSample(kind: .bytes(bytes))] + more
  }

  private init(_ event: String, _ standard: String, _ kind: RequestorSample.Kind) {
    self.event = event
    self.standard = [standard, standard, standard, standard]
    samples = [RequestorSample(kind: kind)]
  }

  /// All rows, in the order of the standard. Created on each call, since LeakSanitizer does not recognize a
  /// global's pointers inside an enumeration.
  static var all: [RequestorRow] { associations + [data] + releases + ends }

  private static var associations: [RequestorRow] {
    let refused = Wire.associateAccept(results: Wire.item(0x21, [1, 0, 3, 0]))
    return [
      RequestorRow(
        "Evt3: A-ASSOCIATE-AC", ["AE-3", "AA-8", "AA-8", "AA-8"], Wire.associateAccept(),
        [
          sample("the presentation context is rejected", refused, [.awaitingAccept]),
          sample(
            "a transfer syntax that was not proposed",
            Wire.associateAccept(results: Wire.contextResult(1, 0, "1.2.840.10008.1.2.2")),
            [.awaitingAccept]),
          sample(
            "no presentation context", Wire.associateAccept(results: []), [.awaitingAccept]),
        ]),
      RequestorRow(
        "Evt4: A-ASSOCIATE-RJ", ["AE-4", "AA-8", "AA-8", "AA-8"], Wire.reject(1, 1, 7)),
      RequestorRow(
        "Evt6: A-ASSOCIATE-RQ", ["AA-8", "AA-8", "AA-8", "AA-8"], Wire.associateRequest()),
    ]
  }

  private static var data: RequestorRow {
    RequestorRow(
      "Evt10: P-DATA-TF", ["AA-8", "DT-2", "AR-6", "AA-8"], response,
      [
        sample("part of a message", half),
        sample("a message other than the expected one", other),
        sample(
          "a context that was not accepted",
          Wire.data(Wire.pdv(3, 3, Wire.echoResponseCommand(messageID: 1)))),
        sample("a data set fragment", Wire.data(Wire.pdv(1, 2, [1, 2]))),
      ])
  }

  private static var releases: [RequestorRow] {
    [
      RequestorRow(
        "Evt12: A-RELEASE-RQ", ["AA-8", "AR-2", "AR-8", "AA-8"], Wire.releaseRequest),
      RequestorRow(
        "Evt13: A-RELEASE-RP", ["AA-8", "AA-8", "AR-3", "AR-3"], Wire.releaseReply),
    ]
  }

  private static var ends: [RequestorRow] {
    [
      RequestorRow("Evt15: A-ABORT request, our own", "AA-1", .abortWanted),
      RequestorRow("Evt16: A-ABORT", "AA-3", .bytes(Wire.abort(2, 0))),
      RequestorRow("Evt17: transport connection closed", "AA-4", .transportClosed),
      RequestorRow(
        "Evt19: unrecognized or invalid PDU", ["AA-8", "AA-8", "AA-8", "AA-8"],
        Wire.pdu(8, [0, 0, 0, 0]),
        [
          sample("an A-ABORT of wrong length", Wire.pdu(7, [0])),
          sample("a malformed A-ASSOCIATE-AC", Wire.pdu(2, [0, 1]), [.awaitingAccept]),
          sample(
            "a malformed P-DATA-TF", Wire.pdu(4, [0, 0, 0, 2, 1]),
            [.awaitingEcho, .awaitingRelease]),
          sample(
            "a P-DATA-TF that is too long", Wire.pdu(4, [], length: 16383),
            [.awaitingEcho, .awaitingRelease]),
        ]),
    ]
  }

  private static func sample(
    _ name: String, _ bytes: [UInt8], _ states: [EchoSCU.State] = RequestorTable.columns
  ) -> RequestorSample {
    RequestorSample(name: name, kind: .bytes(bytes), states: states)
  }
}
