import Log

/// A line of what a monitoring plugin prints (Nagios plugin development guidelines): what follows a `|`
/// is performance data to who reads it, in the first line as in any other, and a line is one line.
public enum PluginLine {
  /// `line` with every `|` as `\x7c`, and what controls a terminal escaped, wherever it comes from: a
  /// peer chooses what it sends, and an AE title may have any printable character.
  public static func escaped(_ line: String) -> String {
    Escaping.line(line).split(separator: "|", omittingEmptySubsequences: false)
      .joined(separator: "\\x7c")
  }
}
