import UpperLayer

/// The deviations in a request that a stricter acceptor would refuse, and its titles and UIDs, derived
/// from the standard alone: the program must note every deviation that it tolerates.
extension RequestReference {
  /// The notes that the program must make.
  var notes: Notes {
    var notes: Notes = []
    let titles = [fields[..<16], fields[16..<32]]
    if titles.contains(where: { $0.allSatisfy(Self.isPadding) }) { notes.insert(.aeTitleBlank) }
    if titles.contains(where: { $0.contains(0) || $0.first == 0x20 }) {
      notes.insert(.aeTitlePadding)
    }
    if titles.contains(where: { Self.title($0).contains(where: Self.isForbidden) }) {
      notes.insert(.aeTitleCharacters)
    }
    if types != types.sorted() { notes.insert(.itemOrder) }
    if (uids + [implementationClassUID]).contains(where: { $0.last.map(Self.isPadding) ?? false }) {
      notes.insert(.uidPadding)
    }
    if implementationClassUID.isEmpty { notes.insert(.noImplementationUID) }
    if implementationVersionName.isEmpty { notes.insert(.noImplementationVersion) }
    return notes
  }

  /// The characters of an AE title field that are significant (PS3.8 §9.3.2).
  static func title(_ field: ArraySlice<UInt8>) -> [UInt8] {
    Array(unpadded(Array(field)).drop { $0 == 0x20 })
  }

  /// `value` without the NULs and spaces at its end.
  static func unpadded(_ value: [UInt8]) -> [UInt8] {
    Array(value.prefix(value.count - value.reversed().prefix(while: isPadding).count))
  }

  /// The text of the standard's UID in `value`, or `nil` unless the program can represent it: one to four
  /// components from 1 to 65535 below the root.
  static func standardUID(_ value: [UInt8]) -> [UInt8]? {
    let text = unpadded(value)
    let root = Array("1.2.840.10008.".utf8)
    guard text.starts(with: root) else { return nil }
    let components = text.dropFirst(root.count).split(
      separator: 0x2E, omittingEmptySubsequences: false)
    let areHeld = components.allSatisfy { component in
      component.allSatisfy { (0x30...0x39).contains($0) } && (1...5).contains(component.count)
        && component.first != 0x30 && component.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 0xFFFF
    }
    return areHeld && components.count <= 4 ? text : nil
  }

  /// Whether `byte` is forbidden in an AE title: controls, non-ASCII bytes, and the backslash.
  private static func isForbidden(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte > 0x7E || byte == 0x5C
  }

  private static func isPadding(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x20 }
}
