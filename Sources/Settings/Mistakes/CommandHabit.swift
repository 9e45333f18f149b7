import UpperLayer

/// The options and operands of other programs, and the advice what to type instead.
enum CommandHabit {
  /// The form of the advice.
  enum Form {
    /// Type the value alone: where to listen, or which SCP to probe.
    case place
    /// Type the value alone, which is `[TITLE[@ADDRESS]:]PORT`.
    case titledPlace
    /// Type `--probe` with the value, which is the SCP to probe.
    case target
    /// Type `--probe` with the value, if that has a title or a port.
    case wholeTarget
    /// Type this option with the same value.
    case option(String)
    /// Type this option with the same value, if the line is a probe.
    case probing(String)
    /// Type these words.
    case words(String)
    /// Type these words, if the line is not a probe.
    case service(String)
    /// Type the options for TLS. If `hasFiles`, the values are the files of the key and the certificate.
    case tls(hasFiles: Bool)
    /// Type no option to run in the foreground.
    case foreground
    /// Follow this advice, which is not about typing.
    case fact(String)
  }

  /// Words without dashes. A word may be in several rows; the first row that fits its value counts.
  private static let table: [(words: String, form: Form)] = [
    // dcm4che's storescp, storescu and findscu.
    ("b bind bind-address", .titledPlace),
    // ping, and echoscu of DCMTK.
    ("c", .probing("count")),
    ("aetitle aet-title title", .probing("calling-ae-title")),
    ("c connect", .wholeTarget),
    // Servers in general: python's http.server, redis, nginx, sshd, socat.
    (
      """
      port p l listen listen-port server-port tcp-port bind-port address host hostname ip addr \
      listen-address interface b bind
      """,
      .place
    ),
    // nginx, sshd, named, postfix, apachectl, haproxy.
    (
      "t T test test-config configtest config-test check-conf validate n",
      .service("echoscpd --check-config")
    ),
    ("c f C F file conf cfg config-file configuration", .option("config")),
    // dnsmasq, redis, crond, sshd, nginx, gunicorn.
    (
      "daemon daemonize D background fork foreground no-daemon nodaemon nofork no-fork", .foreground
    ),
    ("start", .service("systemctl start echoscpd")),
    ("stop", .service("systemctl stop echoscpd")),
    ("restart", .service("systemctl restart echoscpd")),
    ("reload", .service("systemctl reload echoscpd")),
    ("status", .service("systemctl status echoscpd")),
    // Windows, GNU, and git's words in place of options.
    ("? /? /h /help help-all usage man", .words("echoscpd --help")),
    // Repetition for verbosity: ssh, curl, dcm4che; and the words of loggers.
    ("vv vvv vvvv dd trace very-verbose", .words("-d")),
    ("s silent no-log", .words("-q")),
    ("warn", .words("-ll warning")),
    // DCMTK's echoscu, storescp and wlmscpfs.
    ("+x= x +x", .words("-x=")),
    ("+xe", .words("-xe")),
    ("+xb", .words("-xb")),
    ("+xi", .words("-xi")),
    ("call called called-aet aec", .option("called-ae-title")),
    ("calling calling-aet", .option("calling-ae-title")),
    ("repeat", .option("count")),
    ("to timeout socket-timeout t", .words("-ta, -td or -tn with the seconds")),
    ("aetitle aet-title title", .option("ae-title")),
    // DCMTK's storescp and echoscu, then dcm4che, curl and stunnel.
    ("+tls enable-tls", .tls(hasFiles: true)),
    ("+tla anonymous-tls ssl tls-aes tls11 tls12 tls13 starttls", .tls(hasFiles: false)),
    ("cert cert-file ssl-cert ssl-certificate certificate E", .option("tls-certificate")),
    (
      "key key-file private-key tls-key ssl-key ssl-certificate-key", .option("tls-private-key")
    ),
    (
      "+cf add-cert-file +cd add-cert-dir ca ca-file cafile cacert ca-cert capath",
      .option("tls-ca-certificates")
    ),
    ("+crl add-crl-file crl crl-file crlfile", .option("tls-crl")),
    ("rc require-peer-cert", .service("--tls-client-certificate require")),
    ("vc verify-peer-cert", .service("--tls-client-certificate request")),
    ("ic ignore-peer-cert tls-noauth", .service("--tls-client-certificate no")),
    (
      "key-store trust-store",
      .fact(
        "convert the key store to PEM files for tls-certificate, tls-private-key and "
          + "tls-ca-certificates")
    ),
    (
      "+cs cipher tls-cipher ciphers +pg +py +px +pz +pb +pa profile-bcp195 profile-8996",
      .fact("leave it out: the cipher suites are those of BCP 195")
    ),
    // ping, nagios' check_tcp.
    ("H ping echo echoscu test-host probe", .target),
  ]

  /// The rows of the table, with their words split.
  static let rows = table.map { (words: ForeignName.words($0.words), form: $0.form) }

  /// The advice on the option `word` of another program, or `nil` if it is not known here. `values` are the
  /// words after it. If the line is a probe, `asked` are the other words that name the SCP.
  static func correction(option word: String, _ values: [String], asked: [String]?) -> String? {
    let (name, isPasted) = LookAlike.withoutDashes(word)
    var parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if isPasted, let right = pasted(String(parts.first ?? "")) { return right }
    var values = values
    if parts.count == 2, !parts[1].isEmpty { values.insert(String(parts[1]), at: 0) }
    // -p11499
    let letter = parts.first?.prefix(1) ?? ""
    if let rest = parts.first?.dropFirst(), rest.first?.isNumber == true, !word.hasPrefix("--") {
      values.insert(String(rest), at: 0)
      parts[0] = letter
    }
    return correction(String(parts.first ?? ""), values, asked)
  }

