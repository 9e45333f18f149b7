/// The lines of presentation contexts, in the order of their IDs.
struct ContextLines {
  /// How many contexts, and transfer syntaxes of one, are shown: twice as many as there may be.
  static let most = 256

  private var lines = [[String]](repeating: [], count: 256)
  /// How many contexts there are.
  private(set) var count = 0

  /// Whether one more is shown.
  var hasRoom: Bool { count < Self.most }

  /// Adds the lines of the context `id`.
  mutating func add(_ new: [String], for id: UInt8) {
    lines[Int(id)] += new
    count += 1
  }

  /// All lines; those of contexts with the same ID in the order in which they were added.
  var sorted: [String] { lines.flatMap { $0 } }
}
