import Log
import Settings
import Synchronization
import TestKit
import Testing
import Verification

@testable import Server

/// The copies of the PDUs that begin an association: a worker logs them at debug, and only then.
@Suite struct WorkerHostTests {
  /// The event of a record, and its PDUs.
  struct Told: Equatable, Sendable {
    var event: String
    var request: [UInt8]?
    var accept: [UInt8]?
  }

  private static let request = Wire.associateRequest()
  private static let unusable = Wire.associateRequest(contexts: [])
  private static let rejected = Wire.associateRequest(application: [])

  @Test("At debug, the step that answers a request has both PDUs, and no other record has any")
  func debug() throws {
    let told = try Self.told(
      at: .debug,
      [
        Self.request + Wire.echoRequest(1) + Wire.releaseRequest, Self.unusable, Self.rejected,
        Self.request + Wire.abort(0, 0), Array(Self.request.prefix(50)), [],
      ])
    let accept = Wire.associateAccept()
    #expect(
      told.filter { $0.request != nil || $0.accept != nil } == [
        Told(
          event: "associationAccepted", request: Self.body(Self.request),
          accept: Self.body(accept)),
        Told(
          event: "noUsableContext", request: Self.body(Self.unusable),
          accept: Self.body(Wire.associateAccept(results: []))),
        Told(event: "associationRejected", request: Self.body(Self.rejected), accept: []),
        Told(
          event: "associationAccepted", request: Self.body(Self.request),
          accept: Self.body(accept)),
      ])
    for event in [
      "connected", "echoReceived", "associationReleased", "abortReceived", "requestIncomplete",
      "healthCheck",
    ] { #expect(told.contains(Told(event: event)), "\(event)") }
  }

  @Test("A rejection for want of room has its own request, not that of an earlier peer")
  func rejectedForWantOfRoom() throws {
    let other = Wire.associateRequest(fixed: Wire.fixedFields(calling: Wire.title("OTHER")))
    let told = try Self.told(at: .debug, maxAssociations: 0, [Self.request, other])
    #expect(
      told.filter { $0.event == "associationOverLimit" } == [
        Told(event: "associationOverLimit", request: Self.body(Self.request), accept: []),
        Told(event: "associationOverLimit", request: Self.body(other), accept: []),
      ])
  }

  @Test("There is no copy of an incomplete request, even if another one was rejected before")
  func rejectedForWantOfMemory() throws {
    let told = try Self.told(
      at: .debug, partialPDUMemory: 0, [Self.rejected, Array(longRequestPDU().prefix(10_000))])
    #expect(
      told.filter { $0.event == "associationRejected" || $0.event == "requestRefusedMemory" } == [
        Told(event: "associationRejected", request: Self.body(Self.rejected), accept: []),
        Told(event: "requestRefusedMemory"),
      ])
  }

  @Test("Below debug, no copy is made", arguments: [Priority.info, .warning, .error, .critical])
  func belowDebug(level: Priority) throws {
    let told = try Self.told(
      at: level,
      [
        Self.request + Wire.echoRequest(1) + Wire.releaseRequest, Self.unusable, Self.rejected,
      ])
    #expect(told.allSatisfy { $0.request == nil && $0.accept == nil })
    let events = told.map(\.event)
    let steps = ["associationAccepted", "echoReceived", "associationReleased"]
    #expect(events.contains("noUsableContext") == (level >= .warning))
    #expect(events.contains("associationRejected") == (level >= .warning))
    for step in steps { #expect(events.contains(step) == (level == .info), "\(step)") }
  }

  private static func body(_ pdu: [UInt8]) -> [UInt8] { Array(pdu.dropFirst(6)) }

  /// Returns all records of a worker while the peers connect one after another, send their bytes, and close.
  private static func told(
    at level: Priority, maxAssociations: Int = 1000, partialPDUMemory: Int = 32 << 20,
    _ peers: [[UInt8]]
  ) throws -> [Told] {
    let all = Recording()
    let writer = try LogWriter(queueCount: 1, level: level) { record in
      all.add(record)
      return ""
    }
    try writer.start()
    let crew = try Crew(
      maxAssociations: maxAssociations, partialPDUMemory: partialPDUMemory, writer: writer)
    try crew.start()
    for bytes in peers {
      let client = try crew.client()
      client.send(bytes)
      client.shutDownWriting()
      #expect(client.receiveAll().end == .closed)
    }
    crew.stop(.draining)
    writer.stop()
    return all.told
  }
}

/// The recorded events and PDUs.
private final class Recording: Sendable {
  private let box = Mutex<[WorkerHostTests.Told]>([])

  var told: [WorkerHostTests.Told] { box.withLock { $0 } }

  func add(_ record: Record) {
    let event = "\(record.event)".prefix { $0 != "(" }
    let told = WorkerHostTests.Told(
      event: String(event), request: record.pdus?.request, accept: record.pdus?.accept)
    box.withLock { $0.append(told) }
  }
}
