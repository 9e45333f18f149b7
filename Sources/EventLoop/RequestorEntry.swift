/// Where what is known of one peer lives. It stays where it is, so this is a reference without reference
/// counting, valid for as long as the ``Entry`` that it came from.
///
/// It does not lead to the connection: what is told of a connection's protocol machine while that is being
/// changed cannot look at it.
@safe
struct RequestorEntry {
  // Safe because of what ``Entry`` says.
  private let pointer: UnsafeMutablePointer<Requestor>

  init(_ pointer: UnsafeMutablePointer<Requestor>) { unsafe self.pointer = pointer }

  /// The peer.
  var requestor: Requestor {
    // Safe because the connection is in the table.
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }
}
