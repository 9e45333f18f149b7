import UpperLayer

/// The presentation contexts that were refused, in words.
extension Subject {
  private var firstRefusedName: String {
    firstRefused.map(UIDNames.name) ?? "one without an abstract syntax"
  }

  /// What an association without an echo may have been for; nothing when nothing else was proposed.
  var otherWishes: String {
    switch refusedContexts {
    case 0: ""
    case 1:
      "; it also proposed \(firstRefusedName), which is refused here: the test of the device may want "
        + "more than an echo"
    default:
      "; it also proposed \(Counted.text(refusedContexts, "presentation context")) that are refused "
        + "here (first: \(firstRefusedName)): the test of the device may want more than an echo"
    }
  }
}

extension RequestExcerpt.Names {
  /// The most that are named.
  private static let mostNamed = 3

  /// The first few of them, by their names or their UIDs; `nil` when there is none.
  var text: String? {
    if all.isEmpty { return nil }
    let names = all.prefix(Self.mostNamed).map { UIDNames.name(of: $0) }.joined(separator: ", ")
    let others = all.count - Self.mostNamed
    if others <= 0 { return names }
    return "\(names) and \(hasMore ? "more than " : "")\(others) more"
  }
}

extension TransferSyntaxSet {
  /// The most that are named.
  private static let most = 3

  /// Their names, the first few of them; empty when there is none.
  var names: String {
    let all = TransferSyntax.allCases.filter(contains)
    let names = all.prefix(Self.most).map { UIDNames.name(of: $0) }.joined(separator: ", ")
    return all.count > Self.most ? "\(names) and \(all.count - Self.most) more" : names
  }
}

extension UIDNames {
  /// The name of a transfer syntax.
  static func name(of syntax: TransferSyntax) -> String {
    var (components, rest): ([String], UInt64) = ([], syntax.uid.components)
    while rest != 0 {
      components.insert(String(rest & 0xFFFF), at: 0)
      rest >>= 16
    }
    return name(ofUID: "1.2.840.10008." + components.joined(separator: "."))
  }

  /// The name of a UID, or the UID itself when it has none: each character that none may have is a
  /// question mark then, and what is beyond the length of one is an ellipsis.
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
