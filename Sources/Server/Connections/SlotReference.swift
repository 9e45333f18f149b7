/// A reference to one connection of a worker: its slot and its peer. Both stay where they are, so no
/// reference counting is needed.
///
/// It is valid while the ``SlotTable`` that it came from holds the connection.
@safe
struct SlotReference {
  // Safe because the table creates these for its own memory, initialized while the connection is in it, and a
  // worker drops one when it removes the connection.
  private let slotPointer: UnsafeMutablePointer<Slot>
  /// A reference to the peer, for code that must not touch the connection.
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

/// A reference to one peer, without reference counting. It is valid as long as the ``SlotReference`` that it
/// came from.
///
/// It does not give access to the connection: its holder is called while the protocol machine is being
/// changed, and must not read it.
@safe
struct PeerReference {
  // Safe because the connection is in the table: see ``SlotReference``.
  private let pointer: UnsafeMutablePointer<Peer>

  init(_ pointer: UnsafeMutablePointer<Peer>) { unsafe self.pointer = pointer }

  /// The peer.
  var peer: Peer {
    // Safe because the connection is in the table.
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }
}