  /// The advice on `word` of another program, which does not begin with a hyphen, or `nil` if it is not known
  /// here.
  static func correction(operand word: String, _ values: [String]) -> String? {
    let lower = word.lowercased()
    // The single letters in the table are options only.
    guard word.utf8.count > 1 else { return nil }
    if let right = correction(lower, values, nil) { return right }
    guard let option = CommandLineOption.all.first(where: { $0.long == lower }) else { return nil }
    let isTaken = CommandLineSettings.accepts(option, values)
    let words = ["echoscpd", "--\(lower)"] + (isTaken ? values : [])
    return Quotation.shellLine(words).map { isTaken ? "type \($0)" : "use --\(lower)" }
  }

  private static func correction(
    _ name: String, _ values: [String], _ asked: [String]?
  ) -> String? {
    let name = name.utf8.count == 1 ? name : String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    for row in rows where row.words.contains(name) {
      if let text = text(of: row.form, values, asked) { return text }
    }
    return ForeignName.meaning(of: name) == .key("port") ? text(of: .place, values, asked) : nil
  }

  /// The advice in `form`, or `nil` if the words around the option do not fit it.
  private static func text(of form: Form, _ values: [String], _ asked: [String]?) -> String? {
    let place = Endpoint((asked ?? []) + values)
    switch form {
    case .fact(let fact): return fact
    case .words(let words): return "type \(words)"
    case .service(let words): return asked == nil ? "type \(words)" : nil
    case .tls(let hasFiles): return tls(hasFiles ? values : [], isProbe: asked != nil)
    case .foreground:
      guard asked == nil else { return nil }
      return "type \(place?.listening ?? "echoscpd 11112") to run in the foreground, "
        + "or systemctl start echoscpd to start the service"
    case .option(let name):
      return option(name, values.first, isProbe: asked != nil) ?? "use --\(name)"
    case .probing(let name):
      return asked == nil ? nil : option(name, values.first, isProbe: true)
    case .target:
      guard place?.title != nil || place?.host != nil else { return nil }
      return place?.probing.map { "type echoscpd \($0)" }
    case .wholeTarget:
      let isWhole = Endpoint(values).map { $0.title != nil || !$0.ports.isEmpty } ?? false
      return isWhole ? text(of: .target, values, asked) : nil
    case .titledPlace:
      guard asked == nil, values.count == 1 else { return nil }
      return titledPlace(values[0]).map { "type \($0)" }
    case .place:
      if asked != nil { return "type echoscpd \(place?.probing ?? "--probe 192.0.2.1:104")" }
      if let listening = place?.listening { return "type \(listening)" }
      let ports = place?.list.flatMap(Quotation.whole) ?? "11112"
      return "type echoscpd \(ports), or echoscpd -ba 192.0.2.1 \(ports)"
    }
  }

  /// The settings without which TLS is not served.
  static let servingTLS = "use --tls-port, --tls-certificate and --tls-private-key"

  /// The advice on an option for TLS. The first `values` may be the files of the key and the certificate, and the
  /// port.
  private static func tls(_ values: [String], isProbe: Bool) -> String {
    let words = values.prefix(2).filter(FileName.accepts).compactMap(Quotation.shellWord)
    guard words.count == 2 else { return isProbe ? "type --tls" : servingTLS }
    let port = values.dropFirst(2).first.flatMap { try? Format.port.read($0) }
    let start = isProbe ? "--tls" : "echoscpd --tls-port \(port ?? ProbePlace.tlsPort)"
    return "type \(start) --tls-certificate \(words[1]) --tls-private-key \(words[0])"
  }

  /// The advice to type the option `name` with `value`, or `nil` if that would be refused.
  private static func option(_ name: String, _ value: String?, isProbe: Bool) -> String? {
    var line = CommandLineSettings()
    guard let value, let word = Quotation.shellWord(value),
      let option = CommandLineOption.all.first(where: { $0.long == name }),
      (try? line.add(option, Array(value.utf8))) != nil
    else { return nil }
    var start = if case .probe = option, !isProbe { "--probe " } else { "" }
    if isProbe, option.section == .tls {
      // A certificate without its key is not enough, for example.
      guard (try? line.add(.probe)) != nil, (try? line.add(.tls, "")) != nil,
        (try? line.check()) != nil
      else { return nil }
      start = "--tls "
    }
    return "type \(start)--\(name) \(word)"
  }

  /// The command line for listening at `[TITLE[@ADDRESS]:]PORT`, or `nil` if that is impossible.
  static func titledPlace(_ text: String) -> String? {
    guard var place = Endpoint(text), !place.ports.isEmpty else { return nil }
    // A word with a dot is the name of a host, not an AE title.
    if place.listening == nil, place.title == nil, let host = place.host, !host.contains("."),
      let title = AETitle(host)
    {
      (place.title, place.host) = (title, nil)
    }
    return place.listening
  }

  /// The advice on an option that was pasted with another kind of dash, or `nil` if no option has this name.
  private static func pasted(_ name: String) -> String? {
    guard let found = CommandLineOption.names.first(where: { $0.text == name }) else { return nil }
    return found.option.long == name
      ? "type --\(name), with two hyphens"
      : "type -\(name)\(found.endsInEqualsSign ? "=" : ""), with a hyphen"
  }
}
