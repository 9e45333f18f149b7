import Linux
import Log
import Synchronization

/// Whether there is room for one more association, and who gives way for it.
extension WorkerHost {
  mutating func admitAssociation() -> Bool {
    if limits.associationsPerAddress > 0, !admitAtAddress() {
      limit = .associationsPerAddress(limits.associationsPerAddress)
      return false
    }
    let isAdmitted = shared.admitAssociation() || admitOnCredit()
    entry.requestor.isAdmitted = isAdmitted
    if !isAdmitted {
      limit = .associations(limits.associations)
      leaveAddress()
    }
    return isAdmitted
  }

  /// Counts one more association than there may be, if another network has so many that one of them
  /// should give way: more than its share, and more than twice as many as that of the peer being served.
  ///
  /// Once the service is stopping, nobody has to: nothing more is accepted, so the places are enough, and
  /// the requestor that was accepted before is not refused.
  private mutating func admitOnCredit() -> Bool {
    guard limits.sharesAssociations else { return false }
    if shared.phase.load(ordering: .relaxed) != .serving {
      shared.admitAssociationInDrain()
      return true
    }
    let network = Network(entry.requestor.subject.peer)
    let own = shared.shares.count(of: network, as: .association)
    let gives = shared.shares.crowds(of: .association).contains {
      $0.network != network && $0.count > 2 * own && !isDevice($0.network)
    }
    guard gives, shared.admitAssociationOnCredit() else { return false }
    owesAssociation = true
    return true
  }

  private func isDevice(_ network: Network) -> Bool {
    network.addressOfIPv4.map(deviceRules.knows) ?? false
  }

  /// Whether the association of a peer may be ended to make room: not that of a device.
  func mayGiveWay(_ peer: NetworkAddress) -> Bool {
    deviceRules.isEmpty || !deviceRules.knows(peer.bytes)
  }

  /// Counts one more association for the address of the peer being served, if there may be one.
  private mutating func admitAtAddress() -> Bool {
    let count = shared.addresses.add(
      .association, of: AddressKey(entry.requestor.subject.peer),
      most: limits.associationsPerAddress)
    entry.requestor.isAdmittedAtAddress = count == .counted
    return count != .full
  }

  /// Uncounts the association of the peer being served, if it counted: before the peer can know
  /// that it has ended, and ask for the next one.
  mutating func endAssociation() {
    guard entry.requestor.isAdmitted else { return }
    entry.requestor.isAdmitted = false
    shared.endAssociation()
    leaveAddress()
  }

  mutating func leaveAddress() {
    guard entry.requestor.isAdmittedAtAddress else { return }
    entry.requestor.isAdmittedAtAddress = false
    shared.addresses.remove(.association, of: AddressKey(entry.requestor.subject.peer))
  }
}
