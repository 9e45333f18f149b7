/// What the writer of the log knows of a record beyond the record itself, since it has seen those
/// before it.
public struct Remark: Sendable {
  /// How many records like this one, this one included, it stands for; 0 when it stands for itself.
  public var repetitions = 0
  /// In how many seconds these came.
  public var seconds: UInt64 = 0
  /// Where the calling AE title came from before, when that was another address.
  public var earlierAddress: PeerAddress?

  /// Nothing to remark.
  public init() {}

  /// The note that an address which is not the one before stands for.
  static let newAddress = "calling-ae-title-from-new-address"

  /// What it adds to the notes of the record.
  var notes: [String] { earlierAddress == nil ? [] : [Self.newAddress] }

  /// What it adds to the sentence of the record.
  func text(for record: Record) -> String {
    if repetitions > 0 {
      return " (repeated \(repetitions) \(repetitions == 1 ? "time" : "times") in \(seconds) s)"
    }
    guard let earlierAddress, let calling = record.subject?.callingText else { return "" }
    return "; before, \(calling) came from \(earlierAddress.address)"
  }
}
