import Linux

/// The peers of all workers that lag behind with reading. Each of them takes kernel memory, so
/// their number is limited, in all and per network. When there is one too many, the one that has
/// lagged behind longest is closed.
final class StalledReceivers: Sendable {
  /// The maximum number of such peers.
  static let most = 64
  /// The maximum number of one network.
  static let mostOfNetwork = 8

  /// A peer that lags behind.
  struct Receiver {
    let token: UInt64
    let ticket: AddressShares.Ticket
    let worker: WorkerLink
  }

  /// The receivers, in the order in which they began to lag behind.
  private let all = Locked<[Receiver]>([])

  /// No receivers yet.
  init() { all.withLock { $0.reserveCapacity(Self.most + 1) } }

  /// The number of receivers.
  var count: Int { all.withLock { $0.count } }

  /// Adds a receiver. If there is now one too many, removes that one and asks its worker to close it.
  func add(_ receiver: Receiver) {
    let surplus: (Receiver, Limit)? = all.withLock { all in
      all.append(receiver)
      let ofNetwork = all.count { $0.ticket == receiver.ticket }
      let limit: Limit
      var index = all.startIndex
      if ofNetwork > Self.mostOfNetwork {
        limit = .ofNetwork
        index = all.firstIndex { $0.ticket == receiver.ticket } ?? index
      } else if all.count > Self.most {
        limit = .all
      } else {
        return nil
      }
      return (all.remove(at: index), limit)
    }
    if let (receiver, limit) = surplus { receiver.worker.ask(toLetGo: receiver.token, limit) }
  }

  /// The limit that was exceeded.
  enum Limit {
    case all
    case ofNetwork

    /// The maximum number of such peers.
    var most: Int {
      switch self {
      case .all: StalledReceivers.most
      case .ofNetwork: StalledReceivers.mostOfNetwork
      }
    }
  }

  /// Removes a receiver, if it is here.
  func remove(_ token: UInt64, of worker: WorkerLink) {
    all.withLock { all in
      guard let index = all.firstIndex(where: { $0.token == token && $0.worker === worker }) else {
        return
      }
      all.remove(at: index)
    }
  }
}
