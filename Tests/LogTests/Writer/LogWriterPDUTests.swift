import Log
import Synchronization
import TestKit
import Testing
import UpperLayer

@testable import Log

extension LogWriterTests {
  /// Records with copies of PDUs: what memory they may take while nobody has written them yet, and
  /// that all of it is given back.
  @Suite struct PDUs {
    /// The longest request that there is: eight of them are all that is kept.
    private static let longest = Wire.pdu(
      1, Wire.fixedFields() + fillers(Int(AssociateRequest.maximumLength) - 68))

    @Test("Eight MiB of PDUs are kept; beyond them, records go without, and it is counted")
    func limit() async {
      let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        let writer = try LogWriter(queueCount: 2, level: .debug, lines: line)
        for number in 1...room + 3 {
          writer.put(try echo(number, Self.longest), into: number % 2)
        }
        // Nothing is too small to be refused when nothing is left.
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

    @Test("What was written gives its memory back, to the byte, time and again")
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
          // The last one is given back right behind its line.
          pause(milliseconds: 100)
        }
        writer.stop()
      }
      let numbers = (0..<5).flatMap { round in (1...room).map { 10 * round + $0 } }
      #expect(
        lines(ofStandardError: process?.standardErrorContent)
          == numbers.map { "\($0) with \(AssociateRequest.maximumLength)" })
    }

    @Test("A record that has no room in its queue gives its memory back at once")
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
        // Those that are beyond the limit are gone already.
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
      "A copy that is left in a queue goes with the queue, one that was taken out with its record")
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
      // What has no room is not kept either.
      for number in 1...RecordQueue.capacity { queue?.put(record(number)) }
      let refused = try Weak(refused(by: queue))
      #expect(refused.object == nil)
      queue = nil
      #expect(copies.allSatisfy { $0.object == nil })
    }

    /// The copies of a record that `queue` has no room for.
    private func refused(by queue: RecordQueue?) throws -> PDUCopies? {
      let record = try echo(1, Wire.associateRequest())
      #expect(queue?.put(record) == false)
      return record.pdus
    }

    /// Items that nobody knows, which fill `count` bytes.
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

/// Something that is not kept by being known.
private struct Weak {
  weak var object: PDUCopies?

  init(_ object: PDUCopies?) { self.object = object }
}

/// How many of the longest requests there is room for.
private let room = (8 << 20) / Int(AssociateRequest.maximumLength)

/// A step without PDUs that can be told from others by its Message ID.
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

/// What the tests above look at in a record.
@Sendable private func line(_ record: Record) -> String {
  switch record.event {
  case .echoReceived(let number, _):
    "\(number) \(record.pdus.map { "with \($0.size)" } ?? "without")\n"
  case .recordsDropped(let count, _): "\(count) were dropped\n"
  default: "something else\n"
  }
}
