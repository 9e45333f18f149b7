/// Where one connection of a worker lives: its slot, and what is known of its peer. Both stay where
/// they are, so an entry is as good as a reference, and costs no counting.
///
/// It is valid while the ``SlotTable`` that it came from holds the connection.
@safe
struct SlotReference {
  // Safe because the table hands out entries for memory of its own, initialized while the
  // connection is in it, and a worker forgets an entry when it removes the connection.
  private let slotPointer: UnsafeMutablePointer<Slot>
  /// The peer, for who must not touch the connection.
  let peer: PeerReference

  init(slot: UnsafeMutablePointer<Slot>, requestor: UnsafeMutablePointer<Peer>) {
    unsafe slotPointer = slot
    peer = unsafe PeerReference(requestor)
  }

  /// The connection.
  var slot: Slot {
    // Safe because the connection is in the table.
    unsafeAddress { unsafe UnsafePointer(slotPointer) }
    nonmutating unsafeMutableAddress { unsafe slotPointer }
  }

  /// The peer.
  var requestor: Peer {
    get { peer.requestor }
    nonmutating _modify { yield &peer.requestor }
  }
}

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
