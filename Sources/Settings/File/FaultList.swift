/// What is wrong in one configuration file, as it is found.
struct FaultList {
  private let path: String
  private var found: [Diagnostic] = []

  /// Nothing yet, in the file at `path`.
  init(of path: String) { self.path = path }

  /// Adds what is wrong in a line.
  mutating func add(_ line: Int?, _ problem: String, key: String? = nil) {
    found.append(Diagnostic(path: path, line: line, key: key, problem: problem))
  }

  /// All of it in the order of the lines, but no more than anybody would read.
  var diagnostics: [Diagnostic] {
    let sorted = found.enumerated().sorted {
      ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }
    let most = ConfigurationFile.mostDiagnostics
    let more = found.count - most
    return sorted.prefix(most).map(\.element)
      + (more > 0 ? [Diagnostic(path: path, problem: "faults not shown: \(more)")] : [])
  }
}
