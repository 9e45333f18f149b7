import ByteCoding
import UpperLayer

/// The names of the UIDs that a requestor proposes (PS3.6 annex A), for a person to read.
public enum UIDNames {
  /// What all of them begin with.
  private static let root = "1.2.840.10008."

  /// The names by what is behind the root. Made when the first one is asked for: nobody needs them
  /// but who reads the log at debug.
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

  /// The name of the UID in `value`, without its padding; the UID itself when it has none.
  public static func name(of value: Span<UInt8>) -> String { name(ofUID: uid(value)) }

  /// The name of the UID `uid`, or the UID itself when it has none.
  public static func name(ofUID uid: String) -> String {
    guard uid.hasPrefix(root), let name = names[uid.dropFirst(root.count)] else { return uid }
    return String(name)
  }

  /// The UID in `value`, without its padding.
  public static func uid(_ value: Span<UInt8>) -> String {
    Escaping.ascii(value.extracting(..<StandardUID.unpaddedLength(value)))
  }
}
