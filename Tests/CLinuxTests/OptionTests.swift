import CLinux
import Glibc
import Settings
import Testing

/// The command line through getopt_long_only(3), with the program's own option names. getopt keeps its
/// position between calls, so each test reads its command lines in a process of its own.
@Suite struct OptionTests {
  /// A command line, and the words found on it.
  struct Line: Codable, Sendable, CustomTestStringConvertible {
    let words: [String]
    let found: [String]
    var testDescription: String { "echoscpd " + words.joined(separator: " ") }

    init(_ words: String..., finds found: String...) {
      self.words = words
      self.found = found
    }
  }

  static let commandLines = [
    Line(),
    Line("104", finds: "operand 104"),
    Line("-v", finds: "known v"),
    Line("--v", finds: "known v"),
    Line("-verbose", "--verbose", finds: "known verbose", "known verbose"),
    Line("--verb", "-debu", finds: "known verbose", "known debug"),
    Line("-v", "104", "-d", finds: "known v", "operand 104", "known d"),
    Line("-q", "104", finds: "known q", "operand 104"),
    Line("-aet", "SCP", finds: "known aet: SCP"),
    Line("--ae-title", "SCP", finds: "known ae-title: SCP"),
    Line("--ae-title=SCP", "-aet=SCP", finds: "known ae-title: SCP", "known aet: SCP"),
    Line("--ae-title=", finds: "known ae-title: "),
    Line("--ae-t", "SCP", finds: "known ae-title: SCP"),
    Line("-aet", "A B", finds: "known aet: A B"),
    Line("-aet", "-v", finds: "known aet: -v"),
    Line("-ll", "debug", "-ta", "0.5", finds: "known ll: debug", "known ta: 0.5"),
    Line("-x=", finds: "has x: "),
    Line("--x=", finds: "has x: "),
    Line("-x", finds: "known x"),
    Line("-x=1", finds: "has x: 1"),
    Line("-xe", "-xb", "-xi", finds: "known xe", "known xb", "known xi"),
    Line("-v=1", "--quiet=", finds: "has v: 1", "has quiet: "),
    Line("-aet", finds: "lacks -aet"),
    Line("-v", "--ae-title", finds: "known v", "lacks --ae-title"),
    Line("-nonsense", finds: "unknown -nonsense"),
    Line("--nonsense=1", "-v", finds: "unknown --nonsense=1", "known v"),
    Line("-vd", finds: "unknown -vd"),
    Line("--prefer", finds: "unknown --prefer"),
    Line("-1", finds: "unknown -1"),
    Line("-", finds: "operand -"),
    Line("", finds: "operand "),
    Line("--", finds: []),
    Line("--", "104", finds: "operand 104"),
    Line("-v", "--", "-v", finds: "known v", "operand -v"),
    Line("--", "104", "-v", finds: "operand 104", "operand -v"),
    Line("104", "--", "-v", "--", finds: "operand 104", "operand -v", "operand --"),
    Line("-aet", "--", "-v", finds: "known aet: --", "known v"),
  ]

  @Test("A command line is read from left to right", arguments: commandLines)
  func isRead(line: Line) async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      [line] in
      print(found(on: line.words).map { "\($0)\n" }.joined(), terminator: "")
    }
    #expect(printed(by: process) == line.found)
  }

  @Test(
    "After one command line, another is read from its start: the first one may have ended anywhere")
  func another() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      for words in [["-v", "--", "-q", "104"], ["-aet", "SCP", "11112"], [], ["1", "-q"]] {
        print(found(on: words).joined(separator: ", "))
      }
    }
    #expect(
      printed(by: process) == [
        "known v, operand -q, operand 104", "known aet: SCP, operand 11112", "",
        "operand 1, known q",
      ])
  }

  @Test("The words of another process end with a NUL each, even the empty ones")
  func words() {
    for (text, expected) in [
      ("a\0-b\0\0c d\0", ["a", "-b", "", "c d"]), ("a\0b", ["a", "b"]), ("", []), ("\0", [""]),
    ] {
      // Safe because the copies are never freed.
      let found = unsafe cl_arguments_in(Array(text.utf8).span)
      let all = unsafe (0..<Int(found.count)).map { unsafe String(cString: found.all![$0]!) }
      #expect(all == expected)
      #expect(unsafe found.all![Int(found.count)] == nil)
    }
  }

  @Test("Every name is found with one dash and with two, and means itself")
  func everyNameIsFound() async {
    let names = CommandLineOption.names
    let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let names = CommandLineOption.names
      let words = names.flatMap { ["-\($0.text)\(suffix($0))", "--\($0.text)\(suffix($0))"] }
      print(found(on: words).map { "\($0)\n" }.joined(), terminator: "")
    }
    let expected = names.flatMap { name in
      let kind = name.endsInEqualsSign ? "has" : "known"
      return repeatElement("\(kind) \(name.text)" + (suffix(name).isEmpty ? "" : ": "), count: 2)
    }
    #expect(printed(by: process) == expected)
  }
}

extension OptionTests.Line {
  fileprivate init(_ words: String..., finds found: [String]) {
    self.words = words
    self.found = found
  }
}

/// The lines that a process printed.
private func printed(by process: ExitTest.Result?) -> [String] {
  let text = String(decoding: process?.standardOutputContent ?? [], as: UTF8.self)
  return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// The suffix with which nothing is missing after an option's name.
private func suffix(_ name: CommandLineOption.Name) -> String {
  name.option.takesArgument || name.endsInEqualsSign ? "=" : ""
}

/// Returns the words found on this command line.
private func found(on words: [String]) -> [String] {
  let names = CommandLineOption.names
  // Safe because getopt may keep the names, which are never freed, and argv outlives the calls.
  let options = unsafe names.map {
    unsafe cl_option(name: strdup($0.text), takes_argument: $0.option.takesArgument ? 1 : 0)
  }
  // Never freed: a later one at the same address would look like the same command line.
  let argv = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 2)
  for (index, word) in (["echoscpd"] + words).enumerated() {
    unsafe argv[index] = unsafe strdup(word)
  }
  unsafe argv[words.count + 1] = nil
  var found: [String] = []
  // Each word is one result at most; an endless loop would be a bug, too.
  while found.count <= words.count {
    // Safe because `parsed.text` points into argv.
    var parsed = unsafe cl_parsed_option()
    let kind = unsafe cl_next_option(
      Int32(words.count + 1), argv, options, Int32(options.count), &parsed)
    let text = unsafe parsed.text.map { unsafe String(cString: $0) }
    let name = unsafe parsed.index < 0 ? "" : names[Int(parsed.index)].text
    switch UInt32(kind) {
    case cl_option_end.rawValue: return found
    case cl_option_known.rawValue: found.append("known \(name)" + (text.map { ": \($0)" } ?? ""))
    case cl_option_has_argument.rawValue: found.append("has \(name): \(text ?? "nothing")")
    case cl_option_operand.rawValue: found.append("operand \(text ?? "nothing")")
    case cl_option_unknown.rawValue: found.append("unknown \(text ?? "nothing")")
    case cl_option_lacks_argument.rawValue: found.append("lacks \(text ?? "nothing")")
    default: found.append("kind \(kind)")
    }
  }
  return found
}
