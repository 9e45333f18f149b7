/// What is wrong in a configuration file, and what would be right.
public struct Diagnostic: Equatable, Sendable {
  /// The file.
  public let path: String
  /// The line, from 1 on; nothing when it is about the file as a whole.
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
