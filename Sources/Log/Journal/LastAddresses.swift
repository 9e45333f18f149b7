import Linux
import UpperLayer

/// From where each calling AE title came last: a title that comes from another address is a device
/// that was moved, or a second one that was given the same title.
struct LastAddresses {
  /// How many titles are known at once.
  static let capacity = 4096

  private var addresses: [AETitle: NetworkAddress] = [:]

  /// Notes from where the association of `record` came, if it had an echo.
  ///
  /// - Returns: where its calling AE title came from before, when that was another address.
  mutating func meet(_ record: Record) -> NetworkAddress? {
    guard record.event.endsAnAssociation, let subject = record.subject, subject.echoes > 0,
      let calling = subject.callingAETitle, !calling.isBlank
    else { return nil }
    let earlier = addresses[calling]
    if earlier == nil, addresses.count == Self.capacity, let any = addresses.keys.first {
      addresses[any] = nil
    }
    addresses[calling] = subject.peer
    guard let earlier, !earlier.hasSameAddress(as: subject.peer) else { return nil }
    return earlier
  }
}
