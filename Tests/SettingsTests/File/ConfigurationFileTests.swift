import Testing
import UpperLayer

@testable import Settings

/// Parsing a file: its encoding, its line ends, and the number of every line.
@Suite struct ConfigurationFileTests {
  @Test("The standard file, its folder, and the largest size")
  func places() {
    #expect(ConfigurationFile.standardPath == "/etc/echoscp.conf")
    #expect(ConfigurationFile.folder(of: "/etc/echoscp.conf") == "/etc/echoscp.conf.d")
    #expect(ConfigurationFile.folder(of: "a") == "a.d")
    #expect(ConfigurationFile.largestSize == 1 << 20)
  }

  /// Files, with their assignments and errors, each with its line.
  static let files: [(String, [UInt8], [String])] = [
    ("an empty file", [], []),
    ("only a byte order mark", mark, []),
    ("only line ends", bytes("\n\n\r\n\n"), []),
    ("no line end at the end", bytes("[access]\na = b"), ["2 [access] a=b"]),
    ("a line end at the end", bytes("[access]\na = b\n"), ["2 [access] a=b"]),
    ("a byte order mark", mark + bytes("[access]\na=b"), ["2 [access] a=b"]),
    ("a byte order mark and a comment", mark + bytes("# c\na=b"), ["2 none a=b"]),
    (
      "a byte order mark on another line", bytes("a=b\n") + mark + bytes("c=d"),
      ["1 none a=b", "2: the control character \\u{FEFF} is not allowed in this file"]
    ),
    ("half a byte order mark", [0xEF, 0xBB, 0x0A], ["1: \(notUTF8)"]),
    (
      "carriage returns before line feeds", bytes("[access]\r\na = b\r\n\r\n# c\r\nd=\r\n"),
      ["2 [access] a=b", "5 [access] d="]
    ),
    (
      "both kinds of line ends", bytes("a = b\r\nc = d\ne = f\r"),
      ["1 none a=b", "2 none c=d", "3 none e=f"]
    ),
    ("carriage returns alone", bytes("a = b\rc = d\r"), ["1: \(control("\\r"))"]),
    (
      "an extra carriage return", bytes("a = b\r\r\nc = d\n"),
      ["1: \(control("\\r"))", "2 none c=d"]
    ),
    (
      "a NUL", bytes("a = b\n\0c = d\ne = f"), ["1 none a=b", "2: \(control("\\0"))", "3 none e=f"]
    ),
    ("UTF-16, little-endian", [0xFF, 0xFE] + bytes("a\0=\0b\0"), ["0: \(utf16)"]),
    ("UTF-16, big-endian", [0xFE, 0xFF] + bytes("\0a\0=\0b"), ["0: \(utf16)"]),
    ("only the mark of UTF-16", [0xFF, 0xFE], ["0: \(utf16)"]),
    ("UTF-16 without a mark", bytes("a\0=\0b\0"), ["1: \(control("\\0"))"]),
    ("half the mark of UTF-16", [0xFF], ["1: \(notUTF8)"]),
    (
      "lines that are not UTF-8",
      bytes("a=b\nc=\u{E4}\n") + [0x64, 0x3D, 0xE4, 0x0A] + bytes("e=f\n")
        + [0x23, 0xC0, 0x80, 0x0A, 0xED, 0xA0, 0x80, 0x0A] + bytes("g=h"),
      [
        "1 none a=b", "2 none c=ä", "3: \(notUTF8)", "4 none e=f", "5: \(notUTF8)", "6: \(notUTF8)",
        "7 none g=h",
      ]
    ),
    (
      "a UTF-8 sequence that a line feed cuts off", [0x61, 0x3D, 0xC3, 0x0A, 0xA4, 0x3D],
      ["1: \(notUTF8)", "2: \(notUTF8)"]
    ),
    (
      "sections, known and unknown and broken",
      bytes(
        "a=1\n[network]\nb=2\n[nowhere]\nc=3\n[limits]\nd=4\n[network\ne=5\n[general] x\nf=6\n"),
      [
        "1 none a=1", "3 [network] b=2", "4: \(noSection("nowhere"))", "5 unknown c=3",
        "7 [limits] d=4",
        "8: \"[network\" has no closing bracket; write [section]", "9 unknown e=5",
        "10: \"x\" follows a section; put it on its own line", "11 unknown f=6",
      ]
    ),
    (
      "misspelled sections",
      bytes("[Network]\na=1\n[transfer_syntaxes]\n[limit]\n[]\n[ general ]\nb=2"),
      [
        "1: \"Network\" is not a section; use [network]", "2 unknown a=1",
        "3: \"transfer_syntaxes\" is not a section; use [transfer-syntaxes]",
        "4: \"limit\" is not a section; use [limits]", "5: \(noSection(""))", "7 [general] b=2",
      ]
    ),
    (
      "sections of devices",
      bytes(
        "[device CT1]\na=1\n[ device \t\"CT ]1\" ] # c\nb=2\n[device]\nc=3\n[Device MR1]\n[devise A]\n"
          + "[device \"A]\n[device \"A\" B]\nd=4\n[devices]\n[device\"X\"]\ne=5\n[device A\\B]\n"),
      [
        "2 [device CT1] of 1 a=1", "4 [device CT ]1] of 3 b=2",
        "5: the AE title of the device is missing; write it as in [device CT1]", "6 unknown c=3",
        "7: \"Device MR1\" is not a section; use [device MR1]",
        "8: \"devise A\" is not a section; use [device A]",
        "9: \"[device \"A]\" has no closing quotation mark",
        "10: \"\"A\" B\" continues after its closing quotation mark; "
          + "to include a quotation mark, write it twice",
        "11 unknown d=4", "12: \(noSection("devices"))", "14 [device X] of 13 e=5",
        "15: \"A\\B\" is not an AE title: expected 1 to 16 printable ASCII characters, no backslash, "
          + "not all spaces",
      ]
    ),
    (
      "a section twice", bytes("[access]\na=1\n[general]\nb=2\n[access]\nc=3"),
      ["2 [access] a=1", "4 [general] b=2", "6 [access] c=3"]
    ),
    (
      "blank lines and comments", bytes("\n# c\n\n ; c\na=1\n\t\n=\nb\nc=2"),
      [
        "5 none a=1", "7: the key before = is missing",
        "8: \"b\" sets nothing: expected key = value", "9 none c=2",
      ]
    ),
  ]

