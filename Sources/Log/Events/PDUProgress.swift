public import Linux
public import UpperLayer

/// How much of a PDU or message had arrived when the wait for the rest ended, and what the system knows of its
/// path (tcp(7), TCP_INFO).
public struct PDUProgress: Sendable, Equatable {
  /// The incomplete PDU or message.
  public var pdu: IncompletePDU
  /// The path of the connection.
  public var path = TCPPath()

  /// The progress of `pdu`; by default nothing has arrived.
  public init(_ pdu: IncompletePDU = IncompletePDU()) { self.pdu = pdu }

  /// The kind of input that arrived where an A-ASSOCIATE-RQ was due.
  public enum Opening {
    /// Nothing.
    case nothing
    /// The beginning of an A-ASSOCIATE-RQ.
    case request
    /// A single ENQ, with which a laboratory analyzer requests the line.
    case enquiry
    /// Something else, in too few bytes to identify it; the first byte.
    case other(UInt8)
  }

  /// The kind of input, given that an A-ASSOCIATE-RQ was due.
  public var opening: Opening {
    switch (pdu.firstByte, pdu.received) {
    case (nil, _): .nothing
    case (PDUType.associateRequest.rawValue, _): .request
    case (0x05, 1): .enquiry
    case (let byte?, _): .other(byte)
    }
  }
}

/// The progress in words.
extension PDUProgress {
  /// The smallest segment size that allows a conclusion about the path, in bytes (RFC 9293 §3.7.1).
  private static let leastSegment: UInt32 = 536
  /// Roughly the smallest full segment on Ethernet, in bytes.
  private static let usualSegment: UInt32 = 1200

  /// `1,448 of 5,230 bytes of its A-ASSOCIATE-RQ arrived`, with `verb` as the verb.
  public func text(_ verb: String = "arrived") -> String {
    guard let type = pdu.type else {
      return pdu.firstByte == nil
        ? "\(Counted.text(pdu.message, "byte")) of a message \(verb), without its last fragment"
        : "\(size) \(verb)"
    }
    return "\(size) of its \(type.name) \(verb)"
  }

  /// `1,448 of 5,230 bytes`, or only the received number if the expected one is unknown.
  private var size: String { size(of: pdu.expected) }

  /// Returns the received number of bytes, and the `expected` one unless it is 0.
  func size(of expected: UInt32) -> String {
    expected > 0
      ? "\(Self.grouped(pdu.received)) of \(Self.grouped(expected)) bytes"
      : Counted.text(pdu.received, "byte")
  }

  /// Returns the progress in words, given that an A-ASSOCIATE-RQ was due.
  func textOfOpening(_ verb: String = "arrived") -> String {
    switch opening {
    case .nothing: "nothing \(verb)"
    case .request: "only \(text(verb))"
    case .enquiry: "only a single ENQ (05H) \(verb), as sent by \(ForeignProtocol.analyzer.name)"
    case .other(let byte):
      "only \(Counted.text(pdu.received, "byte")) \(verb), beginning with \(hex(byte))H; "
        + "an A-ASSOCIATE-RQ begins with 01H"
    }
  }

  /// The probable reason why the rest is missing, with its remedy; empty if the system gives no indication.
  var hint: String { loss.map { "; \($0): \(Self.lossRemedy)" } ?? "" }

  /// The remedy for packets that are lost on the way.
  public static let lossRemedy = "look for an MTU problem in a VPN, a tunnel or a firewall"

  /// The loss that seems to occur on the way, with its evidence; `nil` if there is none.
  public var loss: String? {
    var facts: [String] = []
    if path.outOfOrder > 0 {
      facts.append(Self.segments(path.outOfOrder, "arrived out of order"))
    }
    if path.retransmissions > 0 {
      facts.append(Self.segments(path.retransmissions, "had to be sent again"))
    }
    guard path.outOfOrder > 0 || endsWithASegment else { return nil }
    let why = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    return "large packets seem to be lost on the way\(why)"
  }

  /// Whether the received bytes are a whole number of full segments, so that the path rather than the device
  /// may have stopped there. A single segment only counts as full if it is as long as one on Ethernet.
  private var endsWithASegment: Bool {
    let segment = path.segment
    guard segment >= Self.leastSegment, pdu.received % segment == 0 else { return false }
    return pdu.received >= (segment < Self.usualSegment ? 2 * segment : segment)
  }

  private static func segments(_ count: UInt32, _ what: String) -> String {
    "\(Counted.text(count, "segment")) \(what)"
  }

  /// A number with commas between groups of three digits.
  private static func grouped(_ number: UInt32) -> String {
    if number < 1000 { return String(number) }
    let last = String(1000 + number % 1000).dropFirst()
    return "\(grouped(number / 1000)),\(last)"
  }
}
