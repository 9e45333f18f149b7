import UpperLayer

/// A plain reading of what a ``CompactUID`` keeps, against which the program's is held.
enum CompactUIDReference {
  /// What the program does not make of `name`, a UID as it was sent, though it should; or nothing.
  static func difference(_ name: [UInt8]) -> String? {
    let uid = RequestReference.unpadded(name)
    let found = CompactUID(name.span).map(text)
    return found == (uid.isEmpty ? nil : kept(of: uid))
      ? nil : "\(uid) is kept as \(String(describing: found))"
  }

  /// What is kept of `uid`: its digits and periods, and what stands for the others.
  private static func kept(of uid: [UInt8]) -> [UInt8] {
    let known = uid.map { Array("0123456789.".utf8).contains($0) ? $0 : UInt8(ascii: "?") }
    return uid.count > 64 ? known[..<63] + [UInt8(ascii: "+")] : known
  }

  /// `uid`, written out again.
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
