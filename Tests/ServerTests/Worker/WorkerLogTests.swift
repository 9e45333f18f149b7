import Glibc
import Log
import Settings
import TestKit
import Testing

@testable import Server

/// The log at -v of peers that go wrong: the step in the words of pynetdicom, and the cause. Each test runs
/// in its own process.
@Suite struct WorkerLogTests {
  /// A peer that goes wrong, and the lines logged until it is gone.
  struct Story: Codable, Sendable, CustomTestStringConvertible {
    let says: [UInt8]
    var ending = Ending.waits
    let lines: [String]
    var testDescription: String { lines.joined(separator: " | ") }
  }

  /// The behavior of a peer after it has sent everything.
  enum Ending: String, Codable, Sendable {
    case waits
    case closes
    case resets
  }

  private static let request = Wire.associateRequest()
  private static let peer = "MODALITY1 at 127.0.0.1:PORT"

  static let stories = [
    Story(
      says: [],
      lines: [
        "W: 127.0.0.1:PORT: acse-timeout: connected and sent nothing; expected an A-ASSOCIATE-RQ"
      ]),
    Story(
      says: Array(request.prefix(100)),
      lines: [
        "W: \(peer) called ECHOSCP: acse-timeout: only 100 of \(request.count) bytes of its "
          + "A-ASSOCIATE-RQ arrived"
      ]),
    Story(
      says: Array(request.prefix(100)), ending: .closes,
      lines: [
        "W: \(peer) called ECHOSCP: closed the connection when only 100 of \(request.count) bytes of its "
          + "A-ASSOCIATE-RQ had arrived"
      ]),
    Story(
      says: Array("GET / HTTP/1.1".utf8),
      lines: [
        "W: 127.0.0.1:PORT: aborted: HTTP on a DICOM port: it begins with \"GET / HTTP/1.1\"; expected an "
          + "A-ASSOCIATE-RQ"
      ]),
    Story(
      says: Wire.associateRequest(fixed: Wire.fixedFields(version: 2)),
      lines: [
        "W: \(peer): association rejected: protocol version 0002H not supported; expected version 1 "
          + "(0001H)"
      ]),
    Story(
      says: request + Wire.echoRequest(1).prefix(50),
      lines: [
        "I: Accepting Association", "I: Aborting Association",
        "W: \(peer): aborted: began a message and did not complete it in 0.2 s: dimse-timeout, "
          + "when only 50 of 80 bytes of its P-DATA-TF had arrived",
      ]),
    Story(
      says: request,
      lines: [
        "I: Accepting Association", "I: Aborting Association",
        "W: \(peer): aborted: idle for 0.3 s: network-timeout",
      ]),
    Story(
      says: request + Wire.echoRequest(1),
      lines: [
        "I: Accepting Association", "I: Received Echo Request (MsgID 1)",
        "I: Aborting Association", "I: \(peer): aborted: idle for 0.3 s: network-timeout",
      ]),
    Story(
      says: request + Wire.echoRequest(65535), ending: .closes,
      lines: [
        "I: Accepting Association", "I: Received Echo Request (MsgID 65535)",
        "I: Association Aborted (A-P-ABORT)",
        "I: \(peer): closed the connection without A-RELEASE-RQ",
      ]),
    Story(
      says: request, ending: .resets,
      lines: [
        "I: Accepting Association", "I: Association Aborted (A-P-ABORT)",
        "W: \(peer): reset the connection, without a C-ECHO-RQ",
      ]),
    Story(
      says: request + Wire.abort(0, 0),
      lines: [
        "I: Accepting Association", "I: Association Aborted",
        "W: \(peer): sent A-ABORT (source 0, service user, reason 0), without a C-ECHO-RQ",
      ]),
    Story(
      says: request + Wire.echoRequest(1) + Wire.abort(0, 0),
      lines: [
        "I: Accepting Association", "I: Received Echo Request (MsgID 1)", "I: Association Aborted",
        "I: \(peer): sent A-ABORT (source 0, service user, reason 0)",
      ]),
    Story(
      says: request + Wire.echoRequest(1, on: 3),
      lines: [
        "I: Accepting Association", "I: Aborting Association",
        "W: \(peer): aborted: message on presentation context 3, which was not accepted",
      ]),
    Story(
      says: Wire.associateRequest(contexts: Wire.context(1, "1.2.840.10008.1.20.1", ["1.2"]))
        + Wire.releaseRequest,
      lines: [
        "I: Accepting Association",
        "W: \(peer): proposed 1 presentation context, Storage Commitment Push Model SOP Class, not "
          + "Verification: nothing was accepted; use Echo, not Send, on the device",
        "I: Association Released",
      ]),
  ]

  @Test("A failure is logged once, with its peer", arguments: stories)
  func isTold(story: Story) async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      [story] in
      let writer = try LogWriter(queueCount: 1, level: .info)
      try writer.start()
      let crew = try Crew(writer: writer) {
        $0.acseTimeout = 300
        $0.dimseTimeout = 200
        $0.networkTimeout = 300
      }
      try crew.start()
      let client = try crew.client()
      client.send(story.says)
      switch story.ending {
      case .waits: _ = client.receiveAll()
      case .closes:
        client.shutDownWriting()
        _ = client.receiveAll()
      case .resets:
        // A reset overtakes bytes sent before, and gets no answer.
        pause(milliseconds: 200)
        client.reset()
        pause(milliseconds: 200)
      }
      pause(milliseconds: 50)
      crew.stop(.stopping)
      writer.stop()
    }
    #expect(lines(ofStandardError: process?.standardErrorContent).map(withoutPorts) == story.lines)
  }

  @Test("A peer that does not read is logged, and costs no processor time meanwhile")
  func doesNotRead() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let writer = try LogWriter(queueCount: 1, level: .warning)
      try writer.start()
      let crew = try Crew(writer: writer) { $0.networkTimeout = 800 }
      try crew.start()
      let client = try crew.client(isNarrow: true)
      client.send(Wire.associateRequest())
      flood(client, for: 300)
      let before = processorTime()
      pause(milliseconds: 300)
      #expect(processorTime() - before < 150)
      #expect(client.breaks(within: 5000))
      crew.stop(.stopping)
      writer.stop()
    }
    #expect(
      lines(ofStandardError: process?.standardErrorContent).map(withoutPorts) == [
        "W: \(Self.peer): network-timeout: does not read the data sent to it; connection closed"
      ])
  }
}
