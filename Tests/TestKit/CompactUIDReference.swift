import UpperLayer

/// A plain reading of which UIDs a ``CompactUID`` holds, against which the program's is held.
enum CompactUIDReference {
  private static let root = Array("1.2.840.10008.".utf8)
  private static let storage = Array("5.1.4.1.1.".utf8)

  /// What the program does not make of `name`, a UID as it was sent, though it should; or nothing.
  static func difference(_ name: [UInt8]) -> String? {
    let uid = RequestReference.unpadded(name)
    let found = CompactUID(name.span).map(text)
    return found == (holds(uid) ? uid : nil)
      ? nil : "\(uid) is kept as \(String(describing: found))"
  }

  /// Whether what follows the root has at most sixteen symbols, of which storage is one.
  private static func holds(_ uid: [UInt8]) -> Bool {
    guard uid.starts(with: root), uid.count > root.count else { return false }
    let below = uid.dropFirst(root.count)
    let isStorage = below.starts(with: storage) && below.count > storage.count
    let count = isStorage ? below.count - storage.count + 1 : below.count
    return count <= 16 && below.allSatisfy { Array("0123456789.".utf8).contains($0) }
  }

  /// `uid`, written out again.
  private static func text(_ uid: CompactUID) -> [UInt8] {
    var text = root
    for place in 0..<16 {
      switch UInt8(uid.symbols >> UInt64(60 - 4 * place) & 0xF) {
      case 0: return text
      case let digit where digit <= 10: text.append(UInt8(ascii: "0") + digit - 1)
      case 11: text.append(UInt8(ascii: "."))
      default: text += storage
      }
    }
    return text
  }
}
