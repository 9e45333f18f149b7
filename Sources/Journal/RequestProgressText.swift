/// How far a request came, in words.
extension RequestProgress {
  /// The smallest segment that says something about its way, in bytes: that of RFC 9293 §3.7.1.
  private static let leastSegment: UInt32 = 536

  /// `1,448 of 5,230 bytes of its A-ASSOCIATE-RQ came`.
  var text: String {
    let size =
      expected > 0
      ? "\(Self.grouped(received)) of \(Self.grouped(expected)) bytes"
      : Counted.text(received, "byte")
    return "\(size) of its A-ASSOCIATE-RQ came"
  }

  /// Why the rest has not come, where the system knows; nothing otherwise.
  var hint: String {
    var facts: [String] = []
    if outOfOrder > 0 {
      facts.append(Self.segments(outOfOrder, "came, but not what belongs before"))
    }
    if retransmissions > 0 { facts.append(Self.segments(retransmissions, "had to be sent again")) }
    guard outOfOrder > 0 || endsWithASegment else { return "" }
    let why = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    return "; large packets seem to be lost on the way\(why): look for an MTU problem of a VPN, a "
      + "tunnel or a firewall"
  }

  /// Whether what came is a whole number of full segments, so that a segment, and not the device, may
  /// be where it stopped.
  private var endsWithASegment: Bool {
    segment >= Self.leastSegment && received > 0 && received % segment == 0
  }

  private static func segments(_ count: UInt32, _ what: String) -> String {
    "\(Counted.text(count, "segment")) \(what)"
  }

  /// A number with a comma before each three digits.
  private static func grouped(_ number: UInt32) -> String {
    var text = ""
    let digits = String(number)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
