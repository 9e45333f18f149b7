import Log
import Settings
import Systemd
import TestKit
import Testing

@testable import Server

/// The journal entries of associations served by workers.
@Suite struct WorkerJournalTests {
  private static let request = Wire.associateRequest()

  @Test("Associations are answered at once even if the journal is busy")
  func answersMeanwhile() throws {
    let journal = FakeJournal()
    journal.answers(.busy)
    let writer = try LogWriter(queueCount: 1, level: .debug, journal: journal.send)
    try writer.start()
    let crew = try Crew(writer: writer)
    try crew.start()
    for number in 1...20 {
      let client = try crew.client()
      let stopwatch = Stopwatch()
      client.send(Wire.associateRequest() + Wire.echoRequest(number) + Wire.releaseRequest)
      client.shutDownWriting()
      let (bytes, end) = client.receiveAll()
      #expect(end == .closed && !bytes.isEmpty)
      #expect(stopwatch.passed < slack)
    }
    #expect(eventually { journal.refusals > 0 })
    crew.stop(.draining)
    #expect(crew.echoes == 20)
    journal.answers(nil)
    writer.stop()
  }

  @Test("A successful association is one record, with its echoes, software and duration")
  func success() throws {
    let entries = try Self.entries { crew in
      let client = try crew.client()
      client.send(Self.request)
      #expect(client.receivePDU().first == 2)
      pause(milliseconds: 120)
      for number in 1...3 {
        client.send(Wire.echoRequest(number))
        #expect(client.receivePDU() == echoResponse(number))
      }
      client.send(Wire.releaseRequest)
      #expect(client.receivePDU() == Wire.releaseReply)
      client.hangUp()
    }
    #expect(entries.count == 1)
    let entry = try #require(entries.first)
    #expect(entry["PRIORITY"] == "6")
    #expect(entry["DICOM_CALLING_AE"] == "MODALITY1" && entry["DICOM_CALLED_AE"] == "ECHOSCP")
    #expect(entry["DICOM_PEER_ADDRESS"] == "127.0.0.1")
    #expect(entry["DICOM_PEER_IMPLEMENTATION"] == "1.2.3.4 REQUESTOR_1")
    #expect(entry["ECHOSCP_CAUSE"] == nil && entry["ECHOSCP_NOTES"] == nil)
    let message = try #require(entry["MESSAGE"])
    let port = try #require(entry["DICOM_PEER_PORT"])
    let pattern = /MODALITY1 at 127.0.0.1:(\d+) called ECHOSCP: 3 echoes in (\d\.\d\d\d) s, .*/
    let match = try #require(message.wholeMatch(of: pattern))
    #expect(match.1 == port)
    let seconds = try #require(Double(match.2))
    #expect((0.119..<0.120 + Double(slack) / 1000).contains(seconds))
    #expect(message.hasSuffix(" s, association released"))
    #expect(entry["DICOM_ECHOES"] == "3")
    #expect(try Double(#require(entry["DICOM_DURATION_MSEC"])) == (seconds * 1000).rounded())
  }

  @Test("However an association ends, it is one record")
  func oneRecordEach() throws {
    let unusable = Wire.associateRequest(contexts: [])
    // From another device; otherwise it would be folded.
    let unusableToo = Wire.associateRequest(
      fixed: Wire.fixedFields(calling: Wire.title("MODALITY2")), contexts: [])
    let rejected = Wire.associateRequest(application: [])
    let other = Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title("OTHER")))
    let peers: [(says: [UInt8], cause: String?)] = [
      (Self.request + Wire.echoRequest(1) + Wire.releaseRequest, nil),
      (Self.request + Wire.echoRequest(1), "peer-vanished"),
      (Self.request + Wire.echoRequest(1) + Wire.abort(0, 0), "peer-aborted"),
      (Self.request + Wire.releaseRequest, "no-echo-sent"),
      (unusable + Wire.releaseRequest, "no-verification-context"),
      (unusableToo, "no-verification-context"), (rejected, "application-context"),
      (Array("GET / HTTP/1.1".utf8), "http-on-dicom-port"), ([], "health-check"),
      (other + Wire.echoRequest(1) + Wire.releaseRequest, nil),
      (Array(Self.request.prefix(50)), "peer-vanished"),
    ]
    let entries = try Self.entries { crew in
      for (says, _) in peers {
        let client = try crew.client()
        client.send(says)
        client.shutDownWriting()
        #expect(client.receiveAll().end == .closed)
      }
    }
    #expect(entries.map { $0["ECHOSCP_CAUSE"] } == peers.map(\.cause))
    #expect(
      entries.map { $0["ECHOSCP_NOTES"] }
        == peers.map { $0.says.starts(with: other) ? "called-ae-title-differs" : nil })
    #expect(
      entries.map { $0["DICOM_ECHOES"] } == [
        "1", "1", "1", "0", nil, nil, nil, nil, nil, "1", nil,
      ])
    // Each requested association has its own number, under the same run.
    let numbers = entries.compactMap { $0["DICOM_ASSOCIATION"] }
    #expect(numbers.count == peers.count - 3)
    #expect(Set(numbers).count == numbers.count)
    #expect(Set(numbers.map { $0.prefix(17) }).count == 1)
    #expect(numbers.map { $0.dropFirst(17) } == (1...numbers.count).map { "\($0)"[...] })
  }

  @Test("Associations of two runs have different numbers")
  func runs() throws {
    let names = try (0..<2).flatMap { _ in
      try Self.entries { crew in
        let client = try crew.client()
        client.send(Self.request + Wire.releaseRequest)
        client.shutDownWriting()
        _ = client.receiveAll()
      }.compactMap { $0["DICOM_ASSOCIATION"] }
    }
    #expect(names.count == 2 && Set(names).count == 2)
    #expect(names.allSatisfy { $0.hasSuffix("-1") })
  }

  /// Returns the fields of all journal entries at info while `peers` runs.
  private static func entries(
    while peers: (Crew) throws -> Void
  ) throws -> [[String: String]] {
    let journal = FakeJournal()
    let writer = try LogWriter(queueCount: 1, level: .info, journal: journal.send)
    try writer.start()
    let crew = try Crew(writer: writer)
    try crew.start()
    try peers(crew)
    crew.stop(.draining)
    writer.stop()
    return journal.entries.map { fields in
      let pairs = fields.map { field in
        let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : "")
      }
      return Dictionary(pairs) { first, _ in first }
    }
  }
}
