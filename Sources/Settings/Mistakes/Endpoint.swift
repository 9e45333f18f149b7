import Linux
import UpperLayer

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
  var title: AETitle?
  /// The host without brackets; nil when none is said, or any.
  var host: String?
  /// The ports, where it has any.
  var ports: [UInt16] = []

  /// The service called `title` on `port` of `host`.
  init(title: AETitle?, host: String?, port: UInt16?) {
    (self.title, self.host, ports) = (title, host, port.map { [$0] } ?? [])
  }

  /// Joins what `words` name, in any order. Fails when a word names no part of an endpoint, or a part that
  /// another word has named.
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

  /// What is in `text`. Fails when it is no such thing.
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
    // The port of a web server is not that of DICOM.
    if ["http://", "https://"].contains(where: text.lowercased().hasPrefix) { ports = [] }
    guard title != nil || host != nil || !ports.isEmpty else { return nil }
  }

  /// Reads what stands behind the title: the host and the ports. Whether it is that.
  private mutating func read(place: Substring) -> Bool {
    if case .host(let host, let port) = try? ProbeTarget(String(place)) {
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
    guard case .host(let host, nil) = try? ProbeTarget(String(name)) else { return false }
    self.host = host
    return true
  }

  /// The settings that say so, and how they are written; none where nobody can listen.
  var assignments: [(key: String, value: String)] {
    guard title == nil, host == nil || address != nil else { return [] }
    return [("bind-address", address), ("port", list)].compactMap { key, value in
      value.map { (key, $0) }
    }
  }

  /// The address that its host is; nil of a name, and where none is said.
  var address: String? {
    let address = host == "localhost" ? "127.0.0.1" : host
    return address.flatMap { NetworkAddress.isAddress($0) ? $0 : nil }
  }

  /// What is wrong with `text` as the value of the setting `key`, where it is the name of a port, or says
  /// where to listen otherwise; else nil.
  static func problem(_ text: String, of key: String) -> String? {
    if key == "port", let problem = problem(port: text) { return problem }
    guard ["port", "bind-address"].contains(key), let all = Endpoint(text)?.assignments,
      let other = all.first(where: { $0.key != key })
    else { return nil }
    let right = "\(other.key) = \(other.value)"
    let (fault, answer) =
      if let own = all.first(where: { $0.key == key }) {
        (key == "port" ? "has an address" : "has a port", "\(own.value), and \(right)")
      } else {
        (key == "port" ? "is no port" : "is no address", right)
      }
    return Quotation.whole(answer).map { "\(Quotation.of(text)) \(fault); write \($0)" }
  }

  /// What is wrong with `text` as a port, where it is the name of one; else nil.
  static func problem(port text: String) -> String? {
    portNames.first { $0.name == text.lowercased() }
      .map { "\(Quotation.of(text)) is the name of a port; its number is \($0.numbers)" }
  }

  /// The ports as a list of one word, where it has any.
  var list: String? {
    ports.isEmpty ? nil : ports.map { "\($0)" }.joined(separator: ",")
  }
}
