/// What is wrong in a configuration file, and what would be right.
public struct Diagnostic: Equatable, Sendable {
  /// The file.
  public let path: String
  /// The line, from 1 on; nil when it is about the file as a whole.
  public let line: Int?
  /// The key, where it is about one.
  public let key: String?
  /// What is wrong; what would be right.
  public let problem: String

  /// `problem` with the file at `path`.
  public init(path: String, line: Int? = nil, key: String? = nil, problem: String) {
    self.path = path
    self.line = line
    self.key = key
    self.problem = problem
  }

  /// On one line: `file:line: key: what is wrong; what would be right`.
  public var text: String {
    let place = Quotation.ofFileName(path) + (line.map { ":\($0)" } ?? "")
    return place + (key.map { ": \(Quotation.shown($0))" } ?? "") + ": \(problem)"
  }
}

/// What is wrong in one configuration file, as it is found.
struct FaultList {
  /// The file.
  let path: String
  private var found: [Diagnostic] = []

  /// An empty list, of the file at `path`.
  init(of path: String) { self.path = path }

  /// Adds what is wrong in a line.
  mutating func add(_ line: Int?, _ problem: String, key: String? = nil) {
    found.append(Diagnostic(path: path, line: line, key: key, problem: problem))
  }

  /// Adds what is wrong in the line of `assignment`, and with its key.
  mutating func add(_ assignment: ConfigurationFile.Assignment, _ problem: String) {
    add(assignment.line, problem, key: assignment.key)
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
