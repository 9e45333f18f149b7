/// An entry in the journal's native protocol, parsed as the journal does: `NAME=value`, or for a value
/// of several lines `NAME`, a newline, the length in eight bytes, and the value; a newline ends each.
public enum NativeEntry {
  /// The fields of `entry`, each as `NAME=value`.
  public static func fields(of entry: some Sequence<UInt8>) -> [String] {
    var fields: [String] = []
    var rest = Array(entry)[...]
    while let end = rest.firstIndex(where: { $0 == newline || $0 == equals }) {
      let name = text(rest[..<end])
      var value = rest[(end + 1)...]
      var length = value.firstIndex(of: newline).map { $0 - value.startIndex } ?? value.count
      if rest[end] == newline {
        length = value.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        value = value.dropFirst(8)
      }
      fields.append("\(name)=\(text(value.prefix(length)))")
      rest = value.dropFirst(length + 1)
    }
    return fields
  }

  private static let newline = UInt8(ascii: "\n")
  private static let equals = UInt8(ascii: "=")

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
