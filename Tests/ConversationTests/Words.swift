/// The words of a line. Text in quotes belongs to one word, and may contain `\r`, `\n`, `\0`, `\"`
/// and `\\`.
struct Words {
  /// The first word.
  private(set) var first: String
  /// All the others.
  private(set) var rest: ArraySlice<String>

  /// The words of `text`, at least one.
  init(_ text: String) throws(ReadingFault) {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var isEscaped = false
    for character in text {
      switch character {
      case _ where isEscaped:
        word.append(try Self.escaped(character))
        isEscaped = false
      case "\\" where isQuoted: isEscaped = true
      case "\"": isQuoted.toggle()
      case " " where !isQuoted:
        words.append(word)
        word = ""
      default: word.append(character)
      }
    }
    guard !isQuoted else { throw ReadingFault("a closing quotation mark is missing") }
    words.append(word)
    first = words[0]
    rest = words.dropFirst()
  }

  /// Advances to the next word, or to an empty one at the end.
  mutating func removeFirst() { first = rest.popFirst() ?? "" }

  private static func escaped(_ character: Character) throws(ReadingFault) -> Character {
    switch character {
    case "r": "\r"
    case "n": "\n"
    case "0": "\0"
    case "\"", "\\": character
    default: throw ReadingFault("\\\(character) is not an escape sequence")
    }
  }
}
