import Linux
public import UpperLayer

/// A target of `--probe`: the place of an SCP, and the AE title by which to call it, as in `ARCHIVE@pacs:104`.
public struct ProbeTarget: Equatable, Sendable {
  /// The AE title before the place, or `nil` if there is none.
  public let title: AETitle?
  /// The place of the SCP.
  public internal(set) var place: ProbePlace

  /// The SCP at `place`, called by `title`.
  public init(_ place: ProbePlace, title: AETitle? = nil) {
    (self.place, self.title) = (place, title)
  }

  /// Reads `text`, a place with or without an AE title and an at sign before it. The last at sign counts, because a
  /// title may contain some.
  init(_ text: String) throws(Mistake) {
    let (title, rest) = Self.titled(text)
    do throws(Mistake) {
      place = try ProbePlace(rest)
      self.title = title
    } catch {
      guard let right = Endpoint(text)?.probing else { throw error.behind("--probe") }
      throw Mistake(of: text, "is not a host", "type \(right)").behind("--probe")
    }
  }

  /// Splits `TITLE@HOST:PORT`. A URL has no title.
  private static func titled(_ text: String) -> (title: AETitle?, rest: String) {
    guard text[...].place(of: "://") == nil, let at = text.lastIndex(of: "@"),
      let title = AETitle(String(text[..<at]))
    else { return (nil, text) }
    return (title, String(text[text.index(after: at)...]))
  }

  /// The target as `--probe` reads it.
  public var text: String { (title.map { "\($0.unpadded)@" } ?? "") + place.text }
}

/// The place of an SCP to probe: the local service, or a host.
public enum ProbePlace: Equatable, Sendable {
  /// The local service, at this port or, if it is `nil`, at the configured one.
  case local(port: UInt16?)
  /// The SCP on this host, at this port or, if it is `nil`, at the default one.
  case host(String, port: UInt16?)

  /// The registered port of DICOM TLS, the default of a probe over TLS.
  public static let tlsPort: UInt16 = 2762
  /// The longest host name (RFC 1035 §2.3.4).
  private static let longestName = 253

  /// Reads `text`: HOST, HOST:PORT, with an IPv6 address in brackets, or PORT, which is the local service.
  init(_ text: String) throws(Mistake) {
    if !text.isEmpty, text.utf8.allSatisfy(isDigit) {
      self = .local(port: try Self.port(text))
    } else if text.hasPrefix("[") {
      let parts = text.dropFirst().split(
        separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
      let host = String(parts[0])
      guard parts.count == 2, Self.isIPv6(host), parts[1].isEmpty || parts[1].hasPrefix(":") else {
        throw Self.mistake(text)
      }
      let port = parts[1].isEmpty ? nil : String(parts[1].dropFirst())
      self = try .host(host, port: port.map(Self.port))
    } else if Self.isIPv6(text) {
      // An IPv6 address without brackets has no port.
      self = .host(text, port: nil)
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
      guard Self.isName(parts[0]), parts.count <= 2 else { throw Self.mistake(text) }
      self = try .host(parts[0], port: parts.dropFirst().first.map(Self.port))
    }
  }

  private static func port(_ text: String) throws(Mistake) -> UInt16 {
    if let problem = Endpoint.problem(port: text) { throw Mistake(problem) }
    return try Format.port.read(text)
  }

  private static func isIPv6(_ text: String) -> Bool {
    text.contains(":") && NetworkAddress.isAddress(text)
  }

  /// Whether `text` may be a host name or an IPv4 address. The resolver decides whether it exists.
  static func isName(_ text: String) -> Bool {
    text.utf8.allSatisfy { Quotation.isPlain($0) || $0 >= 0x80 }
      && !text.unicodeScalars.contains(where: Quotation.isControl)
      && (1...longestName).contains(text.utf8.count) && !text.hasPrefix("-")
      && !text.hasPrefix(".")
  }

  private static func mistake(_ text: String) -> Mistake {
    Mistake(
      of: text, "is not a host",
      expected: "a name or an address, with or without a port, such as pacs:104, 192.0.2.1:104 or "
        + "[2001:db8::1]:104")
  }

  /// The place as it is read.
  var text: String {
    switch self {
    case .local(let port): port.map { "\($0)" } ?? ""
    case .host(let host, nil): host
    case .host(let host, let port?): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}

extension Format<ProbeTarget?> {
  /// A host with a port, with or without an AE title before it; empty for none.
  static let target = Format(
    "is not a host with a port",
    "a name or an address with a port, such as ct1.example:104 or [2001:db8::7]:104, with or without an AE "
      + "title before it: CT1SCP@ct1.example:104",
    read: { text in
      guard let target = try? ProbeTarget(text), case .host(_, _?) = target.place else {
        return nil
      }
      return target
    }, write: { $0.map { ListText.quotedIfNeeded($0.text) } ?? "" })
}
