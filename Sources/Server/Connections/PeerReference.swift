/// Where what is known of one peer lives. It stays where it is, so this is a reference without reference
/// counting, valid for as long as the ``SlotReference`` that it came from.
///
/// It does not lead to the connection: what is told of a connection's protocol machine while that is being
/// changed cannot look at it.
@safe
struct PeerReference {
  // Safe because of what ``SlotReference`` says.
  private let pointer: UnsafeMutablePointer<Peer>

  init(_ pointer: UnsafeMutablePointer<Peer>) { unsafe self.pointer = pointer }

  /// The peer.
  var requestor: Peer {
    // Safe because the connection is in the table.
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }
}
