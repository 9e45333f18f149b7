/// A limit that a peer has run into, with its value: each is a setting of its own name.
public enum Limit: Equatable, Sendable {
  /// `max-associations`.
  case associations(Int)
  /// `max-associations-per-address`.
  case associationsPerAddress(Int)
  /// `max-pending`.
  case pending(Int)
  /// `max-pending-per-address`.
  case pendingPerAddress(Int)
  /// `max-connection-rate`, in a second.
  case connectionRate(Int)
  /// The limit of file descriptors, which is the system's.
  case descriptors

  /// How it is said, with what raises it.
  public var text: String {
    switch self {
    case .associations(let most): "max-associations (\(most)) is reached"
    case .associationsPerAddress(let most):
      "max-associations-per-address (\(most)) is reached"
    case .pending(let most): "max-pending (\(most)) is reached"
    case .pendingPerAddress(let most): "max-pending-per-address (\(most)) is reached"
    case .connectionRate(let most):
      "more than \(Counted.text(most, "connection")) in a second (max-connection-rate)"
    case .descriptors: "no file descriptor is left; raise LimitNOFILE= or ulimit -n"
    }
  }

  /// What a peer that has run into it is filed under.
  public var catalogID: CatalogID {
    switch self {
    case .associations: .tooManyAssociations
    case .associationsPerAddress, .pendingPerAddress, .connectionRate: .tooManyFromAddress
    case .pending: .tooManyPending
    case .descriptors: .outOfDescriptors
    }
  }
}
