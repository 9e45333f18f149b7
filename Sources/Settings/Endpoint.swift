import CLinux

/// Where a service is as other programs write it: a URL, `TITLE@HOST:PORT`, or `PORT/tcp`.
struct Endpoint: Equatable {
  /// The longest text that is looked at, in bytes.
  private static let longest = 100
  /// The names of ports in IANA's registry and in services(5), and their numbers.
  private static let portNames = [
    (name: "acr-nema", numbers: "104"), (name: "dicom", numbers: "104 or 11112"),
    (name: "dicom-tls", numbers: "2762"), (name: "dicom-iscl", numbers: "2761"),
  ]

  /// The AE title, where it has one.
  var title: String?
  /// The host without brackets; nothing when none is said, or any.
  var host: String?
  /// The port, where it has one.
  var port: UInt16?

  /// The service called `title` on `port` of `host`.
  init(title: String?, host: String?, port: UInt16?) {
    (self.title, self.host, self.port) = (title, host, port)
  }

  /// What is in `text`, or nothing when it is no such thing.
  init?(_ text: String) {
    guard text.utf8.count <= Self.longest, !text.isEmpty else { return nil }
    var rest = text[...]
    if rest.hasPrefix("tcp/") { rest = rest.dropFirst(4) }
    if let scheme = rest.place(of: "://") { rest = rest[scheme.upperBound...] }
    if let slash = rest.firstIndex(of: "/") {
      guard ["", "tcp", "TCP"].contains(rest[slash...].dropFirst()) else { return nil }
      rest = rest[..<slash]
    }
    if let at = rest.lastIndex(of: "@") {
      guard case .right(let title) = Value.aeTitle(String(rest[..<at])) else { return nil }
      self.title = title
      rest = rest[rest.index(after: at)...]
    }
    guard take(place: rest) else { return nil }
    // The port of a web server is not that of DICOM.
    if ["http://", "https://"].contains(where: text.lowercased().hasPrefix) { port = nil }
    guard title != nil || host != nil || port != nil else { return nil }
  }

  private mutating func take(place: Substring) -> Bool {
    if case .right(.host(let host, let port)) = ProbeTarget.read(String(place)) {
      (self.host, self.port) = (host, port)
      return true
    }
    let colon = place.lastIndex(of: ":")
    // The first port of several is the one to show the form by.
    let digits = place[(colon.map(place.index(after:)) ?? place.startIndex)...]
      .prefix { $0 != "," && $0 != "-" }
    guard case .right(let port) = Value.port(String(digits)) else { return false }
    self.port = port
    guard let colon else { return true }
    let name = place[..<colon]
    if name.isEmpty || name == "*" || name == "[::]" || name == "::" { return true }
    guard case .right(.host(let host, nil)) = ProbeTarget.read(String(name)) else { return false }
    self.host = host
    return true
  }

  /// What is wrong with `text` as the value of the setting `key`, where it is the name of a port, or an
  /// address with a port; else nothing.
  static func problem(_ text: String, of key: String) -> String? {
    if key == "port" { return problem(port: text) }
    guard key == "bind-address", let place = Endpoint(text), let host = place.host,
      let port = place.port, cl_is_address(host.utf8.span) != 0
    else { return nil }
    return "\(Quotation.of(text)) has a port; write \(host), and port = \(port)"
  }

  /// The same where it would be a port.
  static func problem(port text: String) -> String? {
    portNames.first { $0.name == text.lowercased() }
      .map { "\(Quotation.of(text)) is the name of a port; its number is \($0.numbers)" }
  }

  /// The same with the port in `text`, if it has none itself and `text` is one.
  func with(port text: String?) -> Endpoint {
    guard port == nil, let text, case .right(let port) = Value.port(text) else { return self }
    var whole = self
    whole.port = port
    return whole
  }

  /// How the service is told to listen there; nothing when it cannot, as at the name of a host.
  var listening: String? {
    var words = ["echoscpd"]
    if let title { words += ["-aet", Self.shellWord(title)] }
    if let host, host != "::" {
      let address = host == "localhost" ? "127.0.0.1" : host
      guard cl_is_address(address.utf8.span) != 0 else { return nil }
      words += ["-ba", address]
    }
    if let port { words.append("\(port)") }
    return words.count > 1 ? words.joined(separator: " ") : nil
  }

  /// How the one who is there is asked; nothing when it is not said where.
  var probing: String? {
    guard host != nil || port != nil, host != "0.0.0.0", host != "::" else { return nil }
    let called = title.map { " -aec \(Self.shellWord($0))" } ?? ""
    return "--probe \(target)\(called)"
  }

  /// The host and the port as `--probe` has them.
  private var target: String {
    guard let host else { return port.map { "\($0)" } ?? "" }
    guard let port else { return host }
    return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// `text` as a shell takes it for one word.
  private static func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    // An apostrophe stands outside of the others.
    return isPlain ? text : "'" + text.map { $0 == "'" ? "'\\''" : "\($0)" }.joined() + "'"
  }
}
