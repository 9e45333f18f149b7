/// What is counted.
struct Tally {
  /// Operations in the time that is measured.
  var operations = 0
  /// Operations in all.
  var operationsInAll = 0
  /// Associations that were accepted, in all.
  var associationsInAll = 0
  /// Echoes that were answered well, in all.
  var echoesInAll = 0
  /// How long the operations took that were measured.
  var latencies = Histogram()
  /// What went wrong, and the first thing that was wrong in an answer.
  private(set) var errors = [Int](repeating: 0, count: ErrorKind.allCases.count)
  /// What was wrong with the first wrong answer.
  private(set) var objection: Objection?

  /// Counts an error.
  mutating func count(_ kind: ErrorKind, _ objection: Objection? = nil) {
    if let place = ErrorKind.allCases.firstIndex(of: kind) { errors[place] += 1 }
    self.objection = self.objection ?? objection
  }

  /// The kinds of errors that there were, and how many of each.
  var errorCounts: [(kind: ErrorKind, count: Int)] {
    zip(ErrorKind.allCases, errors).filter { $1 > 0 }.map { ($0, $1) }
  }

  /// How many errors there were.
  var errorTotal: Int { errors.reduce(0, +) }
}
