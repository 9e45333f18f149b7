/// Where one connection of a worker lives: its slot, and what is known of its peer. Both stay where
/// they are, so this is a reference without reference counting.
///
/// It is valid while the ``SlotTable`` that it came from holds the connection.
@safe
struct SlotReference {
  // Safe because the table hands these out for memory of its own, initialized while the
  // connection is in it, and a worker forgets one when it removes the connection.
  private let slotPointer: UnsafeMutablePointer<Slot>
  /// The peer, for who must not touch the connection.
  let peerReference: PeerReference

  init(slot: UnsafeMutablePointer<Slot>, peer: UnsafeMutablePointer<Peer>) {
    unsafe slotPointer = slot
    peerReference = unsafe PeerReference(peer)
  }

  /// The connection.
  var slot: Slot {
    // Safe because the connection is in the table.
    unsafeAddress { unsafe UnsafePointer(slotPointer) }
    nonmutating unsafeMutableAddress { unsafe slotPointer }
  }

  /// The peer.
  var peer: Peer {
    get { peerReference.peer }
    nonmutating _modify { yield &peerReference.peer }
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
  var peer: Peer {
    // Safe because the connection is in the table.
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }
}
