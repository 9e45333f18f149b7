import CLinux
import ProxyProtocol

/// Rehearses the first bytes that a proxy, or something else, sends: reads them whole and each time one byte more, and
/// checks what must hold for any bytes.
public enum ProxyRehearsal {
  /// Rehearses the input `bytes`.
  public static func check(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    let whole = ProxyHeader.read(bytes.span)
    try checkGrowth(bytes, whole)
    switch whole {
    case .incomplete:
      try demand(bytes.count < ProxyHeader.mostBytes, "\(bytes.count) bytes are incomplete")
    case .fault(.notAHeader): try demand(!ProxyHeader.begins(bytes.span), "begins, but is none")
    case .fault: try demand(ProxyHeader.begins(bytes.span), "a fault before the signature")
    case .header(let header):
      try checkBounds(header, bytes)
      try checkRoundTrip(header)
      if header.version == 2, bytes[12] == 0x21 { try checkChecksum(header, bytes) }
    }
    try checkAddresses(bytes)
  }

  /// Checks that a header or fault stays the same when more bytes come.
  private static func checkGrowth(
    _ bytes: [UInt8], _ whole: ProxyHeader.Reading
  ) throws(Rehearsal.Violation) {
    var decidedAt: Int?
    for count in 0...min(bytes.count, ProxyHeader.mostBytes) {
      let reading = ProxyHeader.read(bytes.span.extracting(first: count))
      if reading == .incomplete {
        try demand(decidedAt == nil, "undecided again with \(count) bytes")
        continue
      }
      try demand(reading == whole, "\(reading) with \(count) bytes, \(whole) with all")
      decidedAt = decidedAt ?? count
      if case .header(let header) = reading {
        try demand(count >= header.size, "a header of \(header.size) bytes in \(count)")
      }
      // A few bytes behind the header are enough to see that they change nothing.
      if let decidedAt, count >= decidedAt + 3 { break }
    }
    if case .header(let header) = whole {
      try demand(decidedAt == header.size, "decided with \(decidedAt ?? -1) bytes: \(header)")
    }
  }

  private static func checkBounds(
    _ header: ProxyHeader, _ bytes: [UInt8]
  ) throws(Rehearsal.Violation) {
    try demand(
      header.size <= min(bytes.count, ProxyHeader.mostBytes), "\(header.size) of \(bytes.count)")
    let exact = ProxyHeader.read(bytes.span.extracting(first: header.size))
    try demand(exact == .header(header), "alone: \(exact), with the rest: \(header)")
    try demand(ProxyHeader.begins(bytes.span), "a header that does not begin")
    try demand((header.source == nil) == (header.destination == nil), "only one endpoint")
    try demand(header.version == 1 ? header.size <= 107 : header.version == 2, "\(header)")
    try demand(
      header.authority.count + header.uniqueID.count + (header.tls?.commonName?.count ?? 0)
        <= header.size, "names longer than the header")
    try demand(header.uniqueID.count <= ProxyHeader.longestUniqueID, "a long unique ID")
    guard let tls = header.tls else { return }
    try demand(header.version == 2, "TLS in a line")
    try demand(tls.hasCertificate || !tls.isVerified, "verified nothing")
    try demand(tls.isVerified || tls.commonName == nil, "a name that is not verified")
    for text in [tls.version, tls.cipherSuite].compactMap({ $0 }) {
      try demand(
        1...64 ~= text.utf8.count && text.utf8.allSatisfy { 0x20...0x7E ~= $0 },
        text.debugDescription)
    }
  }

  /// Checks that the endpoints survive being written in the other format.
  private static func checkRoundTrip(_ header: ProxyHeader) throws(Rehearsal.Violation) {
    for written in [ProxyWire.line(of: header), ProxyWire.binary(of: header)] {
      guard let written else { continue }
      guard case .header(let read) = ProxyHeader.read(written.span) else {
        throw Rehearsal.Violation(description: "\(written) of \(header) is not read")
      }
      try demand(
        read.source == header.source && read.destination == header.destination
          && read.size == written.count, "\(read), written as \(header)")
    }
  }

  /// Checks that a checksum added to the header is accepted, and that with it a changed bit of an address is not.
  private static func checkChecksum(
    _ header: ProxyHeader, _ bytes: [UInt8]
  ) throws(Rehearsal.Violation) {
    guard header.source != nil, header.size + 7 <= ProxyHeader.mostBytes else { return }
    var longer = ProxyWire.withChecksum(Array(bytes.prefix(header.size)))
    switch ProxyHeader.read(longer.span) {
    // It has a checksum already.
    case .fault(.checksum): return
    case .header(let same):
      try demand(
        same.source == header.source && same.tls == header.tls
          && same.size == header.size + 7, "\(same) with a checksum, \(header) without")
    case let other: throw Rehearsal.Violation(description: "\(other) with a checksum")
    }
    let bit = Int(bytes[header.size - 1]) % (12 * 8)
    longer[16 + bit / 8] ^= 1 << UInt8(bit % 8)
    let reading = ProxyHeader.read(longer.span)
    try demand(reading == .fault(.checksum), "\(reading) with bit \(bit) changed")
  }

  /// Checks the addresses of a line against those that the C library reads.
  private static func checkAddresses(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    let words = bytes.prefix(200).split(separator: 0x20, omittingEmptySubsequences: false)
    for word in words.dropFirst(2).prefix(2) {
      // Only the C library knows zones, and only it stops at 00H. A line ends at CR and LF.
      guard !word.contains(where: { [0x25, 0, 0x0D, 0x0A].contains($0) }) else { continue }
      var parsed = cl_address()
      let text = Array(word)
      // Safe because the call only fills in the structure it is given.
      let isAddress = unsafe cl_parse_address(text.span, &parsed) == 0
      // Safe because all 16 bytes are initialized, and copied within the call.
      let expected = unsafe withUnsafeBytes(of: parsed.bytes) { unsafe Array($0) }
      let isIPv6 = text.contains(UInt8(ascii: ":"))
      for family in ["TCP4", "TCP6"] {
        let line = Array("PROXY \(family) ".utf8) + text + Array(" ".utf8) + text
        let isRead = isAddress && isIPv6 == (family == "TCP6")
        guard line.count < 100 else { continue }
        switch ProxyHeader.read((line + Array(" 1 65535\r\n".utf8)).span) {
        case .header(let header):
          let read = header.source.map { source in (0..<16).map { source.address[$0] } }
          try demand(
            isRead && read == expected,
            "\(String(decoding: text, as: UTF8.self)) is \(header)")
        case .fault(.line(.sourceAddress)):
          try demand(!isRead, "\(String(decoding: text, as: UTF8.self)) is not read")
        case let other: throw Rehearsal.Violation(description: "\(other) of \(line)")
        }
      }
    }
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
