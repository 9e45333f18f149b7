import Linux
import Log

/// How reports are laid out as text: the width, and whether words are colored.
public struct Layout: Sendable {
  /// The number of columns in which paragraphs are wrapped; tables are as wide as they need to be.
  public let width: Int
  /// Whether states are colored (ECMA-48 SGR).
  public let isColored: Bool
  /// The time that "ago" refers to, and local time.
  public let clock: Clock

  /// The narrowest width in which paragraphs are wrapped.
  private static let narrowest = 40

  /// A layout of `width` columns.
  public init(width: Int, isColored: Bool, clock: Clock) {
    self.width = max(width, Self.narrowest)
    (self.isColored, self.clock) = (isColored, clock)
  }

  /// A color of a word.
  enum Color: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case gray = 90
  }

  /// Returns `word` in a color.
  func colored(_ word: String, _ color: Color) -> String {
    isColored ? "\u{1B}[\(color.rawValue)m\(word)\u{1B}[0m" : word
  }

  /// Returns `head` and `text`, wrapped, with further lines indented by two columns more. Only a word that is longer
  /// than a line makes one wider.
  func paragraph(_ head: String, _ text: String, indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let hanging = margin + "  "
    var lines: [String] = []
    var (line, columns) = (margin, indent)
    var isEmpty = true
    for word in "\(head) \(text)".split(separator: " ", omittingEmptySubsequences: false) {
      let length = Self.columns(of: word)
      if isEmpty {
        line += word
      } else if columns + 1 + length <= width {
        line += " \(word)"
        columns += 1
      } else {
        lines.append(line)
        (line, columns) = (hanging + word, hanging.utf8.count)
      }
      (columns, isEmpty) = (columns + length, false)
    }
    return lines + [line]
  }

  /// The number of columns that `word` takes: its characters without those that color it.
  private static func columns(of word: Substring) -> Int {
    guard word.utf8.contains(0x1B) else { return word.count }
    let parts = word.split(separator: "\u{1B}", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(parts[0].count) { $0 + $1.drop { $0 != "m" }.count - 1 }
  }

  /// Returns rows of cells as lines, each column as wide as its widest cell; those in `numbers` are right-aligned.
  static func table(_ rows: [[String]], numbers: Set<Int> = []) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += "  " }
        if numbers.contains(column) {
          line += padding + cell
        } else {
          line += column == row.count - 1 ? cell : cell + padding
        }
      }
      return line
    }
  }

  /// A time as a person reads it: the time of day alone if it is today, and how long ago.
  func when(_ time: UInt64) -> String { "\(moment(time)) (\(clock.ago(time)))" }

  /// The time of day if it is today, otherwise with its date.
  func moment(_ time: UInt64) -> String {
    clock.local(time).date == clock.local(clock.now).date
      ? clock.timeOfDay(time) : clock.text(time)
  }

  /// The words for `state`, colored.
  func text(_ state: PeerRow.State) -> String {
    switch state {
    case .failing: colored(state.word, .red)
    case .absent, .noEcho: colored(state.word, .yellow)
    case .healthCheck: colored(state.word, .gray)
    case .ok: colored(state.word, .green)
    }
  }

  /// The lines about what happened.
  func event(_ failure: Failure, indent: Int) -> [String] {
    let times = failure.count > 1 ? ", \(failure.count) times" : ""
    return paragraph(
      "\(moment(failure.time)) \(failure.cause)\(times):", failure.message, indent: indent)
  }

  /// The lines about the refused request of `failure`: what was wrong with it, and then its bytes.
  public func lines(of request: RequestExplanation, after failure: Failure) -> [String] {
    event(failure, indent: 0) + request.lines
  }

  /// The lines about what to do against `failure`, on which side.
  func steps(_ failure: Failure, indent: Int) -> [String] {
    guard let remedy = failure.remedy else { return [] }
    return remedy.steps.flatMap { paragraph("\($0.side):", $0.text, indent: indent) }
  }

  /// The lines about why `failure` happens, and what to do.
  func explanation(_ failure: Failure, indent: Int) -> [String] {
    guard let remedy = failure.remedy else { return [] }
    return paragraph("cause:", remedy.cause, indent: indent) + steps(failure, indent: indent)
  }

  /// A title as a cell: bare if nothing in it could be taken for another cell.
  static func title(_ title: String?) -> String {
    guard let title else { return missing }
    return title == missing ? quoted(title) : PeerWords.name(title)
  }

  /// Any other text as a cell: in quotes only if it could be taken for two cells, or for none.
  static func cell(_ text: String?) -> String {
    guard let text else { return missing }
    let isDoubtful =
      text == missing || text.hasPrefix(" ") || text.hasSuffix(" ")
      || zip(text.utf8, text.utf8.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
    return isDoubtful ? quoted(text) : text
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\x22"))\""
  }

  /// The cell of a fact that is not known.
  private static let missing = "-"
}
