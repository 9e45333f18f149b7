import UpperLayer

/// What is to be typed instead of a line that was wrong: quoted for the shell, and only where all of it can be
/// shown.
extension Endpoint {
  /// How the service is told to listen there; nil when it cannot, as at the name of a host.
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

  /// The option that probes it, at its first port; nil if it names neither host nor port, or the host is a
  /// wildcard.
  var probing: String? {
    guard host != "0.0.0.0", host != "::", let target else { return nil }
    guard let title else { return "--probe \(target)" }
    return Quotation.shellWord(title.unpadded).map { "--probe \(target) -aec \($0)" }
  }

  /// The host and the port as `--probe` has them.
  private var target: String? {
    let port = ports.first.map { "\($0)" }
    guard let host else { return port }
    guard let word = Quotation.shellWord(host), let port else { return Quotation.shellWord(host) }
    return host.contains(":") ? "[\(word)]:\(port)" : "\(word):\(port)"
  }
}

extension Quotation {
  /// `text` as a shell takes it for one word; nil when a message cannot repeat it.
  static func shellWord(_ text: String) -> String? {
    guard let text = whole(text) else { return nil }
    let isPlain = text.utf8.allSatisfy { Self.isPlain($0) || "/:,%".utf8.contains($0) }
    if isPlain, !text.isEmpty { return text }
    // An apostrophe stands outside of the others.
    return "'" + text.unicodeScalars.map { $0 == "'" ? "'\\''" : "\($0)" }.joined() + "'"
  }

  /// `words` as a shell takes them; nil when one of them cannot be repeated.
  static func shellLine(_ words: [String]) -> String? {
    let quoted = words.compactMap(shellWord)
    return quoted.count == words.count ? quoted.joined(separator: " ") : nil
  }
}
