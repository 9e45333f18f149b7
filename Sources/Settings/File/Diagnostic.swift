/// An error in a configuration file, or a contradiction with the command line, and how to correct it.
public struct Diagnostic: Equatable, Sendable {
  /// The path of the file, or the option.
  public let path: String
  /// The line, counted from 1, or `nil` if the error is in the file as a whole.
  public let line: Int?
  /// The key, if the error is in an assignment.
  public let key: String?
  /// The error and its correction in words.
  public let problem: String

  /// An error in the file at `path`, with the message `problem`.
  public init(path: String, line: Int? = nil, key: String? = nil, problem: String) {
    self.path = path
    self.line = line
    self.key = key
    self.problem = problem
  }

  /// An error in the value of the setting `key`, which comes from `origin`.
  public init(origin: Origin, key: String, problem: String) {
    switch origin {
    case .file(let path, let line):
      self.init(path: path, line: line, key: key, problem: problem)
    // The option is named after the key.
    case .commandLine(let option): self.init(path: option, problem: problem)
    case .builtIn: self.init(path: key, problem: problem)
    }
  }

  /// The message on one line: `file:line: key: problem`, or `--key: problem`.
  public var text: String {
    let place = Quotation.ofFileName(path) + (line.map { ":\($0)" } ?? "")
    return place + (key.map { ": \(Quotation.shown($0))" } ?? "") + ": \(problem)"
  }
}

/// The errors in one configuration file, in the order in which they are found.
struct FaultList {
  /// The path of the file.
  let path: String
  private var found: [Diagnostic] = []

  /// An empty list for the file at `path`.
  init(of path: String) { self.path = path }

  /// Adds an error in a line.
  mutating func add(_ line: Int?, _ problem: String, key: String? = nil) {
    found.append(Diagnostic(path: path, line: line, key: key, problem: problem))
  }

  /// Adds an error in `assignment`, with its line and key.
  mutating func add(_ assignment: ConfigurationFile.Assignment, _ problem: String) {
    add(assignment.line, problem, key: assignment.key)
  }

  /// The errors in the order of the lines, up to ``ConfigurationFile/mostDiagnostics``.
  var diagnostics: [Diagnostic] {
    let sorted = found.enumerated().sorted {
      ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }
    let most = ConfigurationFile.mostDiagnostics
    let more = found.count - most
    return sorted.prefix(most).map(\.element)
      + (more > 0 ? [Diagnostic(path: path, problem: "errors not shown: \(more)")] : [])
  }
}
