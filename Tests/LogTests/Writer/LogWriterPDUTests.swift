import Log
import Synchronization
import TestKit
import Testing
import UpperLayer

@testable import Log

extension LogWriterTests {
  /// Records with copies of PDUs: the memory that they may occupy until they are written, and its release.
  @Suite struct PDUs {
    /// The longest possible request: only eight of them are kept.
    private static let longest = Wire.pdu(
      1, Wire.fixedFields() + fillers(Int(AssociateRequest.maximumLength) - 68))

    @Test("Eight MiB of PDUs are kept; beyond that, records lose theirs, and this is counted")
    func limit() async {
      let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        let writer = try LogWriter(queueCount: 2, level: .debug, lines: line)
        for number in 1...room + 3 {
          writer.put(try echo(number, Self.longest), into: number % 2)
        }
        // With no memory left, even the smallest copy is refused.
        writer.put(try echo(100, Wire.associateRequest()), into: 0)
        writer.put(record(101), into: 1)
        try writer.start()
        writer.stop()
      }
      let kept = (1...room).map { "\($0) with \(AssociateRequest.maximumLength)" }
      let without = (room + 1...room + 3).map { "\($0) without" }
      #expect(
        lines(ofStandardError: process?.standardErrorContent)
          == kept + without + ["100 without", "101 without", "4 were dropped"])
    }

    @Test("Written records release their memory to the byte, again and again")
    func givesBack() async {
      let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        let written = Atomic<Int>(0)
        let writer = try LogWriter(queueCount: 1, level: .debug) { record in
          written.add(1, ordering: .sequentiallyConsistent)
          return line(record)
        }
        try writer.start()
        var count = 0
        for round in 0..<5 {
          for number in 1...room {
            writer.put(try echo(10 * round + number, Self.longest), into: 0)
            count += 1
          }
          let isWritten = eventually { written.load(ordering: .sequentiallyConsistent) == count }
          #expect(isWritten)
          // The memory of the last record is released right after its line is written.
          pause(milliseconds: 100)
        }
        writer.stop()
      }
      let numbers = (0..<5).flatMap { round in (1...room).map { 10 * round + $0 } }
      #expect(
        lines(ofStandardError: process?.standardErrorContent)
          == numbers.map { "\($0) with \(AssociateRequest.maximumLength)" })
    }

    @Test("A record without room in its queue releases its memory at once")
    func fullQueue() async {
      let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        let writer = try LogWriter(queueCount: 2, level: .debug, lines: line)
        let steps = RecordQueue.capacity / 8 * 7
        for number in 1...steps { writer.put(record(number), into: 0) }
        for number in 1...100 { writer.put(try echo(number, Self.longest), into: 0) }
        for number in 1...room { writer.put(try echo(number, Self.longest), into: 1) }
        try writer.start()
        writer.stop()
      }
      let all = lines(ofStandardError: process?.standardErrorContent)
      #expect(all.count { $0.hasSuffix(" with \(AssociateRequest.maximumLength)") } == room)
      #expect(all.last == "100 were dropped")
    }

    @Test("No copy outlives its record: written, dropped, or left in a queue that nobody reads")
    func nothingLeaks() async {
      await #expect(processExitsWith: .success) {
        replaceStandardError(by: -1)
        var copies: [Weak] = []
        var writer: LogWriter? = try LogWriter(queueCount: 2, level: .debug, lines: line)
        for number in 1...3 * room {
          let record = try echo(number, Self.longest)
          copies.append(Weak(record.pdus))
          writer?.put(record, into: 0)
        }
        // The copies beyond the limit are already gone.
        #expect(copies.count { $0.object != nil } == room)
        try writer?.start()
        let isWritten = eventually { copies.allSatisfy { $0.object == nil } }
        #expect(isWritten)
        writer?.stop()
        let late = try echo(1, Self.longest)
        copies = [Weak(late.pdus)]
        writer?.put(late, into: 1)
        writer = nil
      }
    }

    @Test(
      "A copy left in a queue is freed with the queue, one that was removed with its record")
    func queue() throws {
      var queue: RecordQueue? = RecordQueue()
      var copies: [Weak] = []
      for number in 1...5 {
        let record = try echo(number, Wire.associateRequest())
        copies.append(Weak(record.pdus))
        queue?.put(record)
      }
      #expect(copies.allSatisfy { $0.object != nil })
      var taken = queue?.popFirst()
      #expect(taken?.pdus === copies[0].object && taken?.pdus != nil)
      #expect(taken?.pdus?.request == Array(Wire.associateRequest().dropFirst(6)))
      taken = nil
      #expect(copies.map { $0.object == nil } == [true, false, false, false, false])
      // A copy without room is not kept either.
      for number in 1...RecordQueue.capacity { queue?.put(record(number)) }
      let refused = try Weak(refused(by: queue))
      #expect(refused.object == nil)
      queue = nil
      #expect(copies.allSatisfy { $0.object == nil })
    }

    /// The copies of a record for which `queue` has no room.
    private func refused(by queue: RecordQueue?) throws -> PDUCopies? {
      let record = try echo(1, Wire.associateRequest())
      #expect(queue?.put(record) == false)
      return record.pdus
    }

    /// Unknown items that fill `count` bytes.
    private static func fillers(_ count: Int) -> [UInt8] {
      var items: [UInt8] = []
      while count - items.count >= 2 * 65539 {
        items += Wire.item(0x7F, [UInt8](repeating: 1, count: 65535))
      }
      let half = (count - items.count) / 2
      items += Wire.item(0x7F, [UInt8](repeating: 1, count: half - 4))
      return items + Wire.item(0x7F, [UInt8](repeating: 1, count: count - items.count - 4))
    }
  }
}

/// A weak reference.
private struct Weak {
  weak var object: PDUCopies?

  init(_ object: PDUCopies?) { self.object = object }
}

/// The number of longest requests for which there is room.
private let room = (8 << 20) / Int(AssociateRequest.maximumLength)

/// A step without PDUs that is distinguishable by its Message ID.
private func record(_ number: Int) -> Record {
  Record(.echoReceived(messageID: UInt16(number), contextID: 1), about: nil)
}

/// A step of the same kind, with a copy of `request`.
private func echo(_ number: Int, _ request: [UInt8]) throws -> Record {
  let body = Array(request.dropFirst(6))
  var record = record(number)
  record.attachment = .pdus(PDUCopies(try AssociateRequest(body.span)))
  return record
}

/// The parts of a record that the tests above check.
@Sendable private func line(_ record: Record) -> String {
  switch record.event {
  case .echoReceived(let number, _):
    "\(number) \(record.pdus.map { "with \($0.size)" } ?? "without")\n"
  case .recordsDropped(let count, _): "\(count) were dropped\n"
  default: "something else\n"
  }
}
