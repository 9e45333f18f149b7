public import UpperLayer

/// Whom a record is about: the connection, and what is known of the requestor so far.
public struct Subject: Sendable {
  /// Where the requestor is.
  public let peer: PeerAddress
  /// The calling AE title, once an A-ASSOCIATE-RQ has come.
  public var callingAETitle: AETitle?
  /// The called AE title, once an A-ASSOCIATE-RQ has come.
  public var calledAETitle: AETitle?

  /// A peer that has not said anything yet.
  public init(peer: PeerAddress) { self.peer = peer }

  /// Who it is, as a sentence begins: `MODALITY1 at 192.0.2.1:54321`.
  var text: String {
    guard let title = callingAETitle, !title.isBlank else { return peer.text }
    return "\(title.text) at \(peer.text)"
  }
}

extension AETitle {
  /// The title without its padding, every byte that is not printable ASCII escaped, so that no
  /// peer can write control characters into a log.
  var text: String {
    let bytes = bytes
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0x20 { end -= 1 }
    var result = ""
    for index in 0..<end {
      let byte = bytes[index]
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return result
  }
}
