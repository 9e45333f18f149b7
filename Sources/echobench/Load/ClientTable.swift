/// The clients, in chunks that never move, and what is looked at of all of them at once.
struct ClientTable {
  /// So many clients.
  final class Chunk {
    /// How many there are in a chunk.
    static let size = 64
    /// They themselves.
    var clients = InlineArray<64, Client> { _ in Client() }
  }

  /// How many clients there are.
  let count: Int
  private let chunks: [Chunk]
  /// When each client has waited for too long, or for long enough.
  private(set) var deadlines: [UInt64]
  /// The earliest deadline, or an earlier moment.
  private(set) var soonest = Clock.never
  /// When the outstanding echoes were asked for: for each client, by its Message IDs.
  private var asked: [UInt64]
  /// The binary logarithm of the places that each client has in `asked`: a power of two, so that
  /// Message IDs go on from 65535 to 0 without two of them in one place.
  private let placesLog: Int

  /// A table of `count` clients, each with at most `depth` echoes outstanding.
  init(count: Int, depth: Int) {
    self.count = count
    placesLog = Int.bitWidth - (depth - 1).leadingZeroBitCount
    chunks = (0..<(count + Chunk.size - 1) / Chunk.size).map { _ in Chunk() }
    deadlines = [UInt64](repeating: Clock.never, count: count)
    asked = [UInt64](repeating: 0, count: count << placesLog)
  }

  /// The chunk that the client `index` is in.
  func chunk(of index: Int) -> Chunk { chunks[index / Chunk.size] }

  /// Sets the deadline of a client.
  mutating func setDeadline(_ index: Int, _ deadline: UInt64) {
    deadlines[index] = deadline
    if deadline < soonest { soonest = deadline }
  }

  /// Looks anew which deadline is the earliest, but not for one before `moment`.
  mutating func findSoonest(notBefore moment: UInt64) {
    soonest = max(deadlines.min() ?? Clock.never, moment)
  }

  /// Notes that a client has asked for the echo with this Message ID at `moment`.
  mutating func noteAsked(_ index: Int, _ messageID: UInt16, at moment: UInt64) {
    asked[place(index, messageID)] = moment
  }

  /// When a client has asked for the echo with this Message ID.
  func asked(_ index: Int, _ messageID: UInt16) -> UInt64 { asked[place(index, messageID)] }

  private func place(_ index: Int, _ messageID: UInt16) -> Int {
    index << placesLog | Int(messageID) & (1 << placesLog - 1)
  }
}
