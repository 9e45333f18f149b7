import ByteCoding
import UpperLayer

/// Human-readable names of the UIDs that a requestor proposes (PS3.6 annex A).
public enum UIDNames {
  /// The root of all UIDs in the tables.
  private static let root = "1.2.840.10008."

  /// The names by the part of the UID after the root, built on first use: most logs never need them.
  private static let names: [Substring: Substring] = {
    var names: [Substring: Substring] = [:]
    for table in [transferSyntaxes, storage, sopClasses] {
      for line in table.split(separator: "\n") {
        let parts = line.split(separator: " ", maxSplits: 1)
        names[parts[0]] = parts[1]
      }
    }
    return names
  }()

  /// The name of the UID in `value`, without its padding, or the UID itself if it has no name.
  public static func name(of value: Span<UInt8>) -> String { name(ofUID: uid(value)) }

  /// The name of the UID `uid`, or the UID itself if it has no name.
  public static func name(ofUID uid: String) -> String {
    guard uid.hasPrefix(root), let name = names[uid.dropFirst(root.count)] else { return uid }
    return String(name)
  }

  /// The UID in `value`, without its padding.
  public static func uid(_ value: Span<UInt8>) -> String {
    Escaping.ascii(value.extracting(..<StandardUID.unpaddedLength(value)))
  }

  /// The name of a transfer syntax.
  static func name(of syntax: TransferSyntax) -> String {
    var (components, rest): ([String], UInt64) = ([], syntax.uid.components)
    while rest != 0 {
      components.insert(String(rest & 0xFFFF), at: 0)
      rest >>= 16
    }
    return name(ofUID: "1.2.840.10008." + components.joined(separator: "."))
  }

  /// The name of a UID, or the UID itself if it has no name, with a question mark for each invalid character
  /// and an ellipsis for the part that exceeds the maximum length.
  static func name(of uid: CompactUID) -> String {
    var text = ""
    var place = 0
    while let symbol = uid.symbol(at: place) {
      switch symbol {
      case .digit(let digit): text += String(digit)
      case .period: text += "."
      case .other: text += "?"
      case .rest: text += "…"
      }
      place += 1
    }
    return name(ofUID: text)
  }
}
