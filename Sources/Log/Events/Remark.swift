import Linux

/// What the writer of the log knows of a record beyond the record itself, since it has seen those
/// before it.
struct Remark: Sendable {
  /// What records have in common that one stands for.
  enum Scope: Sendable {
    /// The cause, the address and the calling AE title.
    case title
    /// The cause and the address.
    case address
    /// The cause alone.
    case cause
  }

  /// How many records are about one address.
  struct Share: Sendable, Equatable {
    /// The address.
    let address: String
    /// How many there are, or a little less than that when there were very many addresses.
    let count: UInt64
  }

  /// How many records the record stands for, its own included; 0 when it stands for itself.
  var repetitions: UInt64 = 0
  /// In how many seconds these came.
  var seconds: UInt64 = 0
  /// How many C-ECHO-RQs were answered in their associations together.
  var echoes: UInt64?
  /// What they have in common.
  var scope = Scope.title
  /// How many addresses they are about.
  var addresses = 0
  /// Whether there may be more addresses.
  var hasMoreAddresses = false
  /// The addresses that most of them are about.
  var largest: [Share] = []
  /// Where the calling AE title came from before, when that was another address.
  var earlierAddress: NetworkAddress?

  /// How many records a record of `event` stands for.
  func count(of event: Event) -> UInt64 { max(repetitions, event.occurrences) }

  /// The note that an address which is not the one before stands for.
  static let newAddress = "calling-ae-title-from-new-address"

  /// What it adds to the notes of the record.
  var notes: [String] { earlierAddress == nil ? [] : [Self.newAddress] }

  /// What it adds to the sentence of the record.
  func text(for record: Record) -> String {
    if repetitions > 0 {
      switch scope {
      case .title: return " (\(repeated(record)))"
      case .address: return " (\(repeated(record)), with any calling AE title)"
      case .cause:
        return record.event.hasOwnCount ? " (\(repeated(record)))" : ": \(sum)"
      }
    }
    guard let earlierAddress, let calling = record.subject?.callingName else { return "" }
    return "; before, \(calling) came from \(earlierAddress.address)"
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
      ", about \(hasMoreAddresses ? "at least " : "")"
      + "\(Counted.text(addresses, "address", "addresses")), most about "
    return text + largest.map { "\($0.address) (\($0.count))" }.joined(separator: ", ")
  }
}

extension Remark {
  /// What `count` records with `echoes` have in common that came since one moment and until another, in
  /// milliseconds.
  init(of count: UInt64, echoes: UInt64, since: UInt64, until now: UInt64, in scope: Scope) {
    self.init()
    repetitions = count
    self.echoes = echoes
    seconds = (now - min(since, now) + 500) / 1000
    self.scope = scope
  }
}
