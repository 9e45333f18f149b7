import Glibc

/// The lines that a process has written to stderr.
public func lines(ofStandardError text: [UInt8]?) -> [String] {
  let text = String(decoding: text ?? [], as: UTF8.self)
  return text.split(separator: "\n").map(String.init)
}

/// Replaces stderr of this process by another descriptor, or closes it if `number` is negative, and
/// ignores SIGPIPE as the program does.
public func replaceStandardError(by number: Int32) {
  signal(SIGPIPE, SIG_IGN)
  if number < 0 { close(2) } else { dup2(number, 2) }
}

/// Returns a log line with each port replaced by a word.
public func withoutPorts(_ line: String) -> String {
  line.replacing(#/127\.0\.0\.1:\d+/#, with: "127.0.0.1:PORT")
}

/// Sets JOURNAL_STREAM in the environment of this process, or removes it.
public func setJournalStream(_ value: String?) {
  // Safe because the texts are lent for the length of the call, and no other thread reads them.
  let name = "JOURNAL_STREAM"
  if let value { unsafe setenv(name, value, 1) } else { unsafe unsetenv(name) }
}
