import Linux
import UpperLayer

/// Notices when the devices behind one address are so many that something in front must hide their own addresses.
struct SharedAddresses {
  /// The number of calling AE titles that one host hardly ever uses.
  static let manyTitles = 8
  /// The largest number of addresses whose titles are counted at once.
  static let capacity = 1024
  /// The number of addresses of which it is told: a site has few routers and balancers, and a flood comes from many
  /// addresses.
  static let mostTold = 8

  /// The titles of each address; empty once they were found to be many.
  private var titles: [UInt64: Set<AETitle>] = [:]
  private var told = 0

  /// The number of addresses whose titles are counted.
  var count: Int { titles.count }

  /// Notes the calling AE title of a record about `subject`, if no proxy told its address.
  ///
  /// - Returns: The number of titles of its address if this one makes them many; only once for each address,
  ///   and for the first ``mostTold`` of them.
  mutating func meet(_ record: Record, _ subject: Subject) -> Int? {
    guard told < Self.mostTold, record.relay == nil, let title = subject.callingAETitle,
      !title.isBlank
    else {
      return nil
    }
    let address = AddressKey(subject.peer).value
    guard var known = titles[address] else {
      if titles.count == Self.capacity, let any = titles.keys.first { titles[any] = nil }
      titles[address] = [title]
      return nil
    }
    guard !known.isEmpty, known.insert(title).inserted else { return nil }
    let isMany = known.count == Self.manyTitles
    titles[address] = isMany ? [] : known
    if isMany { told += 1 }
    return isMany ? Self.manyTitles : nil
  }
}
