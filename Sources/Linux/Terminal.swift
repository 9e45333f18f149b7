import CLinux
import Glibc

extension StandardStream {
  /// The number of columns of the terminal that the stream is, or `nil` if it is not one, or does not say.
  public var columns: Int? {
    let columns = Int(cl_terminal_columns(rawValue))
    return columns > 0 ? columns : nil
  }
}

/// The environment of this process (environ(7)).
public enum Environment {
  /// The value of the variable `name`; `nil` if it is not set.
  public static func value(of name: String) -> String? {
    // Safe because the text is copied at once, and nobody changes the environment.
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
  }
}

extension Process {
  /// Runs the program at `path` with `arguments`, without its name, in place of this one. Returns only if that fails,
  /// with the error.
  public static func become(_ path: String, _ arguments: [String]) -> SystemError {
    let copies = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    // Safe because the list ends with `nil`, and is valid until the call returns or this program is gone.
    _ = unsafe execv(path, copies)
    let error = SystemError(call: path, number: errno)
    for index in 0..<arguments.count + 1 { unsafe free(copies[index]) }
    return error
  }

  /// Whether this process may run the program at `path`.
  public static func mayRun(_ path: String) -> Bool {
    // Safe because the call copies the path.
    unsafe access(path, X_OK) == 0
  }
}
