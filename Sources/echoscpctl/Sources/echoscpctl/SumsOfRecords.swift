import Ledger
import Linux
import Log

/// The number of echoes, and of records that are part of others, in a period: counted by a second thread, since that
/// takes longer than everything else in a report.
final class SumsOfRecords: Sendable {
  /// The sums.
  typealias Sums = (echoes: UInt64, folded: UInt64)

  private final class Answer: Sendable {
    let value = Locked<Result<Sums, any Error>?>(nil)
  }

  private let answer = Answer()
  private let thread: Thread

  /// Begins to count the records at `place` from `start` on.
  init(_ place: JournalPlace, from start: UInt64) throws(SystemError) {
    thread = try Thread(name: "sums") { [answer] in
      let result = Result { try Self.sums(JournalSession(place), from: start) }
      answer.value.withLock { $0 = result }
    }
  }

  /// Waits for the sums.
  func result() throws -> Sums {
    while !thread.join(milliseconds: .max) {}
    guard let result = answer.value.withLock({ $0 }) else {
      preconditionFailure("the thread has ended without an answer")
    }
    return try result.get()
  }

  /// Counting needs no record; if the journal has too many different numbers for that, each record is read.
  private static func sums(_ session: JournalSession, from start: UInt64) throws -> Sums {
    if let echoes = try session.sum(of: .echoes, from: start),
      let folded = try session.sum(of: .repeated, less: 1, from: start)
    {
      return (echoes, folded)
    }
    var (echoes, folded): (UInt64, UInt64) = (0, 0)
    try session.forEach(from: start) { record in
      echoes &+= record.echoes ?? 0
      folded &+= max(record.count, 1) - 1
    }
    return (echoes, folded)
  }
}
