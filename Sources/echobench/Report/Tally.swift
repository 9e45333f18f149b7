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
  /// When the latest operation of those ended.
  var latest: UInt64 = 0
  /// How long they took.
  var latencies = Histogram()
  /// What went wrong, in the order of the kinds.
  private var errors = [Int](repeating: 0, count: ErrorKind.allCases.count)
  /// The first failure of each kind, as far as there is more to say about it.
  private(set) var firstFailures: [Failure] = []

  /// Counts a failure.
  mutating func count(_ failure: Failure) {
    guard let place = ErrorKind.allCases.firstIndex(of: failure.kind) else { return }
    errors[place] += 1
    if errors[place] == 1 { firstFailures.append(failure) }
  }

  /// The kinds of errors that there were, and how many of each.
  var errorCounts: [(kind: ErrorKind, count: Int)] {
    zip(ErrorKind.allCases, errors).filter { $1 > 0 }.map { ($0, $1) }
  }

  /// How many errors there were.
  var errorTotal: Int { errors.reduce(0, +) }
}
