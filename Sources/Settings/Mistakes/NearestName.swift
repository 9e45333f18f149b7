/// Finds the name that a misspelling stands for.
public enum NearestName {
  /// The longest text that is compared, in bytes: a longer one is not a misspelling.
  private static let longest = 40

  /// The name among `names` that is most similar to `text`, or `nil` if none is similar. Upper case and
  /// underscores do not count as differences.
  public static func of(_ text: String, among names: [String]) -> String? {
    guard text.utf8.count <= longest else { return nil }
    let wanted = Array(text.lowercased().utf8).map { $0 == UInt8(ascii: "_") ? 0x2D : $0 }
    var best: (name: String, distance: Int)?
    for name in names {
      let candidate = Array(name.utf8)
      let most = best.map { $0.distance - 1 } ?? .max
      // A name of a very different length cannot be similar.
      let bound = min(max(1, candidate.count / 4), most)
      guard abs(candidate.count - wanted.count) <= bound else { continue }
      let distance = distance(wanted, candidate)
      if distance <= bound { best = (name, distance) }
    }
    return best?.name
  }

  /// How many characters must be inserted, removed, replaced or swapped with their neighbor to turn `left`
  /// into `right`.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let replaced = rows[i][j] + (left[i] == right[j] ? 0 : 1)
        var least = min(replaced, rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
