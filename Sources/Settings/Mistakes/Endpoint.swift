import Linux
import UpperLayer

/// The place of a service in the notation of another program: a URL, `TITLE@HOST:PORT`, or `PORT/tcp`.
struct Endpoint: Equatable {
  /// The longest text that is examined, in bytes.
  private static let longest = 100
  /// The names of ports in IANA's registry and in services(5), and their numbers.
  private static let portNames = [
    (name: "acr-nema", numbers: "104"), (name: "dicom", numbers: "104 or 11112"),
    (name: "dicom-tls", numbers: "2762"), (name: "dicom-iscl", numbers: "2761"),
  ]

  /// The AE title, if there is one.
  var title: AETitle?
  /// The host without brackets; `nil` if there is none, or it stands for every address.
  var host: String?
  /// The ports, if there are any.
  var ports: [UInt16] = []

  /// The service called `title` on `port` of `host`.
  init(title: AETitle?, host: String?, port: UInt16?) {
    (self.title, self.host, ports) = (title, host, port.map { [$0] } ?? [])
  }

  /// Joins the parts that `words` name, in any order. Fails if a word is not a part of an endpoint, or if two
  /// words name the same part.
  init?(_ words: [String]) {
    guard let first = words.first, var whole = Endpoint(first) else { return nil }
    for word in words.dropFirst() {
      guard let part = Endpoint(word), whole.title == nil || part.title == nil,
        whole.host == nil || part.host == nil, whole.ports.isEmpty || part.ports.isEmpty
      else { return nil }
      whole.title = whole.title ?? part.title
      whole.host = whole.host ?? part.host
      whole.ports += part.ports
    }
    self = whole
  }

  /// Reads `text`. Fails if it is not an endpoint.
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
      guard let title = AETitle(String(rest[..<at])) else { return nil }
      self.title = title
      rest = rest[rest.index(after: at)...]
    }
    guard read(place: rest) else { return nil }
    // The port of a web server is not the DICOM port.
    if ["http://", "https://"].contains(where: text.lowercased().hasPrefix) { ports = [] }
    guard title != nil || host != nil || !ports.isEmpty else { return nil }
  }

  /// Reads `place`, the host and the ports after the title. Returns whether it is valid.
  private mutating func read(place: Substring) -> Bool {
    if case .host(let host, let port) = try? ProbePlace(String(place)) {
      (self.host, ports) = (host, port.map { [$0] } ?? [])
      return true
    }
    let colon = place.lastIndex(of: ":")
    let list = place[(colon.map(place.index(after:)) ?? place.startIndex)...]
    guard let ports = try? Format.ports.read(String(list)) else { return false }
    self.ports = ports
    guard let colon else { return true }
    let name = place[..<colon]
    if name.isEmpty || name == "*" || name == "[::]" || name == "::" { return true }
    guard case .host(let host, nil) = try? ProbePlace(String(name)) else { return false }
    self.host = host
    return true
  }

  /// The settings for listening there, with their values; none if that is impossible.
  var assignments: [(key: String, value: String)] {
    guard title == nil, host == nil || address != nil else { return [] }
    return [("bind-address", address), ("port", list)].compactMap { key, value in
      value.map { (key, $0) }
    }
  }

  /// The host as an address; `nil` if it is a name, or there is none.
  var address: String? {
    let address = host == "localhost" ? "127.0.0.1" : host
    return address.flatMap { NetworkAddress.isAddress($0) ? $0 : nil }
  }

  /// The message about `text` as the value of the setting `key` if it is the name of a port or an endpoint in
  /// another notation; otherwise `nil`.
  static func problem(_ text: String, of key: String) -> String? {
    if ["port", "tls-port", "proxy-port", "tls-proxy-port"].contains(key),
      let problem = problem(port: text)
    {
      return problem
    }
    if key == "probe", let place = Endpoint(text), let host = place.host,
      let port = place.ports.first
    {
      let right = Quotation.whole(ProbeTarget(.host(host, port: port), title: place.title).text)
      return right.map { "\(Quotation.of(text)) is not a host with a port; write \($0)" }
    }
    guard ["port", "bind-address"].contains(key), let all = Endpoint(text)?.assignments,
      let other = all.first(where: { $0.key != key })
    else { return nil }
    let right = "\(other.key) = \(other.value)"
    let (fault, answer) =
      if let own = all.first(where: { $0.key == key }) {
        (key == "port" ? "includes an address" : "includes a port", "\(own.value), and \(right)")
      } else {
        (key == "port" ? "is not a port" : "is not an address", right)
      }
    return Quotation.whole(answer).map { "\(Quotation.of(text)) \(fault); write \($0)" }
  }

  /// The message about `text` as a port if it is the name of one; otherwise `nil`.
  static func problem(port text: String) -> String? {
    portNames.first { $0.name == text.lowercased() }
      .map { "\(Quotation.of(text)) is the name of a port; use its number, \($0.numbers)" }
  }

  /// The ports as a list in one word, or `nil` if there are none.
  var list: String? {
    ports.isEmpty ? nil : ports.map { "\($0)" }.joined(separator: ",")
  }
}
