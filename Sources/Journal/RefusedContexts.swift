import UpperLayer

/// The presentation contexts that were refused, in words.
extension Subject {
  private var firstRefusedName: String {
    firstRefused.map(UIDNames.name) ?? "a private SOP class"
  }

  /// What an association without an echo may have been for; nothing when nothing else was proposed.
  var otherWishes: String {
    switch refusedContexts {
    case 0: ""
    case 1:
      "; it also proposed \(firstRefusedName), which is refused here: the test of the device may want "
        + "more than an echo"
    default:
      "; it also proposed \(refusedContexts) presentation contexts that are refused here (first: "
        + "\(firstRefusedName)): the test of the device may want more than an echo"
    }
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

  /// The name of a UID, or the UID itself when it has none.
  static func name(of uid: CompactUID) -> String {
    var text = ""
    var rest = uid.symbols
    while rest != 0 {
      let symbol = rest >> 60
      rest <<= 4
      switch symbol {
      case 1...10: text += String(symbol - 1)
      case 11: text += "."
      default: text += "5.1.4.1.1."
      }
    }
    return name(ofUID: "1.2.840.10008." + text)
  }
}
