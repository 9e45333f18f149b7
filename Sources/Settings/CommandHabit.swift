/// What hands type that are used to another program: its words, and what is typed here instead.
enum CommandHabit {
  /// What takes the place of a word.
  enum Form {
    /// Nothing does: it says where to listen, and the port stands alone.
    case place
    /// The same of one whose value is `[TITLE[@ADDRESS]:]PORT`.
    case titledPlace
    /// Its value is whom to ask.
    case target
    /// An option with the same value.
    case option(String)
    /// This, as it is.
    case words(String)
    /// Nothing is typed: this is so.
    case fact(String)
  }

  /// Words without dashes. A word may stand in several rows; the first that fits its value counts.
  private static let rows: [(words: [String], form: Form)] = [
    // dcm4che's storescp, storescu and findscu.
    (["b", "bind", "bind-address"], .titledPlace), (["c", "connect"], .target),
    // Servers in general: python's http.server, redis, nginx, sshd, socat.
    (
      [
        "port", "p", "l", "listen", "listen-port", "server-port", "tcp-port", "bind-port",
        "address",
        "host", "hostname", "ip", "addr", "listen-address", "interface", "b", "bind",
      ], .place
    ),
    // nginx, sshd, named, postfix, apachectl, haproxy.
    (
      [
        "t", "T", "test", "test-config", "configtest", "config-test", "check-conf", "validate", "n",
      ],
      .words("echoscpd --check-config")
    ),
    (
      ["c", "f", "C", "F", "file", "conf", "cfg", "config-file", "configuration"], .option("config")
    ),
    // dnsmasq, redis, crond, sshd, nginx, gunicorn.
    (
      [
        "daemon", "daemonize", "D", "background", "fork", "foreground", "no-daemon", "nodaemon",
        "nofork", "no-fork",
      ],
      .words("echoscpd 11112 in the foreground, or systemctl start echoscpd for a service")
    ),
    (["start"], .words("systemctl start echoscpd")), (["stop"], .words("systemctl stop echoscpd")),
    (["restart"], .words("systemctl restart echoscpd")),
    (["reload"], .words("systemctl reload echoscpd")),
    (["status"], .words("systemctl status echoscpd")),
    // Windows, GNU, and git's habit of words in place of options.
    (["?", "/?", "/h", "/help", "help-all", "usage", "man"], .words("echoscpd --help")),
    // Verbosity by repetition: ssh, curl, dcm4che; and the words of loggers.
    (["vv", "vvv", "vvvv", "dd", "trace", "very-verbose"], .words("-d")),
    (["s", "silent", "no-log"], .words("-q")), (["warn"], .words("-ll warning")),
    // DCMTK's echoscu, storescp and wlmscpfs.
    (["+x=", "x", "+x"], .words("-x=")), (["+xe"], .words("-xe")), (["+xb"], .words("-xb")),
    (["+xi"], .words("-xi")),
    (["call", "called", "called-aet", "aec"], .option("called-ae-title")),
    (["calling", "calling-aet"], .option("calling-ae-title")),
    (["repeat"], .option("count")),
    (
      ["to", "timeout", "socket-timeout"],
      .words("-ta, -td or -tn with the seconds")
    ),
    (["aetitle", "aet-title", "title"], .option("ae-title")),
    (["tls", "+tls", "tls-aes", "ssl"], .fact("a proxy in front of echoscpd speaks TLS")),
    // ping, nagios' check_tcp.
    (["H", "ping", "echo", "echoscu", "test-host"], .target),
  ]

  /// What is to be done instead of typing the option `word`, or nothing when it is no habit that is
  /// known here; `values` are the words behind it.
  static func correction(option word: String, _ values: [String]) -> String? {
    let (name, isPasted) = LookAlike.withoutDashes(word)
    var parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if isPasted { return pasted(String(parts.first ?? "")) }
    var values = values
    if parts.count == 2, !parts[1].isEmpty { values.insert(String(parts[1]), at: 0) }
    // -p11499
    let letter = parts.first?.prefix(1) ?? ""
    if let rest = parts.first?.dropFirst(), rest.first?.isNumber == true, !word.hasPrefix("--") {
      values.insert(String(rest), at: 0)
      parts[0] = letter
    }
    return correction(String(parts.first ?? ""), values)
  }

  /// The same of `word`, which has no hyphen in front of it.
  static func correction(operand word: String, _ values: [String]) -> String? {
    let lower = word.lowercased()
    // A letter alone is an option, or nothing that is known here.
    guard word.utf8.count > 1 else { return nil }
    if let right = correction(lower, values) { return right }
    let isOption = CommandLineOption.all.contains { $0.long == lower }
    guard isOption else { return nil }
    let value = values.first.map { " \(Quotation.shown($0))" } ?? ""
    return "type echoscpd --\(lower)\(value)"
  }

  private static func correction(_ name: String, _ values: [String]) -> String? {
    let name = name.utf8.count == 1 ? name : String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    for row in rows where row.words.contains(name) {
      if let text = text(of: row.form, values) { return text }
    }
    return ForeignName.meaning(of: name) == .key("port") ? text(of: .place, values) : nil
  }

  /// What is to be done, or nothing when the form does not go with the words behind it.
  private static func text(of form: Form, _ values: [String]) -> String? {
    let endpoint = values.first.flatMap(Endpoint.init)
    switch form {
    case .fact(let fact): return fact
    case .words(let words): return "type \(words)"
    case .option(let option):
      return "type --\(option)" + (values.first.map { " \(Quotation.shown($0))" } ?? "")
    case .target:
      guard let endpoint, endpoint.title != nil || endpoint.host != nil else { return nil }
      return endpoint.with(port: values.dropFirst().first).probing.map { "type echoscpd \($0)" }
    case .titledPlace:
      return values.first.flatMap(titledPlace).map { "type \($0)" }
    case .place:
      let place = endpoint?.with(port: values.dropFirst().first)
      return "type \(place?.listening ?? "echoscpd 11112, or echoscpd -ba 192.0.2.1 11112")"
    }
  }

  /// How the service listens at `[TITLE[@ADDRESS]:]PORT`.
  static func titledPlace(_ text: String) -> String? {
    guard var endpoint = Endpoint(text) else { return nil }
    if endpoint.listening == nil, endpoint.title == nil { swap(&endpoint.title, &endpoint.host) }
    return endpoint.port == nil ? nil : endpoint.listening
  }

  /// What is to be done about an option that came with another dash in front of it.
  static func pasted(_ name: String) -> String {
    let option = CommandLineOption.names.first { $0.text == name }
    let isShort = option.map { $0.option.short?.hasPrefix(name) == true } ?? false
    let shown = Quotation.shown(name)
    return isShort ? "type -\(shown), with a hyphen" : "type --\(shown), with two hyphens"
  }
}
