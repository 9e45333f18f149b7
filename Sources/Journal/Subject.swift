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
  /// The title without its padding, every byte that is not printable ASCII escaped.
  var text: String {
    let bytes = bytes
    return Escaping.ascii(bytes.span.extracting(..<length))
  }
}
