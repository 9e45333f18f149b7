/// The counts of a run.
struct Tally {
  /// Operations in the measured time.
  var operations = 0
  /// Operations in total.
  var operationsInAll = 0
  /// Accepted associations in total.
  var associationsInAll = 0
  /// Correctly answered echoes in total.
  var echoesInAll = 0
  /// When the latest measured operation ended.
  var latest: UInt64 = 0
  /// How long the measured operations took.
  var latencies = Histogram()
  /// The number of errors of each kind, in the order of the kinds.
  private var errors = [Int](repeating: 0, count: ErrorKind.allCases.count)
  /// The first failure of each kind.
  private(set) var firstFailures: [Failure] = []

  /// Counts a failure.
  mutating func count(_ failure: Failure) {
    guard let place = ErrorKind.allCases.firstIndex(of: failure.kind) else { return }
    errors[place] += 1
    if errors[place] == 1 { firstFailures.append(failure) }
  }

  /// The kinds of errors that occurred, and how many of each.
  var errorCounts: [(kind: ErrorKind, count: Int)] {
    zip(ErrorKind.allCases, errors).filter { $1 > 0 }.map { ($0, $1) }
  }

  /// The total number of errors.
  var errorTotal: Int { errors.reduce(0, +) }
}
