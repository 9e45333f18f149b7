/// Where the value of a setting comes from.
public enum Origin: Equatable, Sendable {
  /// Nobody has set it.
  case builtIn
  /// A line of a file.
  case file(path: String, line: Int)
  /// An option, or the operand, of the command line.
  case commandLine(String)

  /// The same in words.
  public var text: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): "\(Quotation.ofFileName(path)):\(line)"
    case .commandLine(let option): "command line: \(option)"
    }
  }
}
