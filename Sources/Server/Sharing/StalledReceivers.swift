import Linux

/// The peers, of all workers, that lag behind with reading what is sent to them. The system keeps memory
/// for each of them, so there are few, and fewer of one network: the one that has lagged behind for the
/// longest time goes when there is one too many.
final class StalledReceivers: Sendable {
  /// How many there may be.
  static let most = 64
  /// How many of one network.
  static let mostOfNetwork = 8

  /// One of them.
  struct Receiver {
    let token: UInt64
    let ticket: AddressShares.Ticket
    let worker: WorkerLink
  }

  /// In the order in which they began to lag behind.
  private let all = Locked<[Receiver]>([])

  /// No receivers yet.
  init() { all.withLock { $0.reserveCapacity(Self.most + 1) } }

  /// How many there are.
  var count: Int { all.withLock { $0.count } }

  /// Adds a receiver. One that is then too many is taken out, and its worker is asked to let it go.
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

  /// Which of the two limits there is one too many for.
  enum Limit {
    case all
    case ofNetwork

    /// How many there may be.
    var most: Int {
      switch self {
      case .all: StalledReceivers.most
      case .ofNetwork: StalledReceivers.mostOfNetwork
      }
    }
  }

  /// Takes a receiver out, if it is here.
  func remove(_ token: UInt64, of worker: WorkerLink) {
    all.withLock { all in
      guard let index = all.firstIndex(where: { $0.token == token && $0.worker === worker }) else {
        return
      }
      all.remove(at: index)
    }
  }
}
