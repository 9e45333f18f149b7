import UpperLayer

/// A plain implementation of what a ``CompactUID`` keeps, for comparison with the program's.
enum CompactUIDReference {
  /// The difference in what the program keeps of `name`, a UID as sent, or `nil` if there is none.
  static func difference(_ name: [UInt8]) -> String? {
    let uid = RequestReference.unpadded(name)
    let found = CompactUID(name.span).map(text)
    return found == (uid.isEmpty ? nil : kept(of: uid))
      ? nil : "\(uid) is kept as \(String(describing: found))"
  }

  /// The expected text for `uid`: its digits and periods, and a substitute for each other byte.
  private static func kept(of uid: [UInt8]) -> [UInt8] {
    let known = uid.map { Array("0123456789.".utf8).contains($0) ? $0 : UInt8(ascii: "?") }
    return uid.count > 64 ? known[..<63] + [UInt8(ascii: "+")] : known
  }

  /// The text of `uid`.
  private static func text(_ uid: CompactUID) -> [UInt8] {
    (0..<CompactUID.capacity).compactMap { uid.symbol(at: $0) }.map { symbol in
      switch symbol {
      case .digit(let digit): UInt8(ascii: "0") + digit
      case .period: UInt8(ascii: ".")
      case .other: UInt8(ascii: "?")
      case .rest: UInt8(ascii: "+")
      }
    }
  }
}
