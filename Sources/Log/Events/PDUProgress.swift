public import Linux
public import UpperLayer

/// How much of a PDU or message has come when waiting for the rest of it ended, and what the system knows
/// of the way that it took (tcp(7), TCP_INFO).
public struct PDUProgress: Sendable, Equatable {
  /// What has come of what.
  public var pdu: IncompletePDU
  /// The way that it took.
  public var path = TCPPath()

  /// As much as `pdu` says; nothing at all has come without it.
  public init(_ pdu: IncompletePDU = IncompletePDU()) { self.pdu = pdu }

  /// What it is, given that an A-ASSOCIATE-RQ was due.
  public enum Opening {
    /// Nothing has come.
    case nothing
    /// An A-ASSOCIATE-RQ has begun.
    case request
    /// A single ENQ, with which a laboratory analyser asks for the line.
    case enquiry
    /// Too few bytes of something else to tell what it is.
    case other(UInt8)
  }

  /// What has come instead of an A-ASSOCIATE-RQ, or of it.
  public var opening: Opening {
    switch (pdu.firstByte, pdu.received) {
    case (nil, _): .nothing
    case (PDUType.associateRequest.rawValue, _): .request
    case (0x05, 1): .enquiry
    case (let byte?, _): .other(byte)
    }
  }
}

/// How much came, in words.
extension PDUProgress {
  /// The smallest segment that says something about its way, in bytes: that of RFC 9293 §3.7.1.
  private static let leastSegment: UInt32 = 536
  /// About the smallest full one on Ethernet, in bytes.
  private static let usualSegment: UInt32 = 1200

  /// `1,448 of 5,230 bytes of its A-ASSOCIATE-RQ came`, with `came` as `verb` has it.
  public func text(_ verb: String = "came") -> String {
    guard let type = pdu.type else {
      return pdu.firstByte == nil
        ? "\(Counted.text(pdu.message, "byte")) of a message \(verb), without its last fragment"
        : "\(size) \(verb)"
    }
    return "\(size) of its \(type.name) \(verb)"
  }

  /// `1,448 of 5,230 bytes`, or as many as there are.
  private var size: String {
    pdu.expected > 0
      ? "\(Self.grouped(pdu.received)) of \(Self.grouped(pdu.expected)) bytes"
      : Counted.text(pdu.received, "byte")
  }

  /// The same where an A-ASSOCIATE-RQ was due.
  func textOfOpening(_ verb: String = "came") -> String {
    switch opening {
    case .nothing: "nothing \(verb)"
    case .request: "only \(text(verb))"
    case .enquiry: "only a single ENQ (05H) \(verb), as \(ForeignProtocol.analyser.name) sends"
    case .other(let byte):
      "only \(Counted.text(pdu.received, "byte")) \(verb), beginning with \(hex(byte))H; "
        + "an A-ASSOCIATE-RQ begins with 01H"
    }
  }

  /// Why the rest has not come, where the system knows; empty otherwise.
  var hint: String { loss.map { "; \($0): \(Self.lossRemedy)" } ?? "" }

  /// What to do about packets that are lost on the way.
  public static let lossRemedy = "look for an MTU problem of a VPN, a tunnel or a firewall"

  /// What seems to be lost on the way, and what speaks for it; `nil` when nothing does.
  public var loss: String? {
    var facts: [String] = []
    if path.outOfOrder > 0 {
      facts.append(Self.segments(path.outOfOrder, "came, but not what belongs before"))
    }
    if path.retransmissions > 0 {
      facts.append(Self.segments(path.retransmissions, "had to be sent again"))
    }
    guard path.outOfOrder > 0 || endsWithASegment else { return nil }
    let why = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    return "large packets seem to be lost on the way\(why)"
  }

  /// Whether what came is a whole number of full segments, so that a segment, and not the device, may be
  /// where it stopped. What comes alone is only taken for a full one if it is as long as one on Ethernet.
  private var endsWithASegment: Bool {
    let segment = path.segment
    guard segment >= Self.leastSegment, pdu.received % segment == 0 else { return false }
    return pdu.received >= (segment < Self.usualSegment ? 2 * segment : segment)
  }

  private static func segments(_ count: UInt32, _ what: String) -> String {
    "\(Counted.text(count, "segment")) \(what)"
  }

  /// A number with a comma before each three digits.
  private static func grouped(_ number: UInt32) -> String {
    if number < 1000 { return String(number) }
    let last = String(1000 + number % 1000).dropFirst()
    return "\(grouped(number / 1000)),\(last)"
  }
}
