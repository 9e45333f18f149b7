import TestKit
import Testing
import UpperLayer

/// PS3.8 §9.3.4 and Table 9-21: why a request is rejected. The first reason to apply counts, in the
/// order version, application context, called AE title, limit.
struct RejectionTests {
  /// A request, which of its parts are acceptable, and the rejection that it gets.
  struct Row: Sendable, CustomTestStringConvertible {
    var version: Bool
    var application: Bool
    var called: Bool
    var room: Bool

    /// Every combination.
    static let all: [Row] = (0..<16).map { bits in
      Row(
        version: bits & 1 != 0, application: bits & 2 != 0, called: bits & 4 != 0,
        room: bits & 8 != 0)
    }

    var testDescription: String {
      "version \(version), application context \(application), called \(called), room \(room)"
    }

    var request: [UInt8] {
      Wire.associateRequest(
        fixed: Wire.fixedFields(
          version: version ? 1 : 2, called: Wire.title(called ? "ECHOSCP" : "OTHER")),
        application: Wire.applicationContext(
          application ? "1.2.840.10008.3.1.1.1" : "1.2.840.10008.3.1.1.2"))
    }

    var rejection: Rejection? {
      if !version { return .protocolVersion }
      if !application { return .applicationContext }
      if !called { return .calledAETitle }
      return room ? nil : .localLimitExceeded
    }
  }

  @Test(arguments: Row.all) func theFirstReasonCounts(_ row: Row) {
    var peer = Peer(requiresCalledAETitle: true)
    if !row.room { peer.host.room = 0 }
    let answer = peer.send(row.request)
    guard let rejection = row.rejection else {
      #expect(answer == Wire.associateAccept())
      return
    }
    #expect(answer == Self.bytes(rejection))
    #expect(
      peer.host.lines == [
        "requested contexts=1",
        "rejected \(rejection.pdu.result)/\(rejection.pdu.source)/\(rejection.pdu.reason)",
      ])
    #expect(peer.state == .awaitingClose)
  }

  /// A rejected request does not count as an association.
  @Test func aRejectedRequestTakesNoRoom() {
    var peer = Peer(requiresCalledAETitle: true)
    peer.host.room = 1
    peer.send(Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title("OTHER"))))
    #expect(peer.host.room == 1)
  }

  @Test func anAcceptedRequestTakesRoom() {
    var peer = Peer()
    peer.host.room = 1
    peer.send(Wire.associateRequest())
    #expect(peer.host.room == 0)
  }

  /// Result, source and reason with the numbers of PS3.8 Table 9-21.
  @Test(arguments: Rejection.allCases)
  func theFieldsOfARejection(_ rejection: Rejection) {
    let fields: [UInt8] =
      switch rejection {
      case .protocolVersion: [1, 2, 2]
      case .applicationContext: [1, 1, 2]
      case .callingAETitle: [1, 1, 3]
      case .calledAETitle: [1, 1, 7]
      case .temporaryCongestion: [2, 3, 1]
      case .localLimitExceeded: [2, 3, 2]
      }
    let pdu = rejection.pdu
    #expect([pdu.result, pdu.source, pdu.reason] == fields)
  }

  @Test func withoutMemoryTheRequestorIsToldToTryAgain() {
    var peer = Peer()
    peer.send(Array(Wire.associateRequest().dropLast()))
    #expect(peer.happen(.abortWanted(.outOfMemory)) == Wire.reject(2, 3, 1))
    #expect(peer.host.lines == ["rejected 2/3/1"])
    #expect(peer.state == .awaitingClose)
    #expect(peer.send([0]) == [])
  }

  /// Names that only resemble the DICOM Application Context Name.
  @Test(arguments: [
    "", "1.2.840.10008.3.1.1.10", "1.2.840.10008.3.1.1", "1.2.840.10008.3.1.1.1.1",
    "1.2.840.10008.3.1.1.01", "1.2.840.10009.3.1.1.1", " 1.2.840.10008.3.1.1.1",
    "1.2.840.10008.3.1.1.1.", "1.2.840.113619.3.1.1.1", "1.2.840.10008.1.1",
  ])
  func anotherApplicationContextIsRejected(_ name: String) {
    let request = Wire.associateRequest(application: Wire.applicationContext(name))
    #expect(answer(to: request) == Wire.reject(1, 1, 2))
  }

  @Test func noApplicationContextIsRejected() {
    #expect(answer(to: Wire.associateRequest(application: [])) == Wire.reject(1, 1, 2))
  }

  /// Of two application contexts the first one counts, as with other repeated items.
  @Test func theFirstOfTwoApplicationContextsCounts() {
    let good = Wire.applicationContext()
    let bad = Wire.applicationContext("1.2.3")
    #expect(answer(to: Wire.associateRequest(application: good + bad)).first == 2)
    #expect(answer(to: Wire.associateRequest(application: bad + good)) == Wire.reject(1, 1, 2))
  }

  private static func bytes(_ rejection: Rejection) -> [UInt8] {
    Wire.reject(
      Int(rejection.pdu.result), Int(rejection.pdu.source), Int(rejection.pdu.reason))
  }
}
