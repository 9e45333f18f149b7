import TestKit
import UpperLayer

/// Transfer syntaxes and UIDs as the conformance statement shows them.
enum SyntaxOrder {
  /// Returns a UID as it is sent.
  static func text(of uid: StandardUID) -> String {
    String(decoding: [UInt8](capacity: 64) { $0.append(uid) }, as: UTF8.self)
  }

  /// Returns the accepted transfer syntaxes, in the order of a preference.
  static func order(of preference: TransferSyntaxPreference) -> [TransferSyntax] {
    var left = TransferSyntaxSet.all
    var order: [TransferSyntax] = []
    while let next = preference.choose(among: left) {
      order.append(next)
      left.remove(next)
    }
    return order
  }
}
