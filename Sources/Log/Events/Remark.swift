import Linux

/// What the log's writer knows about a record from the records before it.
struct Remark: Sendable {
  /// The properties that the records summed up in one record have in common.
  enum Scope: Sendable {
    /// The cause, the address, and the calling AE title or the certificate.
    case title
    /// The cause and the address.
    case address
    /// The cause alone.
    case cause
  }

  /// The number of records about one address.
  struct Share: Sendable, Equatable {
    /// The address.
    let address: String
    /// The number of records, slightly too low if there were very many addresses.
    let count: UInt64
  }

  /// The number of records that the record stands for, including itself; 0 if it stands only for itself.
  var repetitions: UInt64 = 0
  /// The time in which these records were made, in seconds.
  var seconds: UInt64 = 0
  /// The number of C-ECHO-RQs answered in their associations.
  var echoes: UInt64?
  /// The properties that these records have in common.
  var scope = Scope.title
  /// The number of addresses that these records are about.
  var addresses = 0
  /// Whether there may be more addresses.
  var hasMoreAddresses = false
  /// The addresses with the most records.
  var largest: [Share] = []
  /// The previous address of the calling AE title, if it was a different one.
  var earlierAddress: NetworkAddress?

  /// Returns the number of records that a record of `event` stands for.
  func count(of event: Event) -> UInt64 { max(repetitions, event.occurrences) }

  /// The note about a calling AE title that comes from a new address.
  static let newAddress = "calling-ae-title-from-new-address"

  /// The notes to add to those of the record.
  var notes: [String] { earlierAddress == nil ? [] : [Self.newAddress] }

  /// Returns the text to append to the sentence of the record.
  func text(for record: Record) -> String {
    if repetitions > 0 {
      switch scope {
      case .title: return " (\(repeated(record)))"
      case .address:
        let whatever = record.event.isOfHandshake ? "certificate" : "calling AE title"
        return " (\(repeated(record)), with any \(whatever))"
      case .cause:
        return record.event.hasOwnCount ? " (\(repeated(record)))" : ": \(sum)"
      }
    }
    guard let earlierAddress, let calling = record.subject?.callingName else { return "" }
    return "; previously, \(calling) came from \(earlierAddress.address)"
  }

  private func repeated(_ record: Record) -> String {
    if record.event.hasOwnCount { return "in \(seconds) s" }
    let times = "repeated \(Counted.text(repetitions, "time")) in \(seconds) s"
    guard let echoes, record.event.priority(in: .journal) == .info, echoes > 0 else { return times }
    return times + ", \(Counted.text(echoes, "echo", "echoes"))"
  }

  private var sum: String {
    var text = "\(repetitions) in \(seconds) s"
    guard addresses > 0 else { return text }
    text +=
      ", from \(hasMoreAddresses ? "at least " : "")"
      + "\(Counted.text(addresses, "address", "addresses")), most from "
    return text + largest.map { "\($0.address) (\($0.count))" }.joined(separator: ", ")
  }
}

extension Remark {
  /// The remark on a record that stands for `count` records with `echoes`, made between two times in
  /// milliseconds.
  init(of count: UInt64, echoes: UInt64, since: UInt64, until now: UInt64, in scope: Scope) {
    self.init()
    repetitions = count
    self.echoes = echoes
    seconds = (now - min(since, now) + 500) / 1000
    self.scope = scope
  }
}
