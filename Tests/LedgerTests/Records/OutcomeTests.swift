import Log
import Testing

@testable import Ledger
@testable import LogTests

/// What became of an attempt, from the record that ends it.
@Suite struct OutcomeTests {
  /// The kinds of records that are about the service alone.
  private static let ofService: Set<CatalogID> = [
    .started, .listening, .stopping, .stopped, .stoppedAtOnce, .reloaded, .restartNeeded,
    .socketsOverride, .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .acceptingAgain,
    .configInvalid, .listenFailed, .reloadFailed, .outOfDescriptors, .acceptFailed,
    .recordsDropped, .certificateExpires,
  ]

  /// The outcomes at info, by the number of echoes. All other records at info, and those at debug, have none.
  private static let atInfo: [CatalogID: [UInt64?: Outcome]] = [
    .healthCheck: [nil: .healthCheck], .associationReleased: [2: .echoed, 0: .noEcho],
    .idleAssociation: [2: .echoed], .peerAborted: [2: .echoed], .peerReset: [2: .echoed],
    .peerVanished: [2: .echoed], .draining: [0: .noEcho],
  ]

  @Test("Every record of the service has the outcome of its kind and priority")
  func everyEvent() {
    for id in CatalogID.allCases {
      for example in EventExamples.examples(of: id) {
        let record = Samples.record(example.fields.map { "\($0.name)=\($0.value)" })
        let expected: Outcome? =
          switch example.priority {
          case .debug: nil
          case .info: Self.atInfo[id]?[record.echoes]
          case .warning: Self.ofService.contains(id) ? nil : .failed
          case .error, .critical:
            // Such a record is about the service, and may name the last device that had to go.
            record.address == nil ? nil : .failed
          }
        #expect(record.outcome == expected, "\(id): \(example.text)")
        let isFailure = example.priority <= .warning && id.cause != nil
        #expect((record.failure != nil) == isFailure, "\(id): \(example.text)")
      }
    }
  }

  @Test("After an echo, a device that closes without a release has not failed; without one, it has")
  func vanished() {
    let fields = [
      "MESSAGE_ID=\(CatalogID.peerVanished.number)", "ECHOSCP_CAUSE=peer-vanished",
      "DICOM_PEER_ADDRESS=192.0.2.7", "DICOM_ECHOES=1",
    ]
    #expect(Samples.record(fields + ["PRIORITY=6"]).outcome == .echoed)
    #expect(Samples.record(fields + ["PRIORITY=6"]).failure == nil)
    #expect(Samples.record(fields + ["PRIORITY=4"]).outcome == .failed)
    #expect(Samples.record(fields + ["PRIORITY=7"]).outcome == nil)
  }

  @Test("A sum over addresses has an outcome, and says that it belongs to no device")
  func sums() {
    let sum = Samples.failed(.malformedPDU, nil, nil, "ECHOSCP_ADDRESSES=12", "ECHOSCP_REPEATED=9")
    #expect(sum.isSum && sum.outcome == .failed && sum.count == 9)
    let single = Samples.failed(.malformedPDU, "CT1", "192.0.2.7")
    #expect(!single.isSum && single.outcome == .failed && single.count == 1)
  }

  @Test(
    "A kind of record that this version does not know has an outcome by its cause and its echoes")
  func unknownKind() {
    let fields = [
      "MESSAGE_ID=\(String(repeating: "a", count: 32))", "DICOM_PEER_ADDRESS=192.0.2.7",
    ]
    #expect(Samples.record(fields + ["PRIORITY=3", "ECHOSCP_CAUSE=x"]).outcome == .failed)
    #expect(Samples.record(fields + ["PRIORITY=4"]).outcome == nil)
    #expect(Samples.record(fields + ["DICOM_ECHOES=1"]).outcome == .echoed)
    #expect(Samples.record(fields).outcome == nil)
  }

  @Test("A failure has the facts of its record")
  func failure() throws {
    let record = Samples.record(
      [
        "MESSAGE=one\ntwo", "PRIORITY=4", "MESSAGE_ID=\(CatalogID.calledAETitle.number)",
        "ECHOSCP_CAUSE=called-ae-title", "DICOM_CALLING_AE=CT1", "DICOM_CALLED_AE=OTHER",
        "DICOM_PEER_ADDRESS=192.0.2.7", "DICOM_REASON=A-ASSOCIATE-RJ 1/1/7", "DICOM_PDU=0100",
        "ECHOSCP_REPEATED=41",
      ], ago: 5, withEvidence: true)
    let failure = try #require(record.failure)
    #expect(failure.time == Samples.now - 5 && failure.catalogID == .calledAETitle)
    #expect(failure.cause == "called-ae-title" && failure.message == "one" && failure.count == 41)
    #expect(failure.callingAE == "CT1" && failure.calledAE == "OTHER")
    #expect(failure.address == "192.0.2.7" && failure.reason == "A-ASSOCIATE-RJ 1/1/7")
    #expect(failure.evidence == "0100")
  }
}
