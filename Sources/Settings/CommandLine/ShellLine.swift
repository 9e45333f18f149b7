import UpperLayer

/// Command lines that correct a wrong one: quoted for the shell, and only if a message can show all of them.
extension Endpoint {
  /// The command line for listening there, or `nil` if that is impossible, such as on the name of a host.
  var listening: String? {
    var words = ["echoscpd"]
    if let title { words += ["-aet", title.unpadded] }
    if host != nil, host != "::" {
      guard let address else { return nil }
      words += ["-ba", address]
    }
    if let list { words.append(list) }
    return words.count > 1 ? Quotation.shellLine(words) : nil
  }

  /// The option that probes the endpoint at its first port, or `nil` if it has neither host nor port, or the
  /// host is a wildcard.
  var probing: String? {
    guard host != "0.0.0.0", host != "::", let target else { return nil }
    guard let title else { return "--probe \(target)" }
    return Quotation.shellWord(title.unpadded).map { "--probe \(target) -aec \($0)" }
  }

  /// The host and the port in the notation of `--probe`.
  private var target: String? {
    let port = ports.first.map { "\($0)" }
    guard let host else { return port }
    guard let word = Quotation.shellWord(host), let port else { return Quotation.shellWord(host) }
    return host.contains(":") ? "[\(word)]:\(port)" : "\(word):\(port)"
  }
}

extension Quotation {
  /// `text` quoted as one word for the shell, or `nil` if a message cannot show all of it.
  static func shellWord(_ text: String) -> String? {
    guard let text = whole(text) else { return nil }
    let isPlain = text.utf8.allSatisfy { Self.isPlain($0) || "/:,%@".utf8.contains($0) }
    if isPlain, !text.isEmpty { return text }
    // An apostrophe inside has to be outside the apostrophes around the word.
    return "'" + text.unicodeScalars.map { $0 == "'" ? "'\\''" : "\($0)" }.joined() + "'"
  }

  /// `words` quoted for the shell, or `nil` if a message cannot show all of one of them.
  static func shellLine(_ words: [String]) -> String? {
    let quoted = words.compactMap(shellWord)
    return quoted.count == words.count ? quoted.joined(separator: " ") : nil
  }
}
