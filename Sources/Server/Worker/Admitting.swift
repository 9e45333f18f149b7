import Linux
import Log
import Synchronization
import UpperLayer

/// Decides whether there is room for one more association, and whether another one must give way for it.
extension WorkerHost {
  mutating func admitAssociation() -> Bool {
    if limits.associationsPerAddress > 0, !admitAtAddress() {
      limit = .associationsPerAddress(limits.associationsPerAddress)
      return false
    }
    if served.peer.isSecure {
      guard shared.admitSecureAssociation(below: limits.tlsAssociations) else {
        limit = .tlsAssociations(limits.tlsAssociations)
        leaveAddress()
        return false
      }
      served.peer.isAdmittedSecurely = true
    }
    let isAdmitted = shared.admitAssociation() || admitOnCredit()
    served.peer.isAdmitted = isAdmitted
    if !isAdmitted {
      limit = .associations(limits.associations)
      leaveAddress()
      leaveSecure()
    }
    return isAdmitted
  }

  /// Counts one association beyond the limit, if another network should give one up: it has more than its
  /// share, and more than twice as many as the network of the peer being served.
  ///
  /// Once the service is stopping, none gives way: no more connections are accepted, so the places suffice,
  /// and a requestor that was connected before is not refused.
  private mutating func admitOnCredit() -> Bool {
    guard limits.sharesAssociations else { return false }
    if shared.phase.load(ordering: .relaxed) != .serving {
      shared.admitAssociationInDrain()
      return true
    }
    let network = Network(served.peer.subject.peer)
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

  /// Whether the association of a peer may be ended to make room; that of a device may not.
  func mayGiveWay(_ peer: NetworkAddress) -> Bool {
    deviceRules.isEmpty || !deviceRules.knows(peer.bytes)
  }

  /// Counts one more association for the address of the peer being served, if there may be one.
  private mutating func admitAtAddress() -> Bool {
    let count = shared.addresses.add(
      .association, of: AddressKey(served.peer.subject.peer),
      most: limits.associationsPerAddress)
    served.peer.isAdmittedAtAddress = count == .counted
    return count != .full
  }

  /// Stops counting the association of the peer being served, if it was counted. This comes before the peer
  /// can know that it has ended and request the next one.
  mutating func endAssociation() {
    guard served.peer.isAdmitted else { return }
    served.peer.isAdmitted = false
    shared.endAssociation()
    leaveAddress()
    leaveSecure()
  }

  /// Stops counting the association of the peer being served for its address.
  private mutating func leaveAddress() {
    guard served.peer.isAdmittedAtAddress else { return }
    served.peer.isAdmittedAtAddress = false
    shared.addresses.remove(.association, of: AddressKey(served.peer.subject.peer))
  }

  /// Stops counting the association of the peer being served among those with TLS.
  private mutating func leaveSecure() {
    guard served.peer.isAdmittedSecurely else { return }
    served.peer.isAdmittedSecurely = false
    shared.endSecureAssociation()
  }
}
