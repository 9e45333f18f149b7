/// A plain implementation of AE title patterns, for comparison with the program's, which takes at most
/// linear time for each star.
enum PatternReference {
  /// Whether `title` matches `pattern`, in which `*` stands for any characters and `?` for one.
  static func matches(_ pattern: Substring, _ title: Substring) -> Bool {
    let stars = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard stars.count > 1, let first = stars.first, let last = stars.last else {
      return isAlike(pattern, title)
    }
    guard title.utf8.count >= first.utf8.count + last.utf8.count,
      isAlike(first, title.prefix(first.count)), isAlike(last, title.suffix(last.count))
    else { return false }
    var rest = title.dropFirst(first.count).dropLast(last.count)
    // Each part is matched at its first occurrence.
    for part in stars.dropFirst().dropLast() {
      while rest.count >= part.count, !isAlike(part, rest.prefix(part.count)) {
        rest = rest.dropFirst()
      }
      guard rest.count >= part.count else { return false }
      rest = rest.dropFirst(part.count)
    }
    return true
  }

  private static func isAlike(_ pattern: Substring, _ text: Substring) -> Bool {
    pattern.count == text.count && zip(pattern, text).allSatisfy { $0 == "?" || $0 == $1 }
  }
}