  @Test("Every line keeps its number and its section, whatever surrounds it", arguments: files)
  func lines(name: String, content: [UInt8], expected: [String]) {
    #expect(found(in: content) == expected)
  }

  @Test("A line of 100,000 characters is read like any other, valid or not")
  func longLines() {
    let long = String(repeating: "x", count: 100_000)
    let text = "#\(long)\n[\(long)\na = \(long)\n\(long) = a\n\(long)\n[access]\nb = c\n"
    let all = found(in: Self.bytes(text))
    let quoted = "\"\(long.prefix(60))…\""
    #expect(
      all == [
        "2: \"[\(long.prefix(59))…\" has no closing bracket; write [section]",
        "3 unknown a=\(long)", "4 unknown \(long)=a",
        "5: \(quoted) sets nothing: expected key = value", "7 [access] b=c",
      ])
  }

  @Test("A file of a hundred thousand lines is read completely")
  func manyLines() {
    let text = (1...100_000).map { "a\($0)=\($0)\n" }.joined()
    let all = found(in: Self.bytes(text))
    #expect(all == (1...100_000).map { "\($0) none a\($0)=\($0)" })
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let notUTF8 = "this line is not UTF-8; save the file as UTF-8"
  private static let utf16 = "this file is UTF-16; save it as UTF-8"

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func control(_ character: String) -> String {
    "the control character \(character) is not allowed in this file"
  }

  private static func noSection(_ name: String) -> String {
    "\"\(name)\" is not a section: expected one of [general], [network], [transfer-syntaxes], "
      + "[access], [tls], [proxy], [limits], [device TITLE]"
  }

  /// Each assignment and each error, in the order of the lines.
  private func found(in content: [UInt8]) -> [String] {
    var found: [(line: Int, text: String)] = []
    let file = ConfigurationFile(path: "a", bytes: content)
    let content = file.content { line, problem in
      found.append((line ?? 0, "\(line ?? 0): \(problem)"))
    }
    let assignments = content.assignments
    for assignment in assignments {
      let section =
        switch assignment.section {
        case .none: "none"
        case .unknown: "unknown"
        case .known(let section): "[\(section.name)]"
        case .device(let title, let line): "[device \(title.unpadded)] of \(line)"
        }
      let text = "\(assignment.line) \(section) \(assignment.key)=\(assignment.value)"
      found.append((assignment.line, text))
    }
    #expect(zip(assignments, assignments.dropFirst()).allSatisfy { $0.line < $1.line })
    return found.sorted { $0.line < $1.line }.map(\.text)
  }
}
