import CLinux

/// Text on standard output and standard error, at once and whole.
enum Output {
  /// Writes all of `text`, as far as the descriptor takes it.
  static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let written = cl_write(descriptor, bytes.span.extracting(droppingFirst: offset))
      guard written > 0 else { return }
      offset += written
    }
  }

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { cl_is_terminal(2) == 1 }
}
