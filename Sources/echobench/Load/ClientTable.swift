/// The clients, in chunks that never move, and the data that is searched for all of them at once.
struct ClientTable {
  /// A fixed number of clients.
  final class Chunk {
    /// The number of clients in a chunk.
    static let size = 64
    /// The clients of the chunk.
    var clients = InlineArray<64, Client> { _ in Client() }
  }

  /// The number of clients.
  let count: Int
  private let chunks: [Chunk]
  /// When the time of each client is up: it has waited too long, or paused long enough.
  private(set) var deadlines: [UInt64]
  /// When to search the deadlines again.
  private(set) var soonest = Clock.never
  /// When the outstanding echoes were requested, for each client by Message ID.
  private var asked: [UInt64]
  /// The binary logarithm of the number of places for each client in `asked`: a power of two, so that
  /// Message IDs continue from 65535 to 0 without two of them in one place.
  private let placesLog: Int

  /// A table of `count` clients, each with at most `depth` echoes outstanding.
  init(count: Int, depth: Int) {
    self.count = count
    placesLog = Int.bitWidth - (depth - 1).leadingZeroBitCount
    chunks = (0..<(count + Chunk.size - 1) / Chunk.size).map { _ in Chunk() }
    deadlines = [UInt64](repeating: Clock.never, count: count)
    asked = [UInt64](repeating: 0, count: count << placesLog)
  }

  /// Returns the chunk that holds the client `index`.
  func chunk(of index: Int) -> Chunk { chunks[index / Chunk.size] }

  /// Sets the deadline of a client.
  mutating func setDeadline(_ index: Int, _ deadline: UInt64) {
    deadlines[index] = deadline
    if deadline < soonest { soonest = deadline }
  }

  /// Searches for the earliest deadline again, but not before `moment`.
  mutating func findSoonest(notBefore moment: UInt64) {
    soonest = max(deadlines.min() ?? Clock.never, moment)
  }

  /// Notes that a client requested the echo with this Message ID at `moment`.
  mutating func noteAsked(_ index: Int, _ messageID: UInt16, at moment: UInt64) {
    asked[place(index, messageID)] = moment
  }

  /// Returns when a client requested the echo with this Message ID.
  func asked(_ index: Int, _ messageID: UInt16) -> UInt64 { asked[place(index, messageID)] }

  private func place(_ index: Int, _ messageID: UInt16) -> Int {
    index << placesLog | Int(messageID) & (1 << placesLog - 1)
  }
}
