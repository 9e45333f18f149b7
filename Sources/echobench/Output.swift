import CLinux
import Glibc
import Linux
import Log

/// Text on standard output and standard error, at once and whole.
enum Output {
  /// Writes all of `text`, as far as the descriptor takes it.
  ///
  /// - Returns: 0, or what went wrong, an errno.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let written = cl_write(descriptor, bytes.span.extracting(droppingFirst: offset))
      guard written > 0 else { return written == 0 ? EIO : Int32(-written) }
      offset += written
    }
    return 0
  }

  /// Writes `text` to standard output, or ends the program: half a result must not look like one. Who has
  /// closed the pipe wants no more, and hears nothing.
  static func print(_ text: String) {
    let error = write(text, to: 1)
    if error == 0 { return }
    if error != EPIPE {
      write("echobench: standard output cannot be written: \(ErrorText.of(error))\n", to: 2)
    }
    exit(74)
  }

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { cl_is_terminal(2) == 1 }
}
